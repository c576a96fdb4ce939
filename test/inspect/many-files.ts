// node many-files.ts: accounts for an image of a million files, of which few are alike, in a process
// of its own whose memory can be told. Prints what came of it as JSON.

import { findFacts } from "../../src/inspect/image-facts.ts";
import { LayerContentBuilder } from "../../src/inspect/layer/layer-content.ts";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";

const LAYERS = 10;
const FILES = 100_000;
/** Of each: large enough to be compared with the others. */
const BYTES = 5000;
/** Of one more in each layer, which all of them have. */
const COMMON_BYTES = 200_000;

const layers = Array.from({ length: LAYERS }, (_, layer) => manyFiles(layer));
const { live, savings } = findFacts(applyLayers(layers), layers);
const duplicates = savings
  .filter(({ rule }) => rule === "duplicate-content")
  .reduce((sum, { bytes }) => sum + bytes, 0);
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ live, duplicates, peakBytes }));

function manyFiles(layer: number): LayerIndex {
  const builder = new LayerContentBuilder();
  const folder = `usr/share/layer-${layer}`;
  addFile(builder, `${folder}/common`, COMMON_BYTES, 7);
  for (let file = 0; file < FILES; file++) {
    // No two have the same, and they are as far apart as checksums are.
    const contents = Math.imul(layer * FILES + file, 0x9e3779b1) >>> 0;
    addFile(builder, `${folder}/folder-${file % 100}/file-${file}`, BYTES, contents);
  }
  const digest = `sha256:${String(layer).padStart(64, "0")}`;
  return {
    ...{ digest, diffId: digest, download: builder.unpacked },
    ...builder.packed(),
    ...{
      claims: [],
      unreadClaims: 0,
      leftOutClaims: 0,
      claimedPaths: new LayerContentBuilder().packed().paths,
    },
  };
}

function addFile(builder: LayerContentBuilder, path: string, bytes: number, contents: number) {
  const traits = { mode: 0o644, uid: 0, gid: 0, attributes: 0, linkTarget: new Uint8Array(0) };
  builder.add({ ...traits, kind: "file", path: Buffer.from(path), bytes, stored: bytes });
  builder.setContents(contents);
}
