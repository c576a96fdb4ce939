import type { Changed } from "../../model/inspection.ts";
import type { ImageTree } from "./layers.ts";
import { THING_CHANGES } from "./tree-entries.ts";

/** What a layer did, and what became of what it brought. */
export interface LayerChanges {
  /** Bytes of its files that a container can see, and that it cannot. */
  readonly live: number;
  readonly wasted: number;
  readonly added: Changed;
  /** Written over another file, be it that this one has other names left. */
  readonly changed: Changed;
  readonly removed: Changed;
}

/** What a layer did with something. */
export type ChangeKind = "added" | "changed" | "removed";

/**
 * Tells, for each of so many layers, what it did to those below it. What it brought and took away
 * again counts to what it brought: nobody ever saw it.
 */
export function changesByLayer(tree: ImageTree, layerCount: number): readonly LayerChanges[] {
  const changes = Array.from({ length: layerCount }, emptyChanges);
  const { files } = tree;
  for (let file = 0; file < files.length; file++) {
    const at = changes[files.layers.at(file)];
    const bytes = files.bytes.at(file);
    if (at === undefined) continue;
    if (files.killedBy.at(file) === 0) at.live += bytes;
    else at.wasted += bytes;
  }
  eachChange(tree, (layer, kind, file) => {
    const sum = changes[layer]?.[kind];
    if (sum === undefined) return;
    sum.files++;
    sum.bytes += files.bytes.at(file);
  });
  eachOtherChange(tree, (layer, kind) => {
    const sum = changes[layer]?.[kind];
    if (sum !== undefined) sum.others++;
  });
  return changes;
}

function emptyChanges() {
  const none = () => ({ files: 0, others: 0, bytes: 0 });
  return { live: 0, wasted: 0, added: none(), changed: none(), removed: none() };
}

/** Calls back for everything that a layer did with a file: that it brought, or that it took away. */
export function eachChange(
  { files }: ImageTree,
  onChange: (layer: number, kind: ChangeKind, file: number) => void,
): void {
  for (let file = 0; file < files.length; file++) {
    const layer = files.layers.at(file);
    onChange(layer, files.overwrites.at(file) === 1 ? "changed" : "added", file);
    const killer = files.killedBy.at(file) - 1;
    const successor = files.replacedBy.at(file) - 1;
    // What takes the place of a file may be another one of a layer below, of which it is a new name.
    const isChanged = successor !== -1 && files.layers.at(successor) === killer;
    if (killer > layer && !isChanged) onChange(killer, "removed", file);
  }
}

/**
 * Calls back for everything that a layer did with folders, symbolic links and devices, and for every
 * name that it took from a file which has others.
 */
export function eachOtherChange(
  { entries: { changes } }: ImageTree,
  onChange: (layer: number, kind: ChangeKind, path: number) => void,
): void {
  for (let change = 0; change < changes.paths.length; change++) {
    const kind = THING_CHANGES[changes.changes.at(change)] ?? "added";
    onChange(changes.layers.at(change), kind, changes.paths.at(change));
  }
}
