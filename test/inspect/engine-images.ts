// Images that a real engine has built or extracted, and what it says is in them.

import { randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Engine } from "../../scripts/lab/engine.ts";
import { run } from "../../scripts/lab/shell.ts";
import { mergeLayerLines, parseMetadata } from "../../src/build/metadata.ts";
import type { LayerLines } from "../../src/model/build.ts";
import { isInjected, type Seen } from "./listing.ts";

/** A stage that an engine has exported into a layout. */
export interface Exported {
  readonly digest: string;
  readonly layerLines: LayerLines;
}

/** What the image of a target is called: nothing that another test calls so. */
export function imageName(context: string, target: string): string {
  return `${basename(context).toLowerCase()}:${target}`;
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
  const name = imageName(context, target);
  const output = `type=oci,tar=false,dest=${layout},name=${name},${form}`;
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

/** The same with an engine that exports no layouts, but saves one image as one, its layers not packed. */
export async function saveTarget(
  { environment }: Engine,
  build: { readonly context: string; readonly file: string; readonly layout: string },
  target: string,
): Promise<Exported> {
  const { context, file, layout } = build;
  const metadata = `${layout}.${target}.json`;
  // Another file of tests may save an image from a folder of the same name at the same time.
  const name = `weighbridge-test-${randomUUID()}:${target}`;
  const args = ["--target", target, "--tag", name, "--metadata-file", metadata];
  const env = { ...environment, BUILDX_METADATA_PROVENANCE: "max" };
  await run("docker", ["buildx", "build", "--file", join(context, file), ...args, context], {
    env,
  });
  await mkdir(layout, { recursive: true });
  const take = 'docker image save "$0" | tar -x -C "$1"';
  await run("sh", ["-c", take, name, layout], { env });
  await run("docker", ["image", "rm", name], { env });
  const { manifests } = JSON.parse(await readFile(join(layout, "index.json"), "utf8"));
  const text = `{${JSON.stringify(target)}:${await readFile(metadata, "utf8")}}`;
  const layerLines = parseMetadata(text).get(target)?.layerLines ?? new Map();
  return { digest: manifests[0].digest, layerLines: mergeLayerLines([layerLines]) };
}

/** In others, tar lists names that are not ASCII by their bytes. */
const LOCALE = { LC_ALL: "C.UTF-8" };

/**
 * The files that a container of an image sees. Says `refused` when the engine does not extract the
 * image.
 */
export async function seenInContainer(
  engine: Pick<Engine, "environment">,
  loaded: string,
): Promise<Seen | "refused"> {
  const env = engine.environment;
  const created = run("docker", ["create", loaded, "none"], { env });
  const container = await created.catch(() => undefined);
  if (container === undefined) return "refused";
  try {
    const archive = `docker export ${container} | tar -tv --numeric-owner`;
    return parseListing(await run("sh", ["-c", archive], { env: { ...env, ...LOCALE } }));
  } finally {
    await run("docker", ["rm", container], { env });
  }
}

/** The files alone. */
export async function filesInContainer(
  engine: Pick<Engine, "environment">,
  loaded: string,
): Promise<readonly string[] | "refused"> {
  const seen = await seenInContainer(engine, loaded);
  return seen === "refused" ? seen : seen.files;
}

/** Bytes of regular files in a blob, as `tar` lists them, and how many entries there are. */
export async function countedByTar(
  layout: string,
  digest: string,
): Promise<{ readonly unpacked: number; readonly entries: number }> {
  const blob = join(layout, "blobs", "sha256", digest.slice("sha256:".length));
  const list = 'gzip -dcf "$0" | tar -tv --numeric-owner';
  const listing = await run("sh", ["-c", list, blob], { env: LOCALE });
  const lines = listing.split("\n").filter((line) => line !== "");
  const sizes = lines.filter((line) => line.startsWith("-")).map((line) => fieldsOf(line).bytes);
  return { unpacked: sizes.reduce((sum, bytes) => sum + bytes, 0), entries: lines.length };
}

function parseListing(listing: string): Seen {
  const bytesAt = new Map<string, number>();
  let sum = 0;
  for (const line of listing.split("\n")) {
    const { bytes, path, target } = fieldsOf(line);
    if (isInjected(path)) continue;
    if (line.startsWith("-")) {
      bytesAt.set(path, bytes);
      sum += bytes;
    }
    if (line.startsWith("h")) bytesAt.set(path, bytesAt.get(target) ?? 0);
  }
  return { files: [...bytesAt].map(([path, bytes]) => `${path} ${bytes}`).sort(), bytes: sum };
}

/** Of a line such as `hrw-r--r-- 0/0 12 2026-11-22 07:00 usr/b link to usr/a`. */
function fieldsOf(line: string): { bytes: number; path: string; target: string } {
  const [, bytes, rest = ""] = /^\S+ +\S+ +(\d+) \S+ \S+ (.*)$/.exec(line) ?? [];
  const [path = "", target = ""] = rest.split(" link to ");
  return { bytes: Number(bytes), path: `/${path}`, target: `/${target}` };
}
