import { LayerContentBuilder } from "../../src/inspect/layer-content.ts";
import type { LayerIndex } from "../../src/inspect/layer-index.ts";
import { TarReader } from "../../src/inspect/tar.ts";
import { digestOf } from "./crafted-layout.ts";
import { archive, type CraftedEntry } from "./tar-writer.ts";

/** The index of a layer with these entries, stored as it is. */
export function craftIndex(...entries: readonly CraftedEntry[]): LayerIndex {
  const bytes = archive(...entries);
  const builder = new LayerContentBuilder();
  const reader = new TarReader((entry) => builder.add(entry));
  reader.write(bytes);
  reader.end();
  const digest = digestOf(bytes);
  return { digest, diffId: digest, download: bytes.length, ...builder.packed() };
}
