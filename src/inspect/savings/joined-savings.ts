// What layers changed of files but not their content, before it is looked at more closely.

import type { ImageTree } from "../tree/layers.ts";
import type { TreeFiles } from "../tree/tree-files.ts";
import type { Versions } from "../tree/versions.ts";
import { isRewritten, RewriteCounts } from "./rewrite-counts.ts";
import { SavingSums, type SparedFile, type SummedSaving } from "./saving-sums.ts";

/** Those of any two layers. What several did to the same files, one after another, is one. */
export function joinedSavings(tree: ImageTree, versions: Versions): readonly SummedSaving[] {
  const sums = new SavingSums();
  const counts = new RewriteCounts(tree, versions);
  const { files } = tree;
  const owners = tree.owners.map(({ uid, gid }) => `${uid}:${gid}`);
  for (let file = 0; file < files.length; file++) {
    const laterLayer = files.killedBy.at(file) - 1;
    if (!isRewritten(files, file)) continue;
    const first = versions.firsts[file] ?? file;
    const layer = files.layers.at(first);
    const key = { rule: "metadata-only", layer, laterLayer } as const;
    const isSummed = sums.add(key, rewrittenFile(files, file, owners));
    if (isSummed) counts.add(layer, files.layers.at(file), laterLayer);
  }
  const byLayer = Map.groupBy(sums.savings(), ({ layer }) => layer);
  return [...byLayer.values()].flatMap((same) => joinedOfLayer(same, counts));
}

/** With what the file that took its place has. */
function rewrittenFile(files: TreeFiles, file: number, owners: readonly string[]): SparedFile {
  const found = { path: files.paths.at(file), bytes: files.bytes.at(file) };
  const taker = files.replacedBy.at(file) - 1;
  if (taker === -1) return found;
  const owner = owners[files.owners.at(taker)];
  const isOwnerOld = files.owners.at(taker) === files.owners.at(file);
  const isModeOld = files.modes.at(taker) === files.modes.at(file);
  const wasExecutable = (files.modes.at(file) & 0o111) !== 0;
  return {
    ...found,
    ...(wasExecutable && { wasExecutable }),
    ...(owner !== undefined && { owner }),
    ...(isOwnerOld && { isOwnerOld }),
    mode: files.modes.at(taker).toString(8),
    ...(isModeOld && { isModeOld }),
  };
}

/**
 * Makes one of those that are about the same files: each wrote all again that the one before had written,
 * or both wrote all that were there. Of several that it may go with, it goes with the first.
 */
function joinedOfLayer(
  savings: readonly SummedSaving[],
  counts: RewriteCounts,
): readonly SummedSaving[] {
  const groups: SummedSaving[][] = [];
  /** The group whose last layer this is, and the one of layers that wrote all, which were so many. */
  const byLast = new Map<number, number>();
  const byCount = new Map<number, number>();
  const inOrder = savings.toSorted((one, other) => (one.laterLayer ?? 0) - (other.laterLayer ?? 0));
  for (const saving of inOrder) {
    const { layer, laterLayer = 0 } = saving;
    const { files, writer, isOfAll } = counts.rewrittenBy(layer, laterLayer);
    const isAfter = writer !== undefined && counts.rewrittenBy(layer, writer).files === files;
    const after = isAfter ? byLast.get(writer) : undefined;
    const all = isOfAll ? byCount.get(files) : undefined;
    const at = Math.min(after ?? groups.length, all ?? groups.length);
    const group = groups[at] ?? [];
    byLast.delete(group.at(-1)?.laterLayer ?? -1);
    group.push(saving);
    groups[at] = group;
    byLast.set(laterLayer, at);
    if (isOfAll) byCount.set(files, at);
  }
  return groups.map(joinedOf);
}

function joinedOf(savings: readonly SummedSaving[]): SummedSaving {
  const last: SummedSaving = Object.assign({}, ...savings);
  const bytes = savings.reduce((sum, saving) => sum + saving.bytes, 0);
  const middleLayers = savings.slice(0, -1).flatMap(({ laterLayer }) => laterLayer ?? []);
  return { ...last, bytes, ...(middleLayers.length > 0 && { middleLayers }) };
}
