import { join } from "node:path";
import { messageOf } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { Layout, LayoutEntry } from "./layout.ts";
import { LAYERS } from "./trivy-folders.ts";

/** Layers of images are kept up to this many bytes, and those of the current run whatever they weigh. */
export const LAYOUT_BOUND = 6_000_000_000;
/** What is remembered about layers and scans is kept up to this many bytes. */
export const MEMORY_BOUND = 500_000_000;

/** What Trivy found in layers, of each source of databases, is kept up to this many bytes. */
export const TRIVY_BOUND = 1_000_000_000;
/** Databases of so many sources that a user named are kept. */
const MOST_SOURCES = 3;

interface Kept {
  readonly layout: Layout;
  readonly memoryFolder: string;
  readonly trivyFolder: string;
}

/**
 * Removes what was not used for longest until the bounds hold. Images with a name belong to the
 * run that is ending and stay, whatever they weigh. Failing to sweep is said, never an error.
 */
export async function sweep(
  host: Pick<Host, "files" | "log">,
  kept: Kept,
  layoutBound = LAYOUT_BOUND,
): Promise<void> {
  try {
    await sweepLayout(kept.layout, layoutBound);
    await sweepMemory(host, kept.memoryFolder);
    await sweepTrivy(host, kept.trivyFolder);
  } catch (error) {
    host.log.info(`Could not tidy what is kept between runs: ${messageOf(error)}`);
  }
}

async function sweepLayout(layout: Layout, most: number): Promise<void> {
  const newestFirst = [...layout.entries()].sort(byUse);
  const counted = new Set<string>();
  const keep = new Set<string>();
  let bytes = 0;
  for (const entry of newestFirst) {
    bytes += await bytesToCount(layout, entry, counted);
    if (entry.names.length > 0 || bytes <= most) keep.add(entry.digest);
  }
  await layout.keepOnly(keep);
}

function byUse(left: LayoutEntry, right: LayoutEntry): number {
  const named = Number(right.names.length > 0) - Number(left.names.length > 0);
  return named === 0 ? right.lastUsed - left.lastUsed : named;
}

/** Bytes of the layers that no image before this one has brought along. */
async function bytesToCount(
  layout: Layout,
  entry: LayoutEntry,
  counted: Set<string>,
): Promise<number> {
  // What cannot be read is removed, and so weighs nothing.
  const { layers } = await layout.documents(entry.digest).catch(() => ({ layers: [] }));
  let bytes = 0;
  for (const layer of layers) {
    if (counted.has(layer.digest)) continue;
    counted.add(layer.digest);
    bytes += layer.size;
  }
  return bytes;
}

/** Trivy itself never forgets anything. */
async function sweepTrivy(host: Pick<Host, "files">, folder: string): Promise<void> {
  const sources: { path: string; used: number }[] = [];
  for (const name of await host.files.list(folder)) {
    if (!name.startsWith("from-")) continue;
    const path = join(folder, name);
    sources.push({ path, used: (await host.files.stat(path))?.modifiedMilliseconds ?? 0 });
  }
  const newestFirst = sources.sort((left, right) => right.used - left.used);
  for (const { path } of newestFirst.slice(MOST_SOURCES)) await host.files.remove(path);
  for (const path of [folder, ...newestFirst.slice(0, MOST_SOURCES).map((source) => source.path)]) {
    const layers = join(path, LAYERS);
    if ((await bytesIn(host, layers)) > TRIVY_BOUND) await host.files.remove(layers);
  }
}

async function bytesIn(host: Pick<Host, "files">, folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await host.files.list(folder)) {
    bytes += (await host.files.stat(join(folder, name)))?.bytes ?? 0;
  }
  return bytes;
}

/** Forgets what was used longest ago, until the bound holds. */
export async function sweepMemory(host: Pick<Host, "files">, folder: string): Promise<void> {
  const kept = await memoryFiles(host, folder);
  const newestFirst = kept.sort((left, right) => right.modified - left.modified);
  let bytes = 0;
  for (const file of newestFirst) {
    bytes += file.bytes;
    if (bytes > MEMORY_BOUND) await host.files.remove(file.path);
  }
}

async function memoryFiles(host: Pick<Host, "files">, folder: string) {
  const kept: { path: string; bytes: number; modified: number }[] = [];
  for (const kind of await host.files.list(folder)) {
    for (const name of await host.files.list(join(folder, kind))) {
      const path = join(folder, kind, name);
      const stat = await host.files.stat(path);
      if (stat === undefined) continue;
      kept.push({ path, bytes: stat.bytes, modified: stat.modifiedMilliseconds });
    }
  }
  return kept;
}
