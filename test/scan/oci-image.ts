// Images made by hand: a layout with uncompressed layers, from nothing but texts.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** The files of a layer: content by path, without the root. */
export type LayerFiles = Readonly<Record<string, string | Uint8Array>>;

export interface OciImage {
  /** Of the manifest. */
  readonly digest: string;
  readonly diffIds: readonly string[];
}

/** Writes an image as the only one of a layout. */
export async function writeImage(layout: string, layers: readonly LayerFiles[]): Promise<OciImage> {
  const blobs = await Promise.all(layers.map(tarOf));
  const descriptors = await Promise.all(
    blobs.map((bytes) => writeBlob(layout, bytes, "application/vnd.oci.image.layer.v1.tar")),
  );
  const diffIds = descriptors.map(({ digest }) => digest);
  const config = await writeDocument(layout, "application/vnd.oci.image.config.v1+json", {
    architecture: "amd64",
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: diffIds },
  });
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = { schemaVersion: 2, mediaType, config, layers: descriptors };
  const descriptor = await writeDocument(layout, mediaType, manifest);
  const index = { schemaVersion: 2, manifests: [descriptor] };
  await writeFile(join(layout, "index.json"), JSON.stringify(index));
  await writeFile(join(layout, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  return { digest: descriptor.digest, diffIds };
}

/** The same bytes whenever it is called: owner, times and order are fixed. */
async function tarOf(files: LayerFiles): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-layer-"));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const fixed = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  const args = [...fixed, "--mode=755", "-C", folder, "-cf", "-", "."];
  const { stdout } = await promisify(execFile)("tar", args, { encoding: "buffer" });
  await rm(folder, { recursive: true });
  return stdout;
}

async function writeDocument(layout: string, mediaType: string, document: object) {
  return await writeBlob(layout, Buffer.from(JSON.stringify(document)), mediaType);
}

async function writeBlob(layout: string, bytes: Buffer, mediaType: string) {
  const hash = createHash("sha256").update(bytes).digest("hex");
  const folder = join(layout, "blobs", "sha256");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, hash), bytes);
  return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
}
