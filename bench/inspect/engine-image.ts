// An image of the bench's layout in an engine: dive reads no layouts.

import { link, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "../../scripts/lab/shell.ts";
import { blobPath } from "./blob-path.ts";
import { type CraftedImage, descriptorOf } from "./layout.ts";

/** An image that an engine has until it is disposed of. */
export interface LoadedImage extends AsyncDisposable {
  readonly name: string;
}

/** Loads an image of a layout. */
export async function loadImage(
  layout: string,
  image: CraftedImage,
  environment: Readonly<Record<string, string>>,
): Promise<LoadedImage> {
  const name = `weighbridge-bench:${image.name}`;
  // Beside the layout, so that its blobs need not be copied.
  const folder = await mkdtemp(`${layout}-`);
  try {
    await linkLayout(layout, folder, image, name);
    const load = 'tar --create --directory "$0" . | docker load --quiet';
    await run("sh", ["-c", load, folder], { env: environment });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const remove = async () => {
    await run("docker", ["image", "rm", "--force", name], { env: environment });
  };
  return { name, [Symbol.asyncDispose]: remove };
}

async function linkLayout(
  layout: string,
  folder: string,
  image: CraftedImage,
  name: string,
): Promise<void> {
  for (const digest of [image.digest, image.config, ...image.layers.map((layer) => layer.digest)]) {
    const path = blobPath(folder, digest);
    await mkdir(dirname(path), { recursive: true });
    await link(blobPath(layout, digest), path);
  }
  const annotations = { "io.containerd.image.name": `docker.io/library/${name}` };
  const manifests = [{ ...descriptorOf(image), annotations }];
  await writeFile(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  await writeFile(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}\n');
}
