import type { Changed } from "../model/inspection.ts";
import { type ChangeKind, eachChange } from "./layer-changes.ts";
import type { ImageTree } from "./layers.ts";
import { noSums, type PathSums, rollUp } from "./path-sums.ts";

/** What is at each path and below it, of a whole image or of what one layer did. */
export interface TreeMeasure {
  /** What makes one thing larger than another, in bytes. */
  readonly weights: PathSums;
  readonly files: PathSums;
  /** Bytes that a container can see, and that it cannot. */
  readonly live: PathSums;
  readonly wasted: PathSums;
  /** Of a layer. */
  readonly changes?: ChangeSums;
  /** Calls back for every file that counts. */
  eachFile(onFile: (file: number) => void): void;
}

/** Files and bytes, by what a layer did with them. */
export type ChangeSums = Readonly<
  Record<ChangeKind, { readonly files: PathSums; readonly bytes: PathSums }>
>;

/** All that the layers hold. */
export function measureImage(tree: ImageTree): TreeMeasure {
  const eachFile = (onFile: (file: number) => void) => {
    for (let file = 0; file < tree.files.length; file++) onFile(file);
  };
  const sums = { files: noSums(tree), live: noSums(tree), wasted: noSums(tree) };
  eachFile((file) => count(tree, file, sums));
  for (const each of Object.values(sums)) rollUp(tree, each);
  const weights = sums.live.map((live, path) => live + (sums.wasted[path] ?? 0));
  return { ...sums, weights, eachFile };
}

/** What a layer brought and took away. */
export function measureLayer(tree: ImageTree, layer: number): TreeMeasure {
  const brought = { files: noSums(tree), live: noSums(tree), wasted: noSums(tree) };
  const weights = noSums(tree);
  const changes: ChangeSums = {
    added: { files: noSums(tree), bytes: noSums(tree) },
    changed: { files: noSums(tree), bytes: noSums(tree) },
    removed: { files: noSums(tree), bytes: noSums(tree) },
  };
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
  const all = [weights, ...Object.values(brought)];
  for (const { files, bytes } of Object.values(changes)) all.push(files, bytes);
  for (const sums of all) rollUp(tree, sums);
  return { ...brought, weights, changes, eachFile: (onFile) => ofLayer.forEach(onFile) };
}

/** What was changed at a path and below it. */
export function changedAt({ files, bytes }: ChangeSums[ChangeKind], path: number): Changed {
  return { files: files[path] ?? 0, bytes: bytes[path] ?? 0 };
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
