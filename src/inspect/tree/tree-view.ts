// Looking around in an image: the largest of what is in a folder, or of what a layer did there.

import type { LayerShare, TreeNode, TreeView } from "../../model/inspection.ts";
import { ROOT } from "../paths.ts";
import { keepBiggest } from "./biggest.ts";
import { fileVersions, toldUnder } from "./file-versions.ts";
import { kindsInLayer } from "./layer-kinds.ts";
import type { ImageTree } from "./layers.ts";
import type { PathSums } from "./path-sums.ts";
import type { ThingKind } from "./tree-entries.ts";
import { changedAt, measureImage, measureLayer, type TreeMeasure } from "./tree-measure.ts";

/** What is to be looked at. */
export interface ViewRequest {
  /** A path of the tree. */
  readonly path: number;
  /** Only what this layer did. */
  readonly layer?: number;
  /** Whether to look into folders too; else only at what is directly in this one. */
  readonly isDeep: boolean;
  /** Entries that are shown, all levels together. */
  readonly top: number;
}

/**
 * The largest of what is at a path and below it. A folder is at least as large as what is in it, so
 * the largest of all are a tree by themselves: wherever one is shown, the folders above it are too.
 */
export function viewTree(tree: ImageTree, request: ViewRequest): TreeView {
  const { path, layer } = request;
  const measure = layer === undefined ? measureImage(tree) : measureLayer(tree, layer);
  const entries = countEntries(tree, measure);
  const ownFiles = countOwnFiles(tree, measure);
  const shown = chooseShown(tree, measure, { entries, ownFiles }, request);
  const view = new ViewBuilder(tree, measure, { entries, ownFiles }, request, shown);
  const versions = fileVersions(tree, path);
  const told = toldUnder(tree, path);
  return {
    path: tree.paths.textOf(path),
    ...(layer !== undefined && { layer }),
    root: view.node(path),
    ...(versions.length > 0 && { versions }),
    ...(told !== undefined && { sameFileAs: tree.paths.textOf(told) }),
  };
}

/** For each path, how many entries it has that count. */
function countEntries({ paths }: ImageTree, { things }: TreeMeasure): Uint32Array {
  const entries = new Uint32Array(things.length);
  for (let path = 1; path < things.length; path++) {
    if (things[path] === 0) continue;
    const folder = paths.parentOf(path);
    entries[folder] = (entries[folder] ?? 0) + 1;
  }
  return entries;
}

/**
 * For each path, how many files are or were there themselves: also where there is a folder now, or was
 * one.
 */
function countOwnFiles({ paths }: ImageTree, { files }: TreeMeasure): Float64Array {
  const own = Float64Array.from(files);
  for (let path = ROOT + 1; path < own.length; path++) {
    const folder = paths.parentOf(path);
    own[folder] = (own[folder] ?? 0) - (files[path] ?? 0);
  }
  return own;
}

/** What is directly at each path, and in it. */
interface Counts {
  readonly entries: Uint32Array;
  readonly ownFiles: Float64Array;
}

/**
 * The largest of all. Of a tree of what a layer did at least so much is what it changed and removed that
 * it is not lost in what it added; a single folder is a list, of which the first rows are shown.
 */
function chooseShown(
  tree: ImageTree,
  measure: TreeMeasure,
  counts: Counts,
  request: ViewRequest,
): ReadonlySet<number> {
  const candidates = candidatesOf(tree, measure, counts, request);
  const shown = new Set<number>();
  const add = (sums: PathSums, counts: readonly PathSums[], most: number) => {
    const biggest: { readonly path: number; readonly bytes: number }[] = [];
    for (const path of candidates) {
      if (counts.every((count) => count[path] === 0)) continue;
      keepBiggest(biggest, most, { path, bytes: sums[path] ?? 0 });
    }
    for (const { path } of biggest) if (shown.size < request.top) shown.add(path);
  };
  const { removed, changed } = measure.changes ?? {};
  const share = request.isDeep ? Math.floor(request.top / 4) : 0;
  if (removed !== undefined) add(removed.bytes, [removed.files, removed.others], share);
  if (changed !== undefined) add(changed.bytes, [changed.files, changed.others], share);
  add(measure.weights, [measure.things], request.top);
  return shown;
}

function candidatesOf(
  { paths }: ImageTree,
  { things }: TreeMeasure,
  { entries, ownFiles }: Counts,
  { path: root, isDeep }: ViewRequest,
): readonly number[] {
  const isBelow = new Uint8Array(things.length);
  isBelow[root] = 1;
  const candidates: number[] = [];
  for (let path = root + 1; path < things.length; path++) {
    if (isBelow[paths.parentOf(path)] === 0) continue;
    isBelow[path] = isDeep ? 1 : 0;
    // A folder that has just one thing in it, and was no file, is shown together with that.
    const isJoint = isDeep && entries[path] === 1 && ownFiles[path] === 0;
    if (things[path] !== 0 && !isJoint) candidates.push(path);
  }
  return candidates;
}

/** Puts what is shown together, from the largest down. */
class ViewBuilder {
  readonly #tree: ImageTree;
  readonly #measure: TreeMeasure;
  readonly #counts: Counts;
  /** Of each path that is shown, those that stand below it. */
  readonly #children = new Map<number, number[]>();
  readonly #shares = new Map<number, Map<number, number>>();
  /** Of a layer: what is or was at each path that is shown. */
  readonly #kinds: ReadonlyMap<number, ThingKind>;

  constructor(
    tree: ImageTree,
    measure: TreeMeasure,
    counts: Counts,
    { path: root, layer }: ViewRequest,
    shown: ReadonlySet<number>,
  ) {
    this.#tree = tree;
    this.#measure = measure;
    this.#counts = counts;
    for (const path of [root, ...shown]) {
      this.#children.set(path, []);
      this.#shares.set(path, new Map());
    }
    for (const path of shown) this.#children.get(this.#shownAbove(path))?.push(path);
    measure.eachFile((file) => this.#share(file));
    const paths = new Set([root, ...shown]);
    this.#kinds = layer === undefined ? new Map() : kindsInLayer(tree, layer, paths);
  }

  node(path: number): TreeNode {
    const { live, wasted, files, others, changes, weights } = this.#measure;
    const weightOf = (child: number) => weights[child] ?? 0;
    const children = (this.#children.get(path) ?? []).toSorted(
      (one, other) => weightOf(other) - weightOf(one) || one - other,
    );
    return {
      name: this.#nameOf(path),
      kind: this.#kindOf(path),
      files: files[path] ?? 0,
      others: others[path] ?? 0,
      live: live[path] ?? 0,
      wasted: wasted[path] ?? 0,
      ...(changes !== undefined && {
        added: changedAt(changes.added, path),
        changed: changedAt(changes.changed, path),
        removed: changedAt(changes.removed, path),
      }),
      layers: sharesOf(this.#shares.get(path) ?? new Map()),
      children: children.map((child) => this.node(child)),
      ...this.#rest(path, children),
    };
  }

  #rest(path: number, children: readonly number[]): Pick<TreeNode, "rest"> {
    const entries = (this.#counts.entries[path] ?? 0) - children.length;
    if (children.length === 0 || entries <= 0) return {};
    const { live, wasted, weights } = this.#measure;
    const left = (sums: Float64Array) =>
      children.reduce((rest, child) => rest - (sums[child] ?? 0), sums[path] ?? 0);
    return { rest: { entries, live: left(live), wasted: left(wasted), bytes: left(weights) } };
  }

  #kindOf(path: number): TreeNode["kind"] {
    const { entries, ownFiles } = this.#counts;
    const isOnlyFolder = (entries[path] ?? 0) > 0 && ownFiles[path] === 0;
    if (path === ROOT || isOnlyFolder) return "folder";
    // What a layer brought or took is told as that, whatever later ones put in its place.
    const kind = this.#kinds.get(path) ?? this.#tree.entries.lastKindAt(path);
    return kind === "nothing" ? "file" : kind;
  }

  #nameOf(path: number): string {
    const above = this.#shownAbove(path);
    const names: string[] = [];
    for (let at = path; at !== above && at !== ROOT; at = this.#tree.paths.parentOf(at)) {
      names.push(this.#tree.paths.nameOf(at));
    }
    return names.reverse().join("/");
  }

  /** The nearest folder above that is shown. */
  #shownAbove(path: number): number {
    let above = path;
    do above = this.#tree.paths.parentOf(above);
    while (above !== ROOT && !this.#children.has(above));
    return above;
  }

  #share(file: number): void {
    const { files, paths } = this.#tree;
    const [layer, bytes] = [files.layers.at(file), files.bytes.at(file)];
    for (let path = files.paths.at(file); ; path = paths.parentOf(path)) {
      const shares = this.#shares.get(path);
      shares?.set(layer, (shares.get(layer) ?? 0) + bytes);
      if (path === ROOT) return;
    }
  }
}

function sharesOf(shares: ReadonlyMap<number, number>): readonly LayerShare[] {
  return [...shares]
    .map(([layer, bytes]) => ({ layer, bytes }))
    .sort((one, other) => other.bytes - one.bytes || one.layer - other.layer);
}
