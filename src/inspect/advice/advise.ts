// What to write otherwise in a Dockerfile, and what that saves: the savings that were found in an
// image, as far as the lines that made it are one's own.

import type { Advice, Layer } from "../../model/image.ts";
import type { PlannedImage, Stage } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import type { ImageFacts } from "../image-facts.ts";
import { LEAST_SAVING } from "../savings/find-savings.ts";
import type { Saving } from "../savings/saving.ts";
import { changedTogether } from "./changed-together.ts";
import { changedTraits } from "./metadata-only.ts";
import { isIn } from "./mounts.ts";
import { otherStagesWords } from "./other-stages.ts";
import { withoutSecrets } from "./secret-files.ts";
import type { Told } from "./told.ts";
import { listed, type SavingLayers } from "./words.ts";
import { WRITERS } from "./writers.ts";
import { sinceWrittenAnew } from "./written-anew.ts";
import { writtenForAll } from "./written-for-all.ts";

/** A stage whose image is looked at. */
export interface Advised {
  readonly image: PlannedImage;
  readonly stage: Stage;
  readonly facts: ImageFacts;
  /** Lowest first. */
  readonly layers: readonly Layer[];
}

/** A saving that is worth less than this part of an image is not told. */
const WORTHWHILE = 0.001;

/** The advice for a stage, what saves most first. */
export function advise(advised: Advised): readonly Advice[] {
  const { facts, layers } = advised;
  const unpacked = layers.reduce((sum, layer) => sum + layer.unpacked, 0);
  const least = Math.max(LEAST_SAVING, unpacked * WORTHWHILE);
  const savings = sinceWrittenAnew(facts.savings, layers);
  const told = savings
    .filter(({ bytes }) => bytes >= least)
    .flatMap((saving) => {
      const one = adviseSaving(advised, saving);
      return one === undefined ? [] : [one];
    });
  const once = told.filter(({ saving }) => isToldOnce(saving, told, savings));
  const together = changedTogether(once).map((one, _, all) => besideOthers(one, all));
  return writtenForAll(together)
    .map(({ advice }) => advice)
    .sort((one, other) => other.bytes - one.bytes);
}

/** What is left of a line, if not only this is done. */
function besideOthers(one: Told, all: readonly Told[]): Told {
  const { rule, laterLayer } = one.saving;
  const others = all.filter(({ saving }) => {
    return saving !== one.saving && saving.rule === rule && saving.laterLayer === laterLayer;
  });
  if (rule !== "metadata-only" || others.length === 0) return one;
  const numbers = others.map(({ advice }) => advice.lines[0] ?? 0).toSorted((a, b) => a - b);
  const isSame = others.every(({ saving }) => changedTraits(saving) === changedTraits(one.saving));
  const does = isSame ? "does the same to" : "also changes";
  const makers = `${numbers.length > 1 ? "lines" : "line"} ${listed(numbers.map(String))}`;
  const more = `Line ${one.advice.lines.at(-1)} ${does} what ${makers} wrote: with the advice on that too, it leaves all of it alone.`;
  return { ...one, advice: { ...one.advice, message: `${one.advice.message} ${more}` } };
}

/**
 * Dead bytes are told whole, or in parts where some of them came with the build context; and what can
 * be spared altogether need not be fetched later. What is moved is not linked as well.
 */
function isToldOnce(saving: Saving, all: readonly Told[], known: readonly Saving[]): boolean {
  const others = all.map((each) => each.saving).filter((other) => other !== saving);
  if (saving.rule === "large-file") {
    const [path = ""] = saving.paths;
    return !others.some((other) => other.rule !== "large-file" && other.paths.includes(path));
  }
  if (saving.rule === "duplicate-content") return !others.some((other) => isMovedIn(other, saving));
  const { layer, laterLayer } = saving;
  const isAlike = (other: Saving) => other.layer === layer && other.laterLayer === laterLayer;
  const isWhole = (other: Saving) => DEAD.includes(other.rule) && other.isRest !== true;
  const parts = known.filter((other) => other.rule === "context" && isAlike(other));
  const toldParts = parts.filter((part) => all.some((each) => each.saving === part));
  // What is told of no part would be lost with the whole.
  const isParted = toldParts.length > 0 && bytesOf(toldParts) >= MOST_PARTS * bytesOf(parts);
  if (DEAD.includes(saving.rule)) return isParted === (saving.isRest === true);
  const hasWhole = others.some((other) => isWhole(other) && isAlike(other));
  return saving.rule !== "context" || !hasWhole || isParted;
}

/** So much of what came with the build context has to be told in parts, lest it be told whole. */
const MOST_PARTS = 0.9;

function bytesOf(savings: readonly Saving[]): number {
  return savings.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Whether what is copied, or some of it, is moved by the layer: what is left of that then, is told later. */
function isMovedIn({ movedTo, laterLayer }: Saving, copy: Saving): boolean {
  const { layer, paths, twin = "", files } = copy;
  if (movedTo === undefined || ![layer, copy.laterLayer].includes(laterLayer)) return false;
  const folder = movedTo.replace(/(?<=.)\/$/, "");
  return files > paths.length || [twin, ...paths].some((path) => isIn(folder, path));
}

const DEAD: readonly string[] = ["deleted-later", "overwritten-later", "compiled-cache"];

function adviseSaving(advised: Advised, saving: Saving): Told | undefined {
  const about = layersOf(advised, saving);
  if (about === undefined) return undefined;
  const { first, between, later } = about;
  const words = WRITERS[saving.rule](saving, about);
  if (words === undefined) return undefined;
  const safe = withoutSecrets(words, saving, about);
  const { message, instead, mount, written, leavesFirst = false } = safe;
  const lines = new Set([first, ...between, later].flatMap(({ line }) => line ?? []));
  // A copy of what is there already is spared in the line that makes it.
  const isMeantForFirst = saving.rule !== "duplicate-content" && !leavesFirst;
  const ofOthers = isMeantForFirst ? otherStagesWords(about, advised) : "";
  const advice: Advice = {
    rule: saving.rule,
    bytes: saving.bytes,
    lines: [...lines].sort((one, other) => one - other),
    message: ofOthers === "" ? message : `${message} ${ofOthers}`,
    instead,
    paths: saving.paths,
  };
  return {
    saving,
    about,
    advice,
    ofOthers,
    hasSecret: safe !== words,
    ...(mount !== undefined && { change: { layer: about.later, mount } }),
    ...(written !== undefined && { change: { layer: about.later, written } }),
  };
}

/** The layers that a saving is about; undefined where no line here could change what it tells. */
function layersOf(advised: Advised, saving: Saving): SavingLayers | undefined {
  const { image, stage, layers } = advised;
  const first = layers[saving.layer];
  const later = saving.laterLayer === undefined ? first : layers[saving.laterLayer];
  const between = (saving.middleLayers ?? []).flatMap((layer) => layers[layer] ?? []);
  const others = (saving.otherLayers ?? []).flatMap((layer) => layers[layer] ?? []);
  if (first === undefined || later?.origin !== "own" || later.line === undefined) return undefined;
  if ([first, ...between, later].some(isUnwritten)) return undefined;
  const own = layers.filter(({ origin }) => origin === "own");
  const { frontend } = image;
  return {
    ...{ first, between, others, later, image, layers },
    added: own.reduce((sum, { unpacked }) => sum + unpacked, 0),
    isLast: image.stages.at(-1) === stage,
    chain: chainOf(image.stages, stage.index).flatMap(({ instructions }) => instructions),
    ...(frontend !== undefined && { syntax: frontend }),
  };
}

/**
 * Whether no line is known that could be written otherwise: also where a trigger (`ONBUILD`) of the
 * stage below made a layer, and only the `FROM` is known that pulled it.
 */
function isUnwritten({ origin, line, instruction = "" }: Layer): boolean {
  return (
    origin === "own" && (line === undefined || !/^(?:RUN|COPY|ADD|WORKDIR)\s/i.test(instruction))
  );
}
