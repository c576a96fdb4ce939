// Lines that copy the same files to the same place: one that comes later lays its own over those of the
// first, with an owner and a mode of their own.

import { posix } from "node:path";
import type { Layer } from "../../model/image.ts";
import type { Saving } from "../savings/saving.ts";
import { copyTarget } from "./context-source.ts";
import { sourcesOf } from "./copy-source.ts";
import { isCopy } from "./instructions.ts";
import { isIn } from "./mounts.ts";
import { isPattern, mayBeNamed } from "./path-pattern.ts";
import { linesInWords, type SavingLayers } from "./words.ts";

/** What else copies some of the same files there, but for layers that are known to have written them. */
export function overlappingCopies(about: SavingLayers): readonly Layer[] {
  const { first, between, others, later, layers } = about;
  const known = [first, ...between, ...others, later];
  return layers.filter((layer) => {
    const isBefore = (layer.line ?? 0) < (later.line ?? 0);
    return isCopy(layer) && isBefore && !known.includes(layer) && overlaps(first, layer, about);
  });
}

/**
 * Whether a copy that comes after another one has no more than that: it made nothing new, and out of the
 * same source, so that its files have the same dates too whatever is built anew.
 */
export function isSpent(copy: Layer, about: SavingLayers): boolean {
  const { first, chain } = about;
  const [target, other] = [first, copy].map((each) => copyTarget({ first: each, chain }));
  const isInside = target !== undefined && other !== undefined && isIn(target, other);
  return copy.unpacked === 0 && isInside && isAfter(copy, first) && isSameSource(copy, first);
}

/** The first line of a saving and those after it that copy the same file; `line 3 copies`. */
export function copiersInWords(saving: Saving, about: SavingLayers): string {
  const { first, chain } = about;
  const again = overlappingCopies(about).filter((copy) => {
    const target = copyTarget({ first: copy, chain });
    const isHolding = target === undefined || saving.paths.some((path) => isIn(target, path));
    return isAfter(copy, first) && isHolding;
  });
  return `${linesInWords([first, ...again])} ${again.length > 0 ? "copy" : "copies"}`;
}

/** Whether a layer is of a later line than another one. */
export function isAfter(layer: Layer, other: Layer): boolean {
  return (layer.line ?? 0) > (other.line ?? 0);
}

function overlaps(one: Layer, other: Layer, { chain }: SavingLayers): boolean {
  const [place, otherPlace] = [one, other].map((first) => copyTarget({ first, chain }));
  const areApart =
    place !== undefined &&
    otherPlace !== undefined &&
    !isIn(place, otherPlace) &&
    !isIn(otherPlace, place);
  if (areApart) return false;
  if (!isSameSource(one, other)) return other.unpacked === 0 && isAfter(other, one);
  if (place === undefined || otherPlace === undefined) return true;
  const [all, allOther] = [placesOf(one, place), placesOf(other, otherPlace)];
  if (all.length * allOther.length > MOST_PAIRS) return true;
  return all.some((from) => allOther.some((to) => meet(from, to) || meet(to, from)));
}

/** Of places of two lines that are held against each other; beyond, they are taken to be the same. */
const MOST_PAIRS = 10_000;

function isSameSource(one: Layer, other: Layer): boolean {
  return fromOf(one) === fromOf(other);
}

function fromOf({ instruction = "" }: Layer): string {
  return /\s--from=["']?([^\s"']+)/.exec(instruction)?.[1]?.toLowerCase() ?? "";
}

/** A file or a folder, and where it may be copied to. */
interface Copied {
  readonly source: string;
  readonly target: string;
  /** What of a folder it is; undefined: all of it. */
  readonly pattern?: string | undefined;
}

/** A folder is copied without its name, a file with it. */
function placesOf({ instruction = "" }: Layer, target: string): readonly Copied[] {
  return sourcesOf(instruction).flatMap((each) => {
    const names = each.split("/");
    const at = names.findIndex(isPattern);
    const source = posix.resolve("/", ...(at === -1 ? [each] : names.slice(0, at)));
    const pattern = names[at];
    return [
      { source, target, pattern },
      { source, target: posix.join(target, posix.basename(source)), pattern },
    ];
  });
}

/** Whether what is copied from below a place goes where that goes. */
function meet(outer: Copied, inner: Copied): boolean {
  const below = posix.relative(outer.source, inner.source);
  const [name = ""] = below.split("/");
  if (name === "..") return false;
  const isOther = name !== "" && outer.pattern !== undefined && !mayBeNamed(name, outer.pattern);
  return !isOther && posix.join(outer.target, below) === inner.target;
}
