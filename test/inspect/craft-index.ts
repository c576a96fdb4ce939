import { ArchiveReader } from "../../src/inspect/layer/archive-reader.ts";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { LAYER_LIMITS, type LayerLimits } from "../../src/inspect/layer/layer-limits.ts";
import { archive, type CraftedEntry } from "../tar/tar-writer.ts";
import { digestOf } from "./crafted-layout.ts";

/** The index of a layer with these entries, stored as it is. */
export function craftIndex(...entries: readonly (CraftedEntry | Uint8Array)[]): LayerIndex {
  return indexOf(archive(...entries));
}

/** The index of a layer whose archive these bytes are. */
export function indexOf(bytes: Uint8Array, limits: Partial<LayerLimits> = {}): LayerIndex {
  const reader = new ArchiveReader({ ...LAYER_LIMITS, ...limits });
  reader.write(bytes);
  const content = reader.end();
  const digest = digestOf(bytes);
  return { digest, diffId: digest, download: bytes.length, ...content };
}
