import type { ImageTree } from "../tree/layers.ts";
import type { Versions } from "../tree/versions.ts";
import type { Saving } from "./saving.ts";

/** How many files a layer wrote, how long they were there, and which layers wrote them again. */
export class RewriteCounts {
  readonly #tree: ImageTree;
  readonly #rewritten = new Map<number, number>();
  /** The same, for each owner and mode that the files had at first. */
  readonly #rewrittenTraits = new Map<number, Map<number, number>>();
  /** For each layer, by when their last version went, how many files; and the same for each traits. */
  readonly #ends = new Map<number, Map<number, number>>();
  readonly #endsOfTraits = new Map<number, Map<number, number>>();

  constructor(tree: ImageTree, { firsts, ends }: Versions) {
    this.#tree = tree;
    const { files } = tree;
    for (let file = 0; file < files.length; file++) {
      if (firsts[file] !== file) continue;
      const end = ends[file] || ALIVE;
      const layer = files.layers.at(file);
      countIn(this.#ends, layer, end);
      countIn(this.#endsOfTraits, layer, end * TRAITS + this.#traitsOf(file));
    }
  }

  /** A version of a file, given by its first one, that is of one layer was written again by another. */
  add(first: number, version: number, by: number): void {
    const layer = this.#tree.files.layers.at(first);
    for (const key of [keyOf(layer, by), keyOf(layer, by, version)]) {
      this.#rewritten.set(key, (this.#rewritten.get(key) ?? 0) + 1);
    }
    countIn(this.#rewrittenTraits, keyOf(layer, by), this.#traitsOf(first));
  }

  /** How many files of a layer another wrote again. */
  rewrittenBy(layer: number, by: number): number {
    return this.#rewritten.get(keyOf(layer, by)) ?? 0;
  }

  /** The layers that wrote some of the files of another again before a later one did. */
  writersBetween(layer: number, by: number): readonly number[] {
    const between = Array.from({ length: Math.max(0, by - layer - 1) }, (_, at) => layer + 1 + at);
    return between.filter((version) => this.#rewritten.has(keyOf(layer, by, version)));
  }

  /** Whether two layers wrote the same files of a third again: one what the other had, or both all. */
  areSame(layer: number, one: number, other: number): boolean {
    const files = this.rewrittenBy(layer, other);
    if (this.rewrittenBy(layer, one) !== files) return false;
    const isAfter = this.#rewritten.get(keyOf(layer, other, one)) === files;
    return isAfter || [one, other].every((by) => this.#outlasting(layer, by) === files);
  }

  /** How many files of a layer are there after another, in whatever version. */
  #outlasting(layer: number, by: number): number {
    let files = 0;
    for (const [end, count] of this.#ends.get(layer) ?? []) if (end > by + 1) files += count;
    return files;
  }

  /**
   * Whether the first layer wrote files too that the later one left as they were, and that have not
   * been as the others became.
   */
  isPartOf(saving: Saving): boolean {
    const { layer, laterLayer = 0 } = saving;
    const rewritten = this.#rewrittenTraits.get(keyOf(layer, laterLayer));
    const ofTraits = this.#endsOfTraits.get(layer);
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

/** Owners, modes and ends that are told apart for one layer. */
const MOST_TRAITS = 2_000;

/** What is beyond `MOST_TRAITS` is not counted. */
function countIn(counts: Map<number, Map<number, number>>, key: number, what: number): void {
  const ofKey = counts.get(key) ?? new Map<number, number>();
  const known = ofKey.get(what);
  if (known === undefined && ofKey.size >= MOST_TRAITS) return;
  ofKey.set(what, (known ?? 0) + 1);
  counts.set(key, ofKey);
}

/** Three layers as one number; the third may be none. Strings would be made for each file. */
export function keyOf(layer: number, by: number, version = -1): number {
  return (layer * 2 ** 16 + by) * 2 ** 17 + version + 1;
}
