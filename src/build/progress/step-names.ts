import type { Instruction, PlannedImage, Stage } from "../../model/plan.ts";
import { parseCommand } from "../../plan/command.ts";
import { readDirectives } from "../../plan/directives.ts";
import { shortReference } from "../../plan/image-reference.ts";
import { LineCursor } from "../../plan/lines.ts";
import { referencesOf } from "../../plan/stage-references.ts";
import { ownValue } from "../../plan/variables.ts";
import type { BakeTarget } from "../bake-file.ts";
import { ALL_STAGES } from "../cache/all-stages.ts";

/** An instruction of a stage, as a step of the build. */
export interface Step {
  readonly image: PlannedImage;
  readonly stage: Stage;
  readonly instruction: Instruction;
  /** It is about the Dockerfile as a whole: no stage can be built without it. */
  readonly isOfAll?: true;
}

/** Instructions that BuildKit counts, beside a `FROM` that names an external image. */
const COUNTED = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);

/**
 * Finds the instruction that a vertex stands for by its name, `[target stage 2/5] RUN make`; the
 * target is left out where only one is built, and the stage where the Dockerfile has no other.
 * BuildKit gives no line while it runs.
 * https://github.com/moby/buildkit/blob/v0.33.0/frontend/dockerfile/dockerfile2llb/convert.go
 */
export function findStep(name: string, targets: readonly BakeTarget[]): Step | undefined {
  const match = /^\[(?:([^\]]*?)\s+)?(\d+)\/(\d+)\]/.exec(name);
  if (match === null) return undefined;
  const [, words = "", position, total] = match;
  const [first, ...others] = words.split(/\s+/);
  const { image } = targets.find((candidate) => candidate.id === first) ?? targets[0] ?? {};
  const stage = image && findStage(image, others.at(-1) ?? first ?? "");
  const instruction = stage && countedInstruction(stage, Number(position), Number(total));
  return image && stage && instruction ? { image, stage, instruction } : undefined;
}

/**
 * Finds the `FROM`, or else what reads from an image, that made BuildKit ask a registry, by the vertex's
 * name: `[target internal] load metadata for docker.io/library/python:3.11`.
 */
export function findBaseStep(name: string, targets: readonly BakeTarget[]): Step | undefined {
  const match = /^\[(\S+?)(?: internal)?\] load metadata for (\S+)$/.exec(name);
  const [, id, reference] = match ?? [];
  const { image } = targets.find((candidate) => candidate.id === id) ?? targets[0] ?? {};
  const asked = shortReference(reference ?? "");
  if (asked === undefined) return undefined;
  const stage = image?.stages.find(
    ({ base }) => base.kind === "image" && shortReference(base.reference) === asked,
  );
  const instruction = stage?.instructions[0];
  if (image && stage && instruction) return { image, stage, instruction };
  return image && findReader(image, (from) => shortReference(from) === asked);
}

/**
 * Finds the instruction that reads from a build context in a repository, by the vertex's name:
 * `[target internal] load git source https://example.com/x.git`.
 * @param contexts what `build-contexts` names
 */
export function findContextStep(
  name: string,
  targets: readonly BakeTarget[],
  contexts: Readonly<Record<string, string>>,
): Step | undefined {
  const match = /^(?:\[(\S+?)(?: internal)?\] )?load git source (\S+)$/.exec(name);
  const [, id, address] = match ?? [];
  const { image } = targets.find((candidate) => candidate.id === id) ?? targets[0] ?? {};
  if (image === undefined || address === undefined) return undefined;
  const isAsked = (from: string) => ownValue(contexts, from) === address;
  const stage = image.stages.find(({ base }) => base.kind === "image" && isAsked(base.reference));
  const instruction = stage?.instructions[0];
  if (stage && instruction) return { image, stage, instruction };
  return findReader(image, isAsked);
}

/** The first instruction that reads with `--from` or a mount from what is no stage, but is asked for. */
function findReader(image: PlannedImage, isAsked: (from: string) => boolean): Step | undefined {
  const isStage = (name: string) =>
    image.stages.some((stage) => stage.name.toLowerCase() === name.toLowerCase());
  for (const stage of image.stages) {
    const instruction = stage.instructions.find(({ text }) =>
      referencesOf(parseCommand(text, "\\")).some(({ name }) => !isStage(name) && isAsked(name)),
    );
    if (instruction !== undefined) return { image, stage, instruction };
  }
  return undefined;
}

/**
 * Finds the line that made BuildKit ask for another frontend, by the vertex's name:
 * `[target] resolve image config for docker-image://docker.io/docker/dockerfile:1`, of which the
 * target is left out where only one is built.
 */
export function findSyntaxStep(name: string, targets: readonly BakeTarget[]): Step | undefined {
  const match = /^(?:\[(\S+)\] )?resolve image config for docker-image:\/\//.exec(name);
  if (match === null) return undefined;
  const [, id] = match;
  const { image } = targets.find((candidate) => candidate.id === id) ?? targets[0] ?? {};
  const [stage] = image?.stages ?? [];
  if (image === undefined || stage === undefined) return undefined;
  const { syntax, syntaxLine } = readDirectives(new LineCursor(image.text));
  // A build argument can ask for another one.
  if (syntaxLine === undefined || syntax !== image.frontend) return undefined;
  const lines = { start: syntaxLine.number, end: syntaxLine.number };
  const instruction = { keyword: "#", lines, text: syntaxLine.text.trim() };
  return { image, stage, instruction, isOfAll: true };
}

/** The instructions of a stage that are steps, in order. */
export function countedInstructions(stage: Stage): readonly Instruction[] {
  return stage.instructions.filter(
    ({ keyword }) => COUNTED.has(keyword) || (keyword === "FROM" && stage.base.kind === "image"),
  );
}

function findStage(image: PlannedImage, name: string): Stage | undefined {
  if (name === ALL_STAGES) return undefined;
  if (image.stages.length === 1) return image.stages[0];
  const wanted = name.toLowerCase();
  return (
    image.stages.find(({ decision }) => decision.kind === "build" && decision.target === wanted) ??
    image.stages.findLast((stage) => stage.name.toLowerCase() === wanted) ??
    image.stages.find((stage) => `stage-${stage.index}` === wanted)
  );
}

/**
 * `ONBUILD` triggers of the base add steps of their own right after the `FROM`, and it stands for
 * them.
 */
function countedInstruction(
  stage: Stage,
  position: number,
  total: number,
): Instruction | undefined {
  const counted = countedInstructions(stage);
  const triggers = Math.max(0, total - counted.length);
  const ofBase = stage.base.kind === "image" ? 1 : 0;
  if (position <= ofBase + triggers) return stage.instructions[0];
  return counted[position - 1 - triggers];
}
