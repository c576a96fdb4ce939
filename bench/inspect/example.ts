// The six stages of the example, exported into a layout and loaded into the engine.

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../scripts/lab/shell.ts";
import { blobPath } from "./blob-path.ts";
import type { CraftedImage } from "./layout.ts";
import type { Task } from "./ways.ts";

/** The stages, built. */
export interface BuiltExample extends Task, AsyncDisposable {}

/** Builds every stage of a Dockerfile; the builder's cache is used. */
export async function buildExample(
  context: string,
  layout: string,
  environment: Readonly<Record<string, string>>,
): Promise<BuiltExample> {
  const dockerfile = await readFile(join(context, "Dockerfile"), "utf8");
  const stages = [...dockerfile.matchAll(/^FROM .* AS (\S+)$/gm)].map(([, name = ""]) => name);
  const env = { ...environment, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
  const loaded: string[] = [];
  await rm(layout, { recursive: true, force: true });
  for (const stage of stages) {
    const name = `weighbridge-bench:${stage}`;
    const output = `type=oci,tar=false,dest=${layout},name=${name}`;
    for (const to of [
      ["--output", output],
      ["--load", "--tag", name],
    ]) {
      await run("docker", ["buildx", "build", "--target", stage, ...to, context], { env });
    }
    loaded.push(name);
  }
  const remove = async () => {
    await run("docker", ["image", "rm", "--force", ...loaded], { env });
    await rm(layout, { recursive: true, force: true });
  };
  return { layout, images: await imagesOf(layout), loaded, [Symbol.asyncDispose]: remove };
}

async function imagesOf(
  layout: string,
): Promise<readonly Pick<CraftedImage, "name" | "digest" | "layers">[]> {
  const { manifests } = JSON.parse(await readFile(join(layout, "index.json"), "utf8"));
  const images: Pick<CraftedImage, "name" | "digest" | "layers">[] = [];
  for (const { digest } of manifests) {
    const { layers } = JSON.parse(await readFile(blobPath(layout, digest), "utf8"));
    images.push({ name: digest, digest, layers });
  }
  return images;
}
