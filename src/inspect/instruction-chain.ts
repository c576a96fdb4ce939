import type { Instruction, LineRange, PlannedImage, Stage } from "../model/plan.ts";
import type { HistoryEntry } from "../oci-documents.ts";
import { chainOf } from "../plan/chain.ts";
import { isEntryOf } from "./history-words.ts";

/**
 * What a stage is made of, from the outermost `FROM` up: its own instructions and before them
 * those of the stages that it stands on, `FROM`s included.
 */
export interface Chain {
  /** Whether it begins with an image from outside; else with `scratch`. */
  readonly hasBase: boolean;
  /** At least one; the first is the outermost `FROM`. */
  readonly steps: readonly ChainStep[];
}

/** An instruction in the chain of a stage. */
export interface ChainStep {
  readonly instruction: Instruction;
  /**
   * Entries that it adds to the image's history. A `FROM` adds one for each `ONBUILD` of the stage
   * that it names, as BuildKit runs them there; of an image from outside, nobody knows how many.
   */
  readonly historyEntries: number;
}

/** The chain of a stage. */
export function instructionChain(image: PlannedImage, stage: Stage): Chain {
  const stages = chainOf(image.stages, stage.index).toReversed();
  const steps = stages.flatMap((each, depth) => stepsOf(each, stages[depth - 1]));
  return { hasBase: stages[0]?.base.kind !== "scratch", steps };
}

function stepsOf(stage: Stage, below: Stage | undefined): readonly ChainStep[] {
  const triggers = (below?.instructions ?? []).filter(isTrigger).length;
  return stage.instructions.map((instruction) => ({
    instruction,
    historyEntries: historyEntriesOf(instruction, triggers),
  }));
}

function historyEntriesOf(instruction: Instruction, triggers: number): number {
  if (instruction.keyword === "FROM") return triggers;
  return isTrigger(instruction) ? 0 : 1;
}

function isTrigger(instruction: Instruction): boolean {
  return instruction.keyword === "ONBUILD";
}

/** The steps whose instructions stand on these lines, by position. */
export function stepsAt(chain: Chain, ranges: readonly LineRange[]): ReadonlySet<number> {
  const positions = chain.steps.flatMap(({ instruction: { lines } }, position) => {
    const isThere = ranges.some(({ start }) => lines.start <= start && start <= lines.end);
    return isThere ? [position] : [];
  });
  return new Set(positions);
}

/** What the exporter adds to a history that has too few entries, behind those that it has. */
const EXPORTER = "buildkit.exporter.image.v0";

/** What an image's history says of its layers. */
export interface NotedSteps {
  /** The step that each layer belongs to, lowest first, where that is known. */
  readonly steps: readonly (number | undefined)[];
  /** The same of each entry of the history, oldest first. */
  readonly entrySteps: readonly (number | undefined)[];
  /** Whether the whole chain was found in the history. */
  readonly isWhole: boolean;
}

/**
 * The step that each layer belongs to by the image's history, as far as that can be followed back
 * from its end: every entry there must be one that the chain's instructions could have made, and
 * those that are not empty are layers, one each.
 */
export function stepsByHistory(
  chain: Chain,
  history: readonly HistoryEntry[],
  layerCount: number,
): NotedSteps {
  const steps = new Array<number | undefined>(layerCount).fill(undefined);
  const entrySteps = new Array<number | undefined>(history.length).fill(undefined);
  const entries = [...history.entries()].filter(([, { comment }]) => comment !== EXPORTER);
  let layer = layerCount;
  for (let position = chain.steps.length - 1; position > 0; position--) {
    const step = chain.steps[position];
    for (let count = step?.historyEntries ?? 0; count > 0; count--) {
      const [number, entry] = entries.pop() ?? [];
      if (number === undefined || entry === undefined || !isMadeBy(step, entry)) {
        return { steps, entrySteps, isWhole: false };
      }
      entrySteps[number] = position;
      if (entry.isEmpty) continue;
      if (layer === 0) return { steps, entrySteps, isWhole: false };
      layer--;
      steps[layer] = position;
    }
  }
  for (const [number] of entries) entrySteps[number] = 0;
  return { steps: steps.fill(0, 0, layer), entrySteps, isWhole: true };
}

/** How many of its instructions leave an entry in the history that tells which they are. */
export function traceCount({ steps }: Chain): number {
  return steps.filter(({ instruction, historyEntries }) => {
    return instruction.keyword !== "FROM" && historyEntries > 0;
  }).length;
}

/** Entries of a `FROM` are triggers, which can be of any kind. */
function isMadeBy(step: ChainStep | undefined, { createdBy }: HistoryEntry): boolean {
  if (step === undefined || step.instruction.keyword === "FROM") return true;
  return isEntryOf(step.instruction, createdBy);
}
