import type { AdviceRule } from "../../model/image.ts";
import type { LayerIndex } from "../layer/layer-index.ts";
import type { ImageTree } from "../tree/layers.ts";
import { DEATHS } from "../tree/tree-files.ts";
import { allVersionsOf, type Versions } from "../tree/versions.ts";
import type { LeftoverFinder } from "./leftover-finder.ts";
import { Moves } from "./moves.ts";
import { keyOf } from "./rewrite-counts.ts";
import type { Saving } from "./saving.ts";
import { type Bounds, SavingSums, type SummedSaving, toldSavings } from "./saving-sums.ts";

/** An image in which dead bytes are looked for. */
export interface Searched {
  readonly tree: ImageTree;
  /** Lowest first. */
  readonly layers: readonly LayerIndex[];
  readonly versions: Versions;
  readonly leftovers: LeftoverFinder;
}

/**
 * What could be spared of the bytes that no container can see, but for those that only metadata
 * cost. What lies beside sources is told a second time by itself, and then so is the rest: whether it
 * came with the build context is for those to say who know the lines. What was only moved is
 * told as that.
 */
export function deadSavings(searched: Searched, bounds: Bounds): readonly Saving[] {
  const { tree, layers, versions } = searched;
  const isDeleted = (file: number) => spareRule(tree, file) === "deleted-later";
  const moves = new Moves(tree, layers, versions, isDeleted);
  const { whole, parts, rest } = sumDead(searched, moves);
  const moved = moves.savings();
  const movedLayers = new Set(moved.map(layersOf));
  const isElse = (saving: SummedSaving) => !movedLayers.has(layersOf(saving));
  const isDeadElse = (saving: SummedSaving) => saving.rule !== "deleted-later" || isElse(saving);
  const partsElse = parts.savings().filter(isElse);
  const partedLayers = new Set(partsElse.map(layersOf));
  const isParted = (saving: SummedSaving) => partedLayers.has(layersOf(saving));
  const restElse = rest.savings().filter((saving) => isParted(saving) && isDeadElse(saving));
  const withMoves = (saving: Saving): Saving => {
    const movesSome = saving.rule === "deleted-later" && moves.hasSome(saving);
    return movesSome ? { ...saving, movesSome } : saving;
  };
  const told = (savings: readonly SummedSaving[]) => toldSavings(savings, tree.paths, bounds);
  return [
    ...told(moved).map((saving) => moves.told(saving)),
    ...told(whole.savings().filter(isDeadElse)).map(withMoves),
    ...told(partsElse),
    ...told(restElse).map(withMoves),
  ];
}

/** Sums all dead bytes; what lies beside sources apart, and all else of the layers. */
function sumDead({ tree, versions, leftovers }: Searched, moves: Moves) {
  const { files } = tree;
  const [whole, parts, rest] = [new SavingSums(), new SavingSums(), new SavingSums()];
  for (let file = 0; file < files.length; file++) {
    const rule = spareRule(tree, file);
    const laterLayer = files.killedBy.at(file) - 1;
    if (rule === undefined) continue;
    if (rule === "deleted-later") moves.add(file);
    // To have spared what was deleted spares each of its versions.
    const { first, bytes } =
      rule === "deleted-later"
        ? allVersionsOf(tree, versions, file)
        : { first: file, bytes: files.bytes.at(file) };
    const layer = files.layers.at(first);
    const spared = { path: files.paths.at(file), bytes };
    whole.add({ rule, layer, laterLayer }, spared);
    const leftover = leftovers.at(spared.path, spared.bytes);
    if (leftover?.rule === "context") {
      const key = { rule: "context", subject: leftover.folder, layer, laterLayer } as const;
      parts.add(key, spared, leftovers.placeOf(spared.path, leftover));
    } else {
      rest.add({ rule, layer, laterLayer, isRest: true }, spared);
    }
  }
  return { whole, parts, rest };
}

function layersOf({ layer, laterLayer = layer }: SummedSaving): number {
  return keyOf(layer, laterLayer);
}

/** Undefined of what could not have been spared by an instruction. */
function spareRule(tree: ImageTree, file: number): AdviceRule | undefined {
  const { bytes, layers, killedBy } = tree.files;
  // What a layer writes twice is its own archive's doing: no instruction asks for it.
  if (bytes.at(file) === 0 || layers.at(file) === killedBy.at(file) - 1) return undefined;
  return ruleOf(tree, file);
}

function ruleOf(tree: ImageTree, file: number): AdviceRule | undefined {
  switch (DEATHS[tree.files.deaths.at(file)]) {
    case "deleted":
      return "deleted-later";
    case "overwritten":
      return isCompiled(tree, file) ? "compiled-cache" : "overwritten-later";
    default:
      return undefined;
  }
}

function isCompiled({ files, paths }: ImageTree, file: number): boolean {
  return paths.nameOf(files.paths.at(file)).endsWith(".pyc");
}
