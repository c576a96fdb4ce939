// The report on the lines of the pull request: what failed, what missed its goal, what was found.

import type { Log, Place } from "../host/host.ts";
import type { GoalResult } from "../model/goal.ts";
import type { PublishInputs } from "../model/inputs.ts";
import type { Report, ReportImage, ReportStage } from "../model/report.ts";
import { plural } from "../report/format.ts";
import { failedTogether } from "../report/obstacles.ts";
import { ANNOTATION_LEVELS, type Annotation, type AnnotationLevel } from "./annotation.ts";
import { findingAnnotations } from "./finding-annotations.ts";
import { goalText } from "./goal-text.ts";

/**
 * GitHub shows ten a level and step
 * (https://docs.github.com/actions/reference/limits): two are left for other messages of the run.
 */
const MOST_PER_LEVEL = 8;

/** Writes the annotations, the worst first, and says how many did not find a place. */
export function annotate(
  log: Log,
  report: Report,
  inputs: Pick<PublishInputs, "fail" | "onUnknown">,
): void {
  const annotations = annotationsOf(report, inputs);
  for (const level of ANNOTATION_LEVELS) {
    const ofLevel = annotations.filter((annotation) => annotation.level === level);
    for (const annotation of ofLevel.slice(0, MOST_PER_LEVEL)) write(log, annotation);
    const more = ofLevel.length - MOST_PER_LEVEL;
    if (more > 0) log.info(`${plural(more, `more ${level}`)} in the summary.`);
  }
}

/** All annotations of a report, in the order of their weight. */
export function annotationsOf(
  report: Report,
  inputs: Pick<PublishInputs, "fail" | "onUnknown">,
): readonly Annotation[] {
  return [
    ...report.images.flatMap(failures),
    ...report.images.flatMap((image) => missedGoals(image, inputs)),
    ...report.images.flatMap((image) => findingAnnotations(image, inputs)),
  ];
}

function write(log: Log, { level, text, title, file, line }: Annotation): void {
  if (line === undefined || !isInWorkspace(file)) log[level](`${title}: ${text}`);
  else log[level](text, { file, line, title } satisfies Place);
}

function isInWorkspace(file: string): boolean {
  return file !== "" && !/^(?:[/\\]|[a-z]:)/i.test(file) && !file.split(/[/\\]/).includes("..");
}

/** One annotation for all the stages that the same instruction has failed. */
function failures(image: ReportImage): readonly Annotation[] {
  return failedTogether(image.stages).map((stages) => failureOf(image, stages));
}

function failureOf(image: ReportImage, stages: readonly ReportStage[]): Annotation {
  const [stage] = stages;
  const names = stages.map(({ name }) => name).join(", ");
  const output = lastLines(stage?.failure?.output ?? []);
  return {
    level: "error",
    title: `${names} failed to build`,
    text: [stage?.reason ?? "the build failed", ...output].join("\n"),
    file: image.dockerfile,
    line: stage?.failure?.line ?? stage?.line,
  };
}

/**
 * The runner cuts a message off after 4,096 characters, and what matters stands at the end
 * (https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs).
 */
const MOST_OUTPUT_CHARACTERS = 3_000;

function lastLines(output: readonly string[]): readonly string[] {
  let characters = 0;
  const first = output.findLastIndex((line) => {
    characters += line.length + 1;
    return characters > MOST_OUTPUT_CHARACTERS;
  });
  return output.slice(first + 1);
}

function missedGoals(
  image: ReportImage,
  inputs: Pick<PublishInputs, "fail" | "onUnknown">,
): readonly Annotation[] {
  return image.stages.flatMap((stage) => {
    const missed = stage.goals.filter((goal) => goal.verdict === "fail");
    const unknown = stage.goals.filter((goal) => goal.verdict === "unknown");
    const isError = inputs.fail && inputs.onUnknown === "fail";
    return [
      ...goalAnnotation(image, stage, missed, inputs.fail ? "error" : "warning"),
      // Of a stage that failed there is nothing to be known, which was said already.
      ...(stage.status === "failed"
        ? []
        : goalAnnotation(image, stage, unknown, isError ? "error" : "warning")),
    ];
  });
}

function goalAnnotation(
  image: ReportImage,
  stage: ReportStage,
  goals: readonly GoalResult[],
  level: AnnotationLevel,
): readonly Annotation[] {
  const [first] = goals;
  if (first === undefined) return [];
  const what = first.verdict === "fail" ? "misses" : "cannot be held to";
  const title = `${stage.name} ${what} ${plural(goals.length, "goal")}`;
  const text = goals.map(goalText).join("\n");
  return [{ level, title, text, file: image.dockerfile, line: stage.line }];
}
