import { quoted } from "../inputs/wording.ts";
import { type BasedStage, BaseResolver, type GraphSettings } from "./bases.ts";
import type { Command } from "./command.ts";
import type { Dockerfile, ParsedStage } from "./dockerfile.ts";
import type { Fault } from "./fault.ts";
import { isReference } from "./image-reference.ts";
import { hasVariable, referencesOf, type StageReference } from "./stage-references.ts";
import { globalVariables } from "./variables.ts";

/** A stage whose names are all resolved. */
export interface ResolvedStage extends BasedStage {
  /** Indices of the stages that it needs directly, ascending. */
  readonly needs: readonly number[];
}

/** Stages with what they stand on and need. */
export interface StageGraph {
  readonly stages: readonly ResolvedStage[];
  /** What BuildKit refuses a whole Dockerfile for, wanted stage or not. */
  readonly faults: readonly Fault[];
}

/**
 * Resolves names as BuildKit does: in `FROM` they mean the nearest stage above, elsewhere the last
 * stage of the Dockerfile that has the name, in capitals or not; else an image.
 */
export function resolveStages(dockerfile: Dockerfile, settings: GraphSettings): StageGraph {
  const variables = globalVariables(dockerfile, settings);
  const resolver = new BaseResolver(variables, settings);
  const based = dockerfile.stages.map((stage) => resolver.resolve(stage));
  const { lastByName } = resolver;
  const copies = based.map(({ parsed }) => stagesIn(ownCommands(parsed), based.length, lastByName));
  return {
    stages: based.map((stage, index) => {
      const triggered = stagesIn(triggersUnder(stage, based), based.length, lastByName);
      return { ...stage, needs: needsOf(stage, [...(copies[index] ?? []), ...triggered]) };
    }),
    faults: [
      ...variables.faults,
      ...resolver.faults,
      ...referenceFaults(based, lastByName),
      ...ringFaults(based, copies),
    ],
  };
}

function ownCommands({ instructions }: ParsedStage): readonly Command[] {
  return instructions.map(({ command }) => command);
}

/** The `ONBUILD`s of the stage that it stands on: they run in this one. */
function triggersUnder({ base }: BasedStage, based: readonly BasedStage[]): readonly Command[] {
  const below = base.kind === "stage" ? based[base.index] : undefined;
  return (below?.parsed.instructions ?? []).flatMap(({ trigger }) => trigger ?? []);
}

/** The stages that commands read from. */
function stagesIn(
  commands: readonly Command[],
  stageCount: number,
  lastByName: ReadonlyMap<string, number>,
): readonly number[] {
  return commands
    .flatMap(referencesOf)
    .map((reference) => stageIndex(reference, lastByName) ?? -1)
    .filter((index) => index >= 0 && index < stageCount);
}

function needsOf(
  { parsed, base, replacedBy }: BasedStage,
  copies: readonly number[],
): readonly number[] {
  if (replacedBy !== undefined) return [];
  const all = new Set(base.kind === "stage" ? [base.index, ...copies] : copies);
  all.delete(parsed.index);
  return [...all].sort((one, other) => one - other);
}

/** Undefined when it names an image. */
function stageIndex(
  { kind, name }: StageReference,
  lastByName: ReadonlyMap<string, number>,
): number | undefined {
  if (kind === "copy" && /^[+-]?\d+$/.test(name)) return Number(name);
  return lastByName.get(name.toLowerCase());
}

function referenceFaults(
  based: readonly BasedStage[],
  lastByName: ReadonlyMap<string, number>,
): readonly Fault[] {
  const instructions = based.flatMap(({ parsed }) => parsed.instructions);
  // BuildKit numbers what is mounted or copied from elsewhere behind the stages.
  const numbered = based.length + instructions.flatMap(({ command }) => command.flags).length;
  return instructions.flatMap(({ command, lines }) =>
    referencesOf(command).flatMap((reference) => {
      const { name } = reference;
      // That is told as such.
      if (hasVariable(reference)) return [];
      const index = stageIndex(reference, lastByName);
      if (index === undefined ? isReference(name) : index >= 0 && index < numbered) return [];
      const isNumber = index !== undefined;
      const allowed = `is the number of no stage: they go from 0 to ${based.length - 1}`;
      const what = isNumber ? allowed : "is neither a stage nor the name of an image";
      return [{ line: lines.start, what: `--from=${quoted(name)} ${what}` }];
    }),
  );
}

/** Copying that goes round in a ring. */
function ringFaults(
  based: readonly BasedStage[],
  copies: readonly (readonly number[])[],
): readonly Fault[] {
  const stage = based[firstInRing(copies) ?? -1]?.parsed;
  if (stage === undefined) return [];
  const name = stage.name ?? String(stage.index);
  const line = stage.instructions[0].lines.start;
  return [{ line, what: `the stage ${quoted(name)} copies from itself, directly or over others` }];
}

/** Takes away what depends on nothing that is left, until nothing changes: the rest is in rings. */
function firstInRing(dependencies: readonly (readonly number[])[]): number | undefined {
  const dependents = dependencies.map((): number[] => []);
  for (const [index, list] of dependencies.entries()) {
    for (const dependency of list) dependents[dependency]?.push(index);
  }
  const open = dependencies.map((list) => list.length);
  const done = [...open.keys()].filter((index) => open[index] === 0);
  for (const index of done) {
    for (const dependent of dependents[index] ?? []) {
      open[dependent] = (open[dependent] ?? 0) - 1;
      if (open[dependent] === 0) done.push(dependent);
    }
  }
  // Of those that are left, some only lead into a ring: following any leads round it.
  let index = open.findIndex((count) => count > 0);
  const seen = new Set<number>();
  while (index !== -1 && !seen.has(index)) {
    seen.add(index);
    index = dependencies[index]?.find((dependency) => (open[dependency] ?? 0) > 0) ?? -1;
  }
  return index === -1 ? undefined : index;
}
