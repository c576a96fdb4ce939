import type { LayerLines } from "../model/build.ts";
import type { LayerOrigin } from "../model/image.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";
import type { HistoryEntry } from "../oci-documents.ts";
import {
  type Chain,
  instructionChain,
  stepsAt,
  stepsByHistory,
  traceCount,
} from "./instruction-chain.ts";

/** Where a layer came from. */
export interface LayerSource {
  readonly origin: LayerOrigin;
  /** Of the instruction; of a layer from outside, that of the `FROM` that brought it. */
  readonly line?: number;
  /** The instruction's own text: what history says of it would show build arguments. */
  readonly instruction?: string;
}

/** What an image says of its layers, lowest first. */
export interface LayerTraces {
  readonly layers: readonly LayerNames[];
  readonly history: readonly HistoryEntry[];
}

/** What a layer is called, packed and unpacked. */
export interface LayerNames {
  readonly digest: string;
  readonly diffId: string;
}

/**
 * Finds the instruction that made each layer. Provenance is exact, but can lack a layer, and names
 * several instructions for one that they all make; history has no names, but an order.
 */
export function attributeLayers(
  { layers, history }: LayerTraces,
  image: PlannedImage,
  stage: Stage,
  layerLines: LayerLines,
): readonly LayerSource[] {
  const chain = instructionChain(image, stage);
  const proven = layers.map(({ digest, diffId }) => {
    const ranges = [...(layerLines.get(digest) ?? []), ...(layerLines.get(diffId) ?? [])];
    return stepsAt(chain, ranges);
  });
  const { steps: noted } = stepsByHistory(chain, history, layers.length);
  const steps = inOrder(chain, proven, noted);
  const baseLayers = chain.hasBase ? countBaseLayers(layers, proven, steps) : 0;
  return layers.map((_, layer) => {
    const isBase = layer < baseLayers;
    const step = isBase ? OUTERMOST : steps[layer];
    return { origin: isBase ? "base" : "own", ...instructionAt(chain, step) };
  });
}

/**
 * Finds the line that left each entry of an image's history: of what came from outside, that of the
 * `FROM` that brought it.
 */
export function historyLines(
  { layers, history }: LayerTraces,
  image: PlannedImage,
  stage: Stage,
): readonly (number | undefined)[] {
  const chain = instructionChain(image, stage);
  const { entrySteps } = stepsByHistory(chain, history, layers.length);
  return entrySteps.map((step) => instructionAt(chain, step).line);
}

/** What can be said of the layers of an image that was not built here. */
export interface HistoryMatch {
  /** Whether the image's history is that of the stage. */
  readonly fits: boolean;
  /** Of each layer, lowest first; undefined where nothing is known. */
  readonly sources: readonly (LayerSource | undefined)[];
  /** Where it fits, how many instructions have left the very entry that they would leave. */
  readonly matched: number;
}

/**
 * Finds the instruction that made each layer by the image's history alone. Where that is not the
 * stage's, nothing is said of layers below the first entry that does not match.
 */
export function attributeByHistory(
  { layers, history }: LayerTraces,
  image: PlannedImage,
  stage: Stage,
): HistoryMatch {
  const chain = instructionChain(image, stage);
  const { steps, isWhole } = stepsByHistory(chain, history, layers.length);
  // Nothing can lie below what begins with nothing.
  const fits = isWhole && (chain.hasBase || !steps.includes(OUTERMOST));
  const sources = steps.map((step): LayerSource | undefined => {
    if (step === undefined) return undefined;
    if (step !== OUTERMOST) return { origin: "own", ...instructionAt(chain, step) };
    return fits ? { origin: "base", ...instructionAt(chain, step) } : undefined;
  });
  return { fits, sources, matched: fits ? traceCount(chain) : 0 };
}

/** Position of the outermost `FROM` in a chain. */
const OUTERMOST = 0;

/** For each layer, the position of its step in the chain, where that is known. */
type Steps = readonly (number | undefined)[];

/** How much it counts that provenance names a step, and that history does. */
const PROVEN = 2;
const NOTED = 1;

/**
 * Gives layers to steps so that both keep their order and most evidence is heeded: the two
 * sequences are aligned as texts are for a diff. A step makes one layer, a `FROM` any number.
 */
function inOrder(chain: Chain, proven: readonly ReadonlySet<number>[], noted: Steps): Steps {
  const weigh = (layer: number, step: number) =>
    (proven[layer]?.has(step) ? PROVEN : 0) + (noted[layer] === step ? NOTED : 0);
  const stepsBefore = (step: number) =>
    chain.steps[step]?.instruction.keyword === "FROM" ? step + 1 : step;
  // best[l][s]: most evidence that the first l layers can have among the first s steps.
  const best = [new Array<number>(chain.steps.length + 1).fill(0)];
  for (let layer = 0; layer < proven.length; layer++) {
    const before = best[layer] ?? [];
    const row = [0];
    for (let step = 0; step < chain.steps.length; step++) {
      const together = weigh(layer, step) + (before[stepsBefore(step)] ?? 0);
      row.push(Math.max(row[step] ?? 0, before[step + 1] ?? 0, together));
    }
    best.push(row);
  }
  return traceBack(best, stepsBefore);
}

/** Follows the best alignment from its end to its beginning. */
function traceBack(
  best: readonly (readonly number[])[],
  stepsBefore: (step: number) => number,
): Steps {
  const steps = new Array<number | undefined>(best.length - 1).fill(undefined);
  let remaining = (best[0]?.length ?? 1) - 1;
  for (let layer = steps.length - 1; layer >= 0; layer--) {
    const reached = best[layer + 1] ?? [];
    while (remaining > 0 && reached[remaining - 1] === reached[remaining]) remaining--;
    const isReachedWithout = best[layer]?.[remaining] === reached[remaining];
    if (isReachedWithout) continue;
    steps[layer] = remaining - 1;
    remaining = stepsBefore(remaining - 1);
  }
  return steps;
}

/**
 * How many of the layers, from the lowest, come from outside. Provenance names the outermost
 * `FROM` for the last of them only, and after it for each layer that a trigger of the image from
 * outside (`ONBUILD`) made here.
 */
function countBaseLayers(
  layers: readonly LayerNames[],
  proven: readonly ReadonlySet<number>[],
  steps: Steps,
): number {
  const isProven = (layer: number) => steps[layer] === OUTERMOST && proven[layer]?.has(OUTERMOST);
  let last = steps.findLastIndex((_, layer) => isProven(layer));
  if (last === -1) {
    const firstOwn = steps.findIndex((step) => step !== undefined && step !== OUTERMOST);
    return firstOwn === -1 ? layers.length : firstOwn;
  }
  while (isProven(last - 1)) last--;
  // Some images end in the same empty layer twice.
  while (layers[last + 1]?.digest === layers[last]?.digest) last++;
  return last + 1;
}

function instructionAt(
  chain: Chain,
  step: number | undefined,
): Pick<LayerSource, "line" | "instruction"> {
  const instruction = step === undefined ? undefined : chain.steps[step]?.instruction;
  if (instruction === undefined) return {};
  return { line: instruction.lines.start, instruction: instruction.text };
}
