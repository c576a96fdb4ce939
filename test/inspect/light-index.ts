import { LayerContentBuilder } from "../../src/inspect/layer/layer-content.ts";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";

/** A file, or what hides one, that has no archive. */
export interface LightFile {
  readonly path: string;
  readonly bytes?: number;
  readonly uid?: number;
  /** What stands for its bytes. */
  readonly contents?: number;
}

const DIGEST = `sha256:${"0".repeat(64)}`;

/** The index of a layer with these files, for which no archive is written: there may be very many. */
export function lightIndex(files: readonly LightFile[]): LayerIndex {
  const builder = new LayerContentBuilder();
  for (const { path, bytes = 0, uid = 0, contents = 0 } of files) {
    const traits = { mode: 0o644, uid, gid: 0, attributes: 0, linkTarget: new Uint8Array(0) };
    builder.add({ ...traits, kind: "file", path: Buffer.from(path), bytes, stored: bytes });
    builder.setContents(contents);
  }
  return {
    ...{ digest: DIGEST, diffId: DIGEST, download: builder.unpacked },
    ...builder.packed(),
    ...{
      claims: [],
      unreadClaims: 0,
      leftOutClaims: 0,
      claimedPaths: new LayerContentBuilder().packed().paths,
    },
  };
}
