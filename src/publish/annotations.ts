// The report on the lines of the pull request: what failed, what missed its goal, what was found.

import type { Log, Place } from "../host/host.ts";
import type { PublishInputs } from "../model/inputs.ts";
import type { Report, ReportImage, ReportStage } from "../model/report.ts";
import { pathInRepository } from "../report/checkout.ts";
import { failureOutput } from "../report/failure-output.ts";
import { plural } from "../report/format.ts";
import { byFarthestMiss, goalsInOrder } from "../report/miss-order.ts";
import { failedTogether } from "../report/obstacles.ts";
import { isUnnamed, stageName } from "../report/sentences.ts";
import { ANNOTATION_LEVELS, type Annotation, type AnnotationLevel } from "./annotation.ts";
import { findingAnnotations } from "./finding-annotations.ts";
import { missedText, unknownText } from "./goal-text.ts";
import { uncheckedAnnotations } from "./unchecked-annotations.ts";

/**
 * GitHub shows ten a level and step
 * (https://docs.github.com/actions/reference/limits): two are left for other messages of the run.
 */
const MOST_PER_LEVEL = 8;

/**
 * Writes the annotations, the worst first, and says how many are shown where that is not all.
 * @param checkout the folder of the workspace that holds the repository: GitHub takes paths in that
 */
export function annotate(
  log: Log,
  report: Report,
  inputs: Pick<PublishInputs, "fail" | "onUnknown">,
  checkout = "",
): void {
  const annotations = annotationsOf(report, inputs);
  for (const level of ANNOTATION_LEVELS) {
    const ofLevel = annotations.filter((annotation) => annotation.level === level);
    for (const annotation of ofLevel.slice(0, MOST_PER_LEVEL)) write(log, annotation, checkout);
    if (ofLevel.length > MOST_PER_LEVEL) log.info(cutWords(ofLevel.length, level));
  }
}

function cutWords(count: number, level: AnnotationLevel): string {
  const all = plural(count, level);
  return `${MOST_PER_LEVEL} of ${all} are annotations: GitHub shows ten a step, and two are left for other messages. All are in the report.`;
}

/** All annotations of a report, in the order of their weight. */
export function annotationsOf(
  report: Report,
  inputs: Pick<PublishInputs, "fail" | "onUnknown">,
): readonly Annotation[] {
  return [
    ...report.images.flatMap((image) => failures(report, image)),
    ...stagesByMiss(report).flatMap((stage) => missedGoals(report, stage, inputs)),
    ...report.images.flatMap((image) => unknownLint(image, inputs)),
    ...uncheckedAnnotations(report),
    ...findingAnnotations(report.images, inputs),
  ];
}

function write(log: Log, { level, text, title, file, line }: Annotation, checkout: string): void {
  if (line === undefined || !isInWorkspace(file)) log[level](`${title}: ${text}`);
  else log[level](text, { file: pathInRepository(file, checkout), line, title } satisfies Place);
}

function isInWorkspace(file: string): boolean {
  return file !== "" && !/^(?:[/\\]|[a-z]:)/i.test(file) && !file.split(/[/\\]/).includes("..");
}

/** One annotation for all the stages that the same instruction has failed. */
function failures(report: Report, image: ReportImage): readonly Annotation[] {
  return failedTogether(image.stages).map((stages) => failureOf(report, image, stages));
}

function failureOf(report: Report, image: ReportImage, stages: readonly ReportStage[]): Annotation {
  const [stage] = stages;
  const names = stages.map((each) => titleName(report, each)).join(", ");
  const output = failureOutput(stage?.failure, OUTPUT_ROOM);
  return {
    level: "error",
    title: `${names} failed to build`,
    text: [stage?.reason ?? "the build failed", ...output].join("\n"),
    file: image.dockerfile,
    line: stage?.failure?.line ?? stage?.line,
  };
}

/**
 * The runner cuts a message off after 4,096 characters
 * (https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs).
 */
const OUTPUT_ROOM = { lines: 20, characters: 3_000 } as const;

/** A number says nothing at the beginning of a title. */
function titleName(report: Report, stage: ReportStage): string {
  const name = stageName(report, stage);
  return isUnnamed(stage) ? `Stage ${name}` : name;
}

function stagesByMiss({ images }: Report): readonly PlacedStage[] {
  const all = images.flatMap(({ stages, dockerfile }) =>
    stages.map((stage) => ({ stage, dockerfile })),
  );
  return all.toSorted((one, other) => byFarthestMiss(one.stage, other.stage));
}

/** A stage and the file that it is in. */
interface PlacedStage {
  readonly stage: ReportStage;
  readonly dockerfile: string;
}

/** Of a stage that there is not, nothing is to be known, which was said of what failed. */
function missedGoals(
  report: Report,
  { stage, dockerfile }: PlacedStage,
  { fail, onUnknown }: Pick<PublishInputs, "fail" | "onUnknown">,
): readonly Annotation[] {
  if (stage.status !== "built") return [];
  const goals = goalsInOrder(stage);
  const missed = goals.filter(({ verdict }) => verdict === "fail");
  const unknown = goals.filter(({ verdict }) => verdict === "unknown");
  const place = { file: dockerfile, line: stage.line };
  const name = titleName(report, stage);
  const misses: Annotation = {
    level: fail ? "error" : "warning",
    title: `${name} misses ${plural(missed.length, "goal")}`,
    text: missedText(stage, missed),
    ...place,
  };
  const cannotBeHeld: Annotation = {
    level: unknownLevel({ fail, onUnknown }),
    title: `${name} cannot be held to ${plural(unknown.length, "goal")}`,
    text: unknownText(unknown),
    ...place,
  };
  return [...(missed.length > 0 ? [misses] : []), ...(unknown.length > 0 ? [cannotBeHeld] : [])];
}

function unknownLevel({
  fail,
  onUnknown,
}: Pick<PublishInputs, "fail" | "onUnknown">): AnnotationLevel {
  return fail && onUnknown === "fail" ? "error" : "warning";
}

/** It is about no line. */
function unknownLint(
  { dockerfile, failOnLint }: ReportImage,
  inputs: Pick<PublishInputs, "fail" | "onUnknown">,
): readonly Annotation[] {
  if (failOnLint?.verdict !== "unknown") return [];
  const text = `fail-on-lint is ${failOnLint.limit}: ${failOnLint.reason ?? "not known"}`;
  const title = `${dockerfile} cannot be held to its goal on lint`;
  return [{ level: unknownLevel(inputs), title, text, file: dockerfile, line: undefined }];
}
