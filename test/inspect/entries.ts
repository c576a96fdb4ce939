// Entries of crafted layers, by what they are.

import type { CraftedEntry } from "../tar/tar-writer.ts";

/** A file of so many bytes, all of them the same letter. */
export function file(path: string, bytes: number, letter = "x"): CraftedEntry {
  return { path, content: letter.repeat(bytes) };
}

export function folder(path: string): CraftedEntry {
  return { path, type: "5" };
}

export function symlink(path: string, linkTarget: string): CraftedEntry {
  return { path, type: "2", linkTarget };
}

export function hardlink(path: string, linkTarget: string): CraftedEntry {
  return { path, type: "1", linkTarget };
}

/** Hides what lower layers have at a path. */
export function whiteout(path: string): CraftedEntry {
  return { path: path.replace(/([^/]+)$/, ".wh.$1") };
}

/** Hides what lower layers have in a folder. */
export function opaque(path: string): CraftedEntry {
  return { path: `${path}/.wh..wh..opq` };
}
