import type { PathTable } from "../paths.ts";
import { keepBiggest } from "../tree/biggest.ts";
import { type Saving, SEVERAL } from "./saving.ts";

/** What files that are summed have in common. */
export type SavingKey = Pick<Saving, "rule" | "subject" | "layer" | "laterLayer" | "isRest">;

/** A file that could be spared. */
export interface SparedFile {
  /** Of the tree. */
  readonly path: number;
  readonly bytes: number;
  /** As they are in the end. */
  readonly owner?: string;
  readonly mode?: string;
  /** They were so before. */
  readonly isOwnerOld?: true;
  readonly isModeOld?: true;
  readonly wasExecutable?: true;
  readonly hasOtherOwner?: true;
  /** Path of another file with the same content. */
  readonly twin?: number;
}

/** Paths that are told by name. */
const MOST_PATHS = 3;

/** Files that were summed, before it is known whether they are told: their paths may be long. */
export type SummedSaving = Omit<Saving, "paths" | "twin"> & {
  /** The largest first. */
  readonly biggest: readonly SparedFile[];
};

/** How much is told of all that was found. */
export interface Bounds {
  /** Bytes below which a saving is left out. */
  readonly least: number;
  /** The largest so many are told. */
  readonly most: number;
}

/**
 * Sums that are kept, many times what images have that are not made to have them: as many as an image
 * has files would take hundreds of megabytes.
 */
const MOST_SUMS = 50_000;

/** Sums of files that could be spared, one for each thing that can be said of them. */
export class SavingSums {
  readonly #sums = new Map<string, Sum>();
  readonly #most: number;

  /** @param most sums that are kept: those that come first, each with all of its files */
  constructor(most = MOST_SUMS) {
    this.#most = most;
  }

  /**
   * Adds a file, unless it would need a sum of its own and there are too many of those.
   * @param place files in another place of the tree are summed by themselves
   * @returns whether it was added
   */
  add(key: SavingKey, file: SparedFile, place?: number): boolean {
    const name = `${key.rule} ${key.layer} ${key.laterLayer} ${key.subject} ${place}`;
    const { owner, mode } = file;
    const known = this.#sums.get(name);
    if (known === undefined && this.#sums.size >= this.#most) return false;
    const sum = known ?? newSum(key, file);
    if (sum.owner !== owner) sum.owner = SEVERAL;
    if (sum.mode !== mode) sum.mode = SEVERAL;
    if (file.isOwnerOld !== true) sum.isOwnerNew = true;
    if (file.isModeOld !== true) sum.isModeNew = true;
    if (file.wasExecutable) sum.wasExecutable = true;
    if (file.hasOtherOwner) sum.hasOtherOwner = true;
    sum.bytes += file.bytes;
    sum.files++;
    keepBiggest(sum.biggest, MOST_PATHS, file);
    if (known === undefined) this.#sums.set(name, sum);
    return true;
  }

  /** One a key, in no order. */
  savings(): readonly SummedSaving[] {
    return [...this.#sums.values()].map(({ key, bytes, files, biggest, ...sum }) => {
      const { owner, mode, isOwnerNew, isModeNew, wasExecutable, hasOtherOwner } = sum;
      return {
        ...key,
        bytes,
        files,
        ...(owner !== undefined && isOwnerNew && { owner }),
        ...(mode !== undefined && isModeNew && { mode }),
        ...(wasExecutable && { wasExecutable }),
        ...(hasOtherOwner && { hasOtherOwner }),
        biggest,
      };
    });
  }
}

/** Those that are told, largest first, with their paths as text. */
export function toldSavings(
  summed: readonly SummedSaving[],
  paths: PathTable,
  { least, most }: Bounds,
): readonly Saving[] {
  return summed
    .filter(({ bytes }) => bytes >= least)
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, most)
    .map(({ biggest, ...saving }) => {
      const twin = biggest[0]?.twin;
      return {
        ...saving,
        ...(twin !== undefined && { twin: paths.textOf(twin) }),
        paths: biggest.map(({ path }) => paths.textOf(path)),
      };
    });
}

interface Sum {
  readonly key: SavingKey;
  bytes: number;
  files: number;
  owner: string | undefined;
  mode: string | undefined;
  /** Of one file at least. */
  isOwnerNew: boolean;
  isModeNew: boolean;
  wasExecutable: true | undefined;
  hasOtherOwner?: true;
  readonly biggest: SparedFile[];
}

function newSum(key: SavingKey, { owner, mode, wasExecutable }: SparedFile): Sum {
  const isNew = { isOwnerNew: false, isModeNew: false };
  return { key, bytes: 0, files: 0, owner, mode, ...isNew, wasExecutable, biggest: [] };
}
