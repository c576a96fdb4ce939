import type { CraftedEntry } from "./tar-writer.ts";

interface File {
  readonly bytes: number;
  readonly layer: number;
}

/**
 * What is left of crafted layers, found as a person would: one map from path to file, from which
 * what is hidden is taken out. Slow and plain, to hold the real thing against.
 */
export function referenceFiles(layers: readonly (readonly CraftedEntry[])[]): readonly string[] {
  const files = new Map<string, File>();
  layers.forEach((entries, layer) => {
    hide(files, entries);
    for (const entry of entries) add(files, entry, layer);
  });
  return [...files].map(([path, { bytes, layer }]) => `/${path} ${bytes} @${layer}`).sort();
}

function hide(files: Map<string, File>, entries: readonly CraftedEntry[]): void {
  for (const path of entries.map(({ path }) => String(path))) {
    for (const folder of foldersOf(path)) files.delete(folder);
    const name = nameOf(path);
    if (name === ".wh..wh..opq") removeWithin(files, folderOf(path));
    else if (name.startsWith(".wh.")) {
      const hidden = [...split(folderOf(path)), name.slice(".wh.".length)].join("/");
      files.delete(hidden);
      removeWithin(files, hidden);
    }
  }
  for (const { linkTarget } of entries) {
    for (const folder of foldersOf(String(linkTarget ?? ""))) files.delete(folder);
  }
}

function add(files: Map<string, File>, entry: CraftedEntry, layer: number): void {
  const path = String(entry.path);
  if (nameOf(path).startsWith(".wh.")) return;
  if (entry.type === "5") {
    files.delete(path);
    return;
  }
  const linked = entry.type === "1" ? files.get(String(entry.linkTarget)) : undefined;
  const isFile = entry.type === undefined;
  files.delete(path);
  removeWithin(files, path);
  const file = isFile ? { bytes: String(entry.content ?? "").length, layer } : linked;
  if (file !== undefined) files.set(path, file);
}

function removeWithin(files: Map<string, File>, folder: string): void {
  for (const path of files.keys()) {
    if (folder === "" || path.startsWith(`${folder}/`)) files.delete(path);
  }
}

function foldersOf(path: string): readonly string[] {
  const names = split(path);
  return names.slice(1).map((_, depth) => names.slice(0, depth + 1).join("/"));
}

function folderOf(path: string): string {
  return split(path).slice(0, -1).join("/");
}

function nameOf(path: string): string {
  return split(path).at(-1) ?? "";
}

function split(path: string): readonly string[] {
  return path.split("/").filter((name) => name !== "");
}
