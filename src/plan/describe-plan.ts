import { listOf } from "../inputs/wording.ts";
import type { Plan, PlannedImage, Stage, StageDecision } from "../model/plan.ts";
import { allNeedsOf } from "./chain.ts";

/** A plan as `--dry-run --format json` prints it. */
export interface PlanDescription {
  readonly images: readonly ImageDescription[];
}

/** What a dry run says of one Dockerfile. */
export interface ImageDescription {
  readonly name: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly stages: readonly StageDescription[];
}

/** What a dry run says of one stage. */
export interface StageDescription {
  readonly name: string;
  readonly index: number;
  readonly line: number;
  /** Name of an image with its variables replaced, name of a stage, or `scratch`. */
  readonly base: string;
  readonly platform: string;
  /** Names of the stages that it needs directly. */
  readonly needs: readonly string[];
  readonly build: boolean;
  /** Why it is not built. */
  readonly reason?: string;
}

/** What a plan says, in the form that programs read. */
export function describePlan(plan: Plan): PlanDescription {
  return { images: plan.images.map(describeImage) };
}

/** A plan as a person reads it in a terminal: a table for each Dockerfile. */
export function renderPlan(plan: Plan): string {
  const { images } = describePlan(plan);
  return images.map(renderImage).join("\n");
}

function describeImage({ name, dockerfile, context, stages }: PlannedImage): ImageDescription {
  return {
    name,
    dockerfile,
    context,
    stages: stages.map((stage) => describeStage(stage, stages)),
  };
}

function describeStage(stage: Stage, stages: readonly Stage[]): StageDescription {
  const { name, index, line, platform, decision } = stage;
  return {
    name,
    index,
    line,
    base: baseName(stage, stages),
    platform,
    needs: stage.needs.map((need) => nameOf(need, stages)),
    build: decision.kind === "build",
    ...(decision.kind === "skip" ? { reason: whyNotBuilt(stage, stages, decision) } : {}),
  };
}

/** A stage that is left out is built all the same as far as one that is wanted needs it. */
function whyNotBuilt(
  { index }: Stage,
  stages: readonly Stage[],
  { reason }: Extract<StageDecision, { kind: "skip" }>,
): string {
  const users = stages.filter(
    ({ decision, index: user }) =>
      decision.kind === "build" && allNeedsOf(stages, user).includes(index),
  );
  if (users.length === 0) return reason;
  const names = users.slice(0, MOST_USERS).map(({ name }) => name);
  const more = users.length > MOST_USERS ? [`${users.length - MOST_USERS} more`] : [];
  return `${NEEDED_BY} ${listOf([...names, ...more])}, not exported`;
}

/** So many of those that need it are named. */
const MOST_USERS = 3;

const NEEDED_BY = "needed by";

function baseName({ base }: Stage, stages: readonly Stage[]): string {
  switch (base.kind) {
    case "stage":
      return nameOf(base.index, stages);
    case "image":
      return base.reference;
    case "scratch":
      return "scratch";
  }
}

function nameOf(index: number, stages: readonly Stage[]): string {
  return stages[index]?.name ?? String(index);
}

function renderImage({ name, dockerfile, context, stages }: ImageDescription): string {
  const built = stages.filter((stage) => stage.build).length;
  const title = `${name}: ${dockerfile}, context ${context}, builds ${built} of ${stages.length}`;
  return [title, ...alignColumns(stages.map(cellsOf))]
    .map((line) => `${printable(line)}\n`)
    .join("");
}

function cellsOf(stage: StageDescription): readonly string[] {
  const others = stage.needs.filter((need) => need !== stage.base);
  return [
    `  ${whatIsDone(stage)}`,
    stage.name,
    `line ${stage.line}`,
    stage.platform,
    `from ${stage.base}${others.length === 0 ? "" : `, needs ${others.join(", ")}`}`,
    stage.reason === undefined ? "" : `(${stage.reason})`,
  ];
}

function whatIsDone({ build, reason }: StageDescription): string {
  if (build) return "build";
  return reason?.startsWith(`${NEEDED_BY} `) ? "needed" : "skip";
}

function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Names come out of a Dockerfile: none of them moves the cursor. */
function printable(line: string): string {
  return line.replace(/\p{C}/gu, "\uFFFD");
}
