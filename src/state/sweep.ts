import { join } from "node:path";
import { messageOf } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { Layout, LayoutEntry } from "./layout.ts";

/** Layers of images that the current run does not use are kept up to this many bytes. */
export const LAYOUT_BOUND = 6_000_000_000;
/** What is remembered about layers and scans is kept up to this many bytes. */
export const MEMORY_BOUND = 500_000_000;

interface Kept {
  readonly layout: Layout;
  readonly memoryFolder: string;
}

/**
 * Removes what was not used for longest until the bounds hold. Images with a name belong to the
 * run that is ending and stay, whatever they weigh. Failing to sweep is said, never an error.
 */
export async function sweep(host: Pick<Host, "files" | "log">, kept: Kept): Promise<void> {
  try {
    await sweepLayout(kept.layout);
    await sweepMemory(host, kept.memoryFolder);
  } catch (error) {
    host.log.info(`Could not tidy what is kept between runs: ${messageOf(error)}`);
  }
}

async function sweepLayout(layout: Layout): Promise<void> {
  const newestFirst = [...layout.entries()].sort(byUse);
  const counted = new Set<string>();
  const keep = new Set<string>();
  let bytes = 0;
  for (const entry of newestFirst) {
    bytes += await bytesToCount(layout, entry, counted);
    if (entry.names.length > 0 || bytes <= LAYOUT_BOUND) keep.add(entry.digest);
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
  const { layers } = await layout.documents(entry.digest);
  let bytes = 0;
  for (const layer of layers) {
    if (counted.has(layer.digest)) continue;
    counted.add(layer.digest);
    bytes += layer.size;
  }
  return bytes;
}

/** Forgets what was remembered longest ago, until the bound holds. */
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
