import type { FileVersion } from "../../model/inspection.ts";
import { ROOT } from "../paths.ts";
import type { ImageTree } from "./layers.ts";
import { DEATHS } from "./tree-files.ts";

/**
 * All files that are told under a path, oldest first: see `TreeFiles.paths`; and those that were there
 * until one of them came, and are told under another name.
 */
export function fileVersions(tree: ImageTree, path: number): readonly FileVersion[] {
  const { files } = tree;
  const versions = [...versionsElsewhere(tree, path)];
  for (let file = 0; file < files.length; file++) {
    if (files.paths.at(file) !== path) continue;
    const kind = DEATHS[files.deaths.at(file)];
    const isDead = kind !== undefined && kind !== "alive";
    versions.push({
      ...writtenAs(tree, file),
      ...(isDead && { death: { layer: files.killedBy.at(file) - 1, kind } }),
    });
  }
  return versions.sort((one, other) => one.layer - other.layer);
}

/** Those that lost the path to another file, and are told under another name. */
function* versionsElsewhere(tree: ImageTree, path: number): Generator<FileVersion, void> {
  const { files, paths } = tree;
  const { takenNames } = files;
  for (let at = 0; at < takenNames.paths.length; at++) {
    const file = takenNames.files.at(at);
    const told = files.paths.at(file);
    if (takenNames.paths.at(at) !== path || told === path) continue;
    yield {
      ...writtenAs(tree, file),
      elsewhere: { layer: takenNames.layers.at(at), path: paths.textOf(told) },
    };
  }
}

function writtenAs({ files, owners }: ImageTree, file: number): FileVersion {
  const { uid, gid } = owners[files.owners.at(file)] ?? ROOT_USER;
  return {
    layer: files.layers.at(file),
    bytes: files.bytes.at(file),
    mode: files.modes.at(file).toString(8).padStart(4, "0"),
    owner: `${uid}:${gid}`,
  };
}

const ROOT_USER = { uid: 0, gid: 0 };

/** The path under which the file at another one is told; undefined where that is no other name. */
export function toldUnder({ files, filesAt }: ImageTree, path: number): number | undefined {
  const file = filesAt.at(path) - 1;
  if (file === -1) return undefined;
  const told = files.paths.at(file);
  return told === path ? undefined : told;
}

/** What became of looking for a path. */
export type FoundPath =
  | { readonly kind: "found"; readonly path: number }
  /** The first name that is not there, the folder that it is not in, and what is in that. */
  | {
      readonly kind: "missing";
      readonly name: string;
      readonly folder: string;
      /** It is a symbolic link, and no folder. */
      readonly isLink: boolean;
      readonly entries: readonly string[];
    };

/**
 * Finds a path, with or without its first slash. What only a whiteout or a link that leads nowhere
 * names was never there.
 */
export function findPath({ paths, entries: things }: ImageTree, text: string): FoundPath {
  let at = ROOT;
  for (const name of text.split("/").filter((part) => part !== "" && part !== ".")) {
    const entries = new Map<string, number>();
    for (let path = at + 1; path < paths.count; path++) {
      const wasThere = things.lastKindAt(path) !== "nothing";
      if (wasThere && paths.parentOf(path) === at) entries.set(paths.nameOf(path), path);
    }
    const next = entries.get(name);
    if (next === undefined) {
      const folder = paths.textOf(at);
      const isLink = things.lastKindAt(at) === "symlink";
      return { kind: "missing", name, folder, isLink, entries: [...entries.keys()] };
    }
    at = next;
  }
  return { kind: "found", path: at };
}
