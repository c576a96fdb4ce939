// Images that a real engine has built or extracted, and what it says is in them.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../../scripts/lab/engine.ts";
import { run } from "../../scripts/lab/shell.ts";
import { mergeLayerLines, parseMetadata } from "../../src/build/metadata.ts";
import type { LayerLines } from "../../src/model/build.ts";

/** A stage that an engine has exported into a layout. */
export interface Exported {
  readonly digest: string;
  readonly layerLines: LayerLines;
}

/** Builds one target into a layout that may have others already, named by the target. */
export async function exportTarget(
  { environment }: Engine,
  build: { readonly context: string; readonly file: string; readonly layout: string },
  target: string,
  compression = "gzip",
): Promise<Exported> {
  const { context, file, layout } = build;
  const form = `compression=${compression},force-compression=true`;
  const metadata = `${layout}.${target}.json`;
  const output = `type=oci,tar=false,dest=${layout},name=weighbridge-test:${target},${form}`;
  const args = ["--target", target, "--output", output, "--metadata-file", metadata];
  await run("docker", ["buildx", "build", "--file", join(context, file), ...args, context], {
    env: {
      ...environment,
      BUILDX_METADATA_PROVENANCE: "max",
      BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
    },
  });
  const text = `{${JSON.stringify(target)}:${await readFile(metadata, "utf8")}}`;
  const exported = parseMetadata(text).get(target);
  if (exported === undefined) throw new Error(`${metadata} has no digest`);
  return { digest: exported.digest, layerLines: mergeLayerLines([exported.layerLines]) };
}

/** What the engine puts into every container itself. */
const INJECTED = /^\/(dev|proc|sys)\/|^\/etc\/(hostname|hosts|resolv\.conf)$|^\/\.dockerenv$/;

/**
 * The files that a container of an image sees, `path bytes`, sorted; of hard links, all names. Says
 * `refused` when the engine does not extract the image.
 */
export async function filesInContainer(
  engine: Engine,
  loaded: string,
): Promise<readonly string[] | "refused"> {
  const env = engine.environment;
  const create = ["create", "--name", "weighbridge-inspected", loaded, "none"];
  const container = await run("docker", create, { env }).catch(() => undefined);
  if (container === undefined) return "refused";
  try {
    const archive = `docker export ${container} | tar -tv --numeric-owner`;
    return parseListing(await run("sh", ["-c", archive], { env }));
  } finally {
    await run("docker", ["rm", container], { env });
  }
}

/** Bytes of regular files in a blob, as `tar` lists them, and how many entries there are. */
export async function countedByTar(
  layout: string,
  digest: string,
): Promise<{ readonly unpacked: number; readonly entries: number }> {
  const blob = join(layout, "blobs", "sha256", digest.slice("sha256:".length));
  const listing = await run("sh", ["-c", 'gzip -dcf "$0" | tar -tv --numeric-owner', blob]);
  const lines = listing.split("\n").filter((line) => line !== "");
  const sizes = lines.filter((line) => line.startsWith("-")).map((line) => fieldsOf(line).bytes);
  return { unpacked: sizes.reduce((sum, bytes) => sum + bytes, 0), entries: lines.length };
}

function parseListing(listing: string): readonly string[] {
  const bytesAt = new Map<string, number>();
  for (const line of listing.split("\n")) {
    const { bytes, path, target } = fieldsOf(line);
    if (line.startsWith("-")) bytesAt.set(path, bytes);
    if (line.startsWith("h")) bytesAt.set(path, bytesAt.get(target) ?? 0);
  }
  return [...bytesAt]
    .filter(([path]) => !INJECTED.test(path))
    .map(([path, bytes]) => `${path} ${bytes}`)
    .sort();
}

/** Of a line such as `hrw-r--r-- 0/0 12 2026-11-22 07:00 usr/b link to usr/a`. */
function fieldsOf(line: string): { bytes: number; path: string; target: string } {
  const [, bytes, rest = ""] = /^\S+ +\S+ +(\d+) \S+ \S+ (.*)$/.exec(line) ?? [];
  const [path = "", target = ""] = rest.split(" link to ");
  return { bytes: Number(bytes), path: `/${path}`, target: `/${target}` };
}
