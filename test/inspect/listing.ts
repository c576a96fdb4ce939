import { ENTRY_KINDS, type LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { PathTable } from "../../src/inspect/paths.ts";
import { eachOtherChange } from "../../src/inspect/tree/layer-changes.ts";
import type { ImageTree } from "../../src/inspect/tree/layers.ts";
import { DEATHS } from "../../src/inspect/tree/tree-files.ts";

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
export function files({ paths, filesAt, files: all }: ImageTree): readonly string[] {
  const found: string[] = [];
  for (let path = 0; path < paths.count; path++) {
    const file = filesAt.at(path) - 1;
    if (file === -1) continue;
    found.push(`${paths.textOf(path)} ${all.bytes.at(file)} @${all.layers.at(file)}`);
  }
  return found.sort();
}

/** What is at each path that a container sees: `folder /a`, sorted. */
export function things({ paths, entries }: ImageTree): readonly string[] {
  const found: string[] = [];
  for (let path = 1; path < paths.count; path++) {
    const kind = entries.kindAt(path);
    if (kind !== "nothing") found.push(`${kind} ${paths.textOf(path)}`);
  }
  return found.sort();
}

/** What layers did with what is no file, `+/a @1`: `+` added, `~` changed, `-` removed; sorted. */
export function otherChanges(tree: ImageTree): readonly string[] {
  const found: string[] = [];
  eachOtherChange(tree, (layer, kind, path) => {
    const mark = { added: "+", changed: "~", removed: "-" }[kind];
    found.push(`${mark}${tree.paths.textOf(path)} @${layer}`);
  });
  return found.sort();
}

/** What a container sees of its image. */
export interface Seen {
  /** `path bytes`, sorted; of hard links, all names. */
  readonly files: readonly string[];
  /** Of hard links, once. */
  readonly bytes: number;
}

/** Whether a path is one that the engine gives every container, whatever its image has there. */
export function isInjected(path: string): boolean {
  return /^\/(dev|proc|sys)\/|^\/etc\/(hostname|hosts|resolv\.conf)$|^\/\.dockerenv$/.test(path);
}

/** What we say that a container of an image sees. */
export function seen(tree: ImageTree): Seen {
  const bytes = new Map<number, number>();
  const found: string[] = [];
  for (let path = 0; path < tree.filesAt.length; path++) {
    const file = tree.filesAt.at(path) - 1;
    const text = tree.paths.textOf(path);
    if (file === -1 || isInjected(text)) continue;
    bytes.set(file, tree.files.bytes.at(file));
    found.push(`${text} ${tree.files.bytes.at(file)}`);
  }
  return { files: found.sort(), bytes: [...bytes.values()].reduce((sum, each) => sum + each, 0) };
}

/**
 * The files of an image that are dead, by their first names: `path bytes @layer death @killer`, and
 * the file that replaced it, where one did, of whose names the first in the alphabet is told; sorted.
 */
export function deadFiles(tree: ImageTree): readonly string[] {
  const { files: all } = tree;
  const names = namesByFile(tree);
  return Array.from({ length: all.length }, (_, file) => file)
    .filter((file) => all.killedBy.at(file) > 0)
    .map((file) => {
      const replacement = all.replacedBy.at(file) - 1;
      const [name = pathOf(tree, replacement)] = names.get(replacement) ?? [];
      const by = replacement === -1 ? "" : ` for ${name} @${all.layers.at(replacement)}`;
      const death = `${DEATHS[all.deaths.at(file)]} @${all.killedBy.at(file) - 1}${by}`;
      return `${pathOf(tree, file)} ${all.bytes.at(file)} @${all.layers.at(file)} ${death}`;
    })
    .sort();
}

/** All names of each file that lives, in the order of the alphabet. */
function namesByFile({ paths, filesAt }: ImageTree): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>();
  for (let path = 0; path < paths.count; path++) {
    const file = filesAt.at(path) - 1;
    if (file === -1) continue;
    names.set(file, [...(names.get(file) ?? []), paths.textOf(path)].sort());
  }
  return names;
}

function pathOf({ paths, files: all }: ImageTree, file: number): string {
  return file === -1 ? "" : paths.textOf(all.paths.at(file));
}
