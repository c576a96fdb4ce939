import { ENTRY_KINDS, type LayerIndex } from "../../src/inspect/layer-index.ts";
import type { ImageTree } from "../../src/inspect/layers.ts";
import { PathTable } from "../../src/inspect/paths.ts";

/** The entries of a layer in the order of its archive: kind, path, and bytes where there are any. */
export function listing({ paths, entries }: LayerIndex): readonly string[] {
  const table = new PathTable();
  const numbers = table.takeIn(paths);
  return Array.from(entries.paths, (path, entry) => {
    const kind = ENTRY_KINDS[entries.kinds[entry] ?? 0];
    const bytes = entries.bytes[entry] ?? 0;
    const size = bytes === 0 ? "" : ` ${bytes}`;
    return `${kind} ${table.textOf(numbers[path] ?? 0)}${size}`;
  });
}

/** The files of an image with all of their names: `path bytes @layer`, sorted. */
export function files({ paths, filesAt, fileBytes, fileLayers }: ImageTree): readonly string[] {
  const found: string[] = [];
  for (let path = 0; path < paths.count; path++) {
    const file = filesAt.at(path) - 1;
    if (file === -1) continue;
    found.push(`${paths.textOf(path)} ${fileBytes.at(file)} @${fileLayers.at(file)}`);
  }
  return found.sort();
}
