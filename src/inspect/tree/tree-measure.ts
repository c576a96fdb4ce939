import type { Changed } from "../../model/inspection.ts";
import { ROOT } from "../paths.ts";
import { type ChangeKind, eachChange, eachOtherChange } from "./layer-changes.ts";
import type { ImageTree } from "./layers.ts";
import { noSums, type PathSums, rollUp } from "./path-sums.ts";

/** What is at each path and below it, of a whole image or of what one layer did. */
export interface TreeMeasure {
  /** What makes one thing larger than another, in bytes. */
  readonly weights: PathSums;
  readonly files: PathSums;
  /** What a container sees there beside files; of a layer, what that did beside files. */
  readonly others: PathSums;
  /** Files and all else. */
  readonly things: PathSums;
  /** Bytes that a container can see, and that it cannot. */
  readonly live: PathSums;
  readonly wasted: PathSums;
  /** Of a layer. */
  readonly changes?: ChangeSums;
  /** Calls back for every file that counts. */
  eachFile(onFile: (file: number) => void): void;
}

/** What a layer did, by what it did. */
export type ChangeSums = Readonly<
  Record<
    ChangeKind,
    { readonly files: PathSums; readonly others: PathSums; readonly bytes: PathSums }
  >
>;

/** All that the layers hold. */
export function measureImage(tree: ImageTree): TreeMeasure {
  const eachFile = (onFile: (file: number) => void) => {
    for (let file = 0; file < tree.files.length; file++) onFile(file);
  };
  const sums = { ...nothingYet(tree), others: otherThings(tree) };
  eachFile((file) => count(tree, file, sums));
  for (const each of Object.values(sums)) rollUp(tree, each);
  const weights = sumOf(sums.live, sums.wasted);
  return { ...sums, things: sumOf(sums.files, sums.others), weights, eachFile };
}

/** What a layer brought and took away. */
export function measureLayer(tree: ImageTree, layer: number): TreeMeasure {
  const brought = { ...nothingYet(tree), others: noSums(tree) };
  const weights = noSums(tree);
  const noChange = () => ({ files: noSums(tree), others: noSums(tree), bytes: noSums(tree) });
  const changes: ChangeSums = { added: noChange(), changed: noChange(), removed: noChange() };
  const ofLayer: number[] = [];
  eachChange(tree, (at, kind, file) => {
    if (at !== layer) return;
    ofLayer.push(file);
    const bytes = tree.files.bytes.at(file);
    const path = tree.files.paths.at(file);
    add(changes[kind].files, path, 1);
    add(changes[kind].bytes, path, bytes);
    add(weights, path, bytes);
    if (kind === "removed") add(brought.files, path, 1);
    else count(tree, file, brought);
  });
  eachOtherChange(tree, (at, kind, path) => {
    if (at !== layer) return;
    add(changes[kind].others, path, 1);
    add(brought.others, path, 1);
  });
  const all = [
    weights,
    ...Object.values(brought),
    ...Object.values(changes).flatMap(Object.values),
  ];
  for (const sums of all) rollUp(tree, sums);
  const things = sumOf(brought.files, brought.others);
  return { ...brought, things, weights, changes, eachFile: (onFile) => ofLayer.forEach(onFile) };
}

function nothingYet(tree: ImageTree) {
  return { files: noSums(tree), live: noSums(tree), wasted: noSums(tree) };
}

/** 1 where a container sees a folder, a symbolic link or a device; the root itself is in nothing. */
function otherThings(tree: ImageTree): PathSums {
  const others = noSums(tree);
  for (let path = ROOT + 1; path < others.length; path++) {
    const kind = tree.entries.kindAt(path);
    if (kind !== "nothing" && kind !== "file") others[path] = 1;
  }
  return others;
}

function sumOf(one: PathSums, other: PathSums): PathSums {
  return one.map((value, path) => value + (other[path] ?? 0));
}

/** What was changed at a path and below it. */
export function changedAt(sums: ChangeSums[ChangeKind], path: number): Changed {
  const { files, others, bytes } = sums;
  return { files: files[path] ?? 0, others: others[path] ?? 0, bytes: bytes[path] ?? 0 };
}

function count(
  { files }: ImageTree,
  file: number,
  sums: { readonly files: PathSums; readonly live: PathSums; readonly wasted: PathSums },
): void {
  const path = files.paths.at(file);
  add(sums.files, path, 1);
  add(files.killedBy.at(file) === 0 ? sums.live : sums.wasted, path, files.bytes.at(file));
}

function add(sums: PathSums, path: number, value: number): void {
  sums[path] = (sums[path] ?? 0) + value;
}
