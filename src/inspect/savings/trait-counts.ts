import type { ImageTree } from "../tree/layers.ts";
import type { Versions } from "../tree/versions.ts";
import { countIn, isRewritten, keyOf } from "./rewrite-counts.ts";
import type { Saving } from "./saving.ts";

/** Two layers: what one wrote, the other wrote again. */
type Layers = Pick<Saving, "layer" | "laterLayer">;

/** Owners and modes of what layers wrote that others wrote again, of those that are told. */
export class TraitCounts {
  readonly #tree: ImageTree;
  /** For each two layers, how many of the files that were written again had each traits at first. */
  readonly #rewritten = new Map<number, Map<number, number>>();
  /** For each two layers, those whose versions were written again. */
  readonly #writers = new Map<number, Set<number>>();
  /** For each layer, by when their last version went and by traits, how many files. */
  readonly #ends = new Map<number, Map<number, number>>();

  constructor(tree: ImageTree, { firsts, ends }: Versions, told: readonly Layers[]) {
    this.#tree = tree;
    const { files } = tree;
    const layers = new Set(told.map(({ layer }) => layer));
    for (const each of told) this.#writers.set(keyOfLayers(each), new Set());
    for (let file = 0; file < files.length; file++) {
      const first = firsts[file] ?? file;
      const layer = files.layers.at(first);
      if (!layers.has(layer)) continue;
      if (first === file) {
        const end = ends[file] || ALIVE;
        countIn(this.#ends, layer, end * TRAITS + this.#traitsOf(file), MOST_TRAITS);
      }
      const key = keyOf(layer, files.killedBy.at(file) - 1);
      const writers = this.#writers.get(key);
      if (writers === undefined || !isRewritten(files, file)) continue;
      writers.add(files.layers.at(file));
      countIn(this.#rewritten, key, this.#traitsOf(first), MOST_TRAITS);
    }
  }

  /** The layers in between that wrote some of the files again before the later one did, in order. */
  writersBetween(saving: Layers): readonly number[] {
    const writers = this.#writers.get(keyOfLayers(saving)) ?? [];
    return [...writers].filter((one) => one !== saving.layer).sort((one, other) => one - other);
  }

  /**
   * Whether the first layer wrote files too that the later one left as they were, and that have not
   * been as the others became.
   */
  isPartOf(saving: Saving): boolean {
    const { layer, laterLayer = 0 } = saving;
    const rewritten = this.#rewritten.get(keyOfLayers(saving));
    const ofTraits = this.#ends.get(layer);
    // So many are hardly all the same in the end, and each would be looked at for each saving.
    if (ofTraits === undefined || ofTraits.size >= MOST_TRAITS) return true;
    const outlasting = new Map<number, number>();
    for (const [key, count] of ofTraits) {
      const traits = key % TRAITS;
      if (Math.floor(key / TRAITS) <= laterLayer + 1) continue;
      outlasting.set(traits, (outlasting.get(traits) ?? 0) + count);
    }
    return [...outlasting].some(([traits, count]) => {
      return count > (rewritten?.get(traits) ?? 0) && !this.#areAsGiven(traits, saving);
    });
  }

  #areAsGiven(traits: number, saving: Saving): boolean {
    const { uid, gid } = this.#tree.owners[Math.floor(traits / MODES)] ?? { uid: 0, gid: 0 };
    const { owner = `${uid}:${gid}`, mode = (traits % MODES).toString(8) } = saving;
    return owner === `${uid}:${gid}` && mode === (traits % MODES).toString(8);
  }

  /** Owner and mode as one number. */
  #traitsOf(file: number): number {
    const { files } = this.#tree;
    return files.owners.at(file) * MODES + files.modes.at(file);
  }
}

/** The end of what has none: after all layers. */
const ALIVE = 2 ** 16;
/** Modes have so many values, and modes and owners together: there are fewer owners than entries. */
const MODES = 2 ** 13;
const TRAITS = MODES * 2 ** 23;

/** Owners, modes and ends that are told apart for one layer; what is beyond is not counted. */
const MOST_TRAITS = 2_000;

function keyOfLayers({ layer, laterLayer = 0 }: Layers): number {
  return keyOf(layer, laterLayer);
}
