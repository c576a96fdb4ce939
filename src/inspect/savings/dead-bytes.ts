import type { AdviceRule } from "../../model/image.ts";
import type { ImageTree } from "../layers.ts";
import { DEATHS, type Death } from "../tree-files.ts";
import { type Saving, SavingSums, type SparedFile } from "./saving.ts";

/** What could be spared of the bytes that no container can see. */
export function deadSavings(tree: ImageTree): readonly Saving[] {
  const { files, paths } = tree;
  const sums = new SavingSums();
  for (let file = 0; file < files.length; file++) {
    const rule = ruleOf(tree, file);
    const layer = files.layers.at(file);
    const laterLayer = files.killedBy.at(file) - 1;
    // What a layer writes twice is its own archive's doing: no instruction asks for it.
    if (rule === undefined || layer === laterLayer || files.bytes.at(file) === 0) continue;
    sums.add({ rule, layer, laterLayer }, sparedFile(tree, file));
  }
  const lastDeaths = lastDeathsByLayer(tree);
  return sums.savings(paths).map((saving) => {
    const { rule, layer, laterLayer = 0 } = saving;
    const isPartial = rule === "metadata-only" && (lastDeaths[layer] ?? 0) > laterLayer;
    return isPartial ? { ...saving, isPartial } : saving;
  });
}

/** For each layer, the one that took the last of its files; of one that still has some, none can. */
function lastDeathsByLayer({ files }: ImageTree): readonly number[] {
  const last: number[] = [];
  for (let file = 0; file < files.length; file++) {
    const layer = files.layers.at(file);
    const killer = files.killedBy.at(file) - 1;
    last[layer] = Math.max(last[layer] ?? 0, killer === -1 ? Number.POSITIVE_INFINITY : killer);
  }
  return last;
}

function ruleOf(tree: ImageTree, file: number): AdviceRule | undefined {
  const death: Death = DEATHS[tree.files.deaths.at(file)] ?? "alive";
  switch (death) {
    case "alive":
      return undefined;
    case "metadata":
      return "metadata-only";
    case "deleted":
      return "deleted-later";
    case "overwritten":
      return isCompiled(tree, file) ? "compiled-cache" : "overwritten-later";
  }
}

function isCompiled({ files, paths }: ImageTree, file: number): boolean {
  return paths.nameOf(files.paths.at(file)).endsWith(".pyc");
}

/** With what the file that took its place has, where that is all that changed. */
function sparedFile({ files, owners }: ImageTree, file: number): SparedFile {
  const found = { path: files.paths.at(file), bytes: files.bytes.at(file) };
  const taker = files.replacedBy.at(file) - 1;
  if (taker === -1 || DEATHS[files.deaths.at(file)] !== "metadata") return found;
  const owner = owners[files.owners.at(taker)];
  const isOwnerNew = files.owners.at(taker) !== files.owners.at(file);
  const isModeNew = files.modes.at(taker) !== files.modes.at(file);
  return {
    ...found,
    ...(isOwnerNew && owner !== undefined && { owner: `${owner.uid}:${owner.gid}` }),
    ...(isModeNew && { mode: files.modes.at(taker).toString(8) }),
  };
}
