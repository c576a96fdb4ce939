// Images as they can lie in files, crafted byte by byte.
import { gzipSync } from "node:zlib";
import {
  type CraftedLayer,
  type CraftedLayout,
  digestOf,
  plainLayer,
} from "../inspect/crafted-layout.ts";
import { archive, type CraftedEntry } from "../tar/tar-writer.ts";

/** What is told of an image in `index.json`. */
export interface Listed {
  readonly digest: string;
  readonly size: number;
  readonly name?: string;
  readonly platform?: string;
}

/** The files of a layout, by path. */
export type LayoutFiles = ReadonlyMap<string, Uint8Array>;

/** A layer that has one file of so many bytes. */
export function layerOf(path: string, bytes: number): CraftedLayer {
  return plainLayer({ path, content: "x".repeat(bytes) });
}

/** A layout whose blobs are those of `layout`. */
export function layoutFiles(layout: CraftedLayout, listed: readonly Listed[]): LayoutFiles {
  const manifests = listed.map(({ digest, size, name, platform }) => {
    const [os, architecture] = platform?.split("/") ?? [];
    return {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest,
      size,
      ...(platform !== undefined && { platform: { os, architecture } }),
      ...(name !== undefined && {
        annotations: { "org.opencontainers.image.ref.name": name },
      }),
    };
  });
  return new Map([
    ["oci-layout", Buffer.from('{"imageLayoutVersion":"1.0.0"}')],
    ["index.json", Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }))],
    ...[...layout.blobs].map(
      ([digest, bytes]) => [`blobs/${digest.replace(":", "/")}`, bytes] as const,
    ),
  ]);
}

/** The same files as an archive. */
export function tarOf(files: LayoutFiles): Uint8Array {
  return archive(...[...files].map(([path, content]): CraftedEntry => ({ path, content })));
}

/** An image as `docker save` wrote it before it wrote layouts. */
export interface SavedImage {
  readonly tags: readonly string[];
  readonly layers: readonly CraftedLayer[];
  readonly architecture?: string;
}

/** Such an archive. A layer that came before is a link to where it did. */
export function savedArchive(...images: readonly SavedImage[]): Uint8Array {
  const entries: CraftedEntry[] = [];
  const placeOf = new Map<string, string>();
  const manifest = images.map(({ tags, layers, architecture = "amd64" }, image) => {
    const rootfs = { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) };
    const content = JSON.stringify({ os: "linux", architecture, rootfs, tags });
    const Config = `${digestOf(Buffer.from(content)).slice("sha256:".length)}.json`;
    entries.push({ path: Config, content });
    const Layers = layers.map(({ blob }, layer) => {
      const path = `${image}-${layer}/layer.tar`;
      const known = placeOf.get(digestOf(blob));
      if (known === undefined) entries.push({ path, content: blob });
      else entries.push({ path, type: "2", linkTarget: `../${known}` });
      placeOf.set(digestOf(blob), known ?? path);
      return path;
    });
    return { Config, RepoTags: tags, Layers };
  });
  return archive(...entries, { path: "manifest.json", content: JSON.stringify(manifest) });
}

/** The same layer, packed. */
export function packed({ blob, diffId }: CraftedLayer): CraftedLayer {
  return { blob: gzipSync(blob), diffId };
}
