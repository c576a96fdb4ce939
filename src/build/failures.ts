import { UserError } from "../errors.ts";
import { inWords } from "../in-words.ts";
import type { StageBuild } from "../model/build.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";
import { allNeedsOf } from "../plan/chain.ts";
import type { BakeResult, FailedBake } from "./bake.ts";
import type { BakeTarget } from "./bake-file.ts";
import { failureReason, missingPath, quoted } from "./failure-reason.ts";
import type { FailedVertex } from "./progress/step-tracker.ts";
import { NO_OUTPUT } from "./progress/telling-lines.ts";

/**
 * A Dockerfile that BuildKit cannot parse is bad input, and nothing of it can be built. The plan
 * does not see it where it is about flags: each version of BuildKit knows others. Of another one, steps
 * may have run by then.
 * @throws UserError when that is what a solve failed for
 */
export function refuseUnparsable(result: BakeResult, targets: readonly BakeTarget[]): void {
  if (result.kind === "built") return;
  const fault = /^failed to solve: dockerfile parse error on line (\d+): (.+)/.exec(result.message);
  const target = targets.find(({ id }) => id === result.target) ?? targets[0];
  const [, line = "", what = ""] = fault ?? [];
  if (fault === null || target === undefined) return;
  const isOnly = targets.every(({ image }) => image === target.image);
  const consequence = isOnly ? "nothing was built" : "the build was stopped";
  throw new UserError([{ where: `${target.image.dockerfile}:${line}`, what }], consequence);
}

/**
 * What BuildKit refuses before there is a step, such as a flag's value: it then only shows the line.
 * Nothing where it shows none.
 */
export function refusedInstruction(
  { message, target: id, line }: FailedBake,
  targets: readonly BakeTarget[],
): readonly FailedVertex[] {
  const { image } = targets.find((target) => target.id === id) ?? targets[0] ?? {};
  if (image === undefined || line === undefined) return [];
  const all = image.stages.flatMap((stage) =>
    stage.instructions.map((instruction) => ({ image, stage, instruction })),
  );
  const step = all.find(({ instruction: { lines } }) => lines.start <= line && line <= lines.end);
  if (step === undefined) return [];
  // It says nothing of what it is about, but for an image that cannot be pulled.
  const about = step.instruction.keyword === "FROM" ? "" : `${quoted(step.instruction)}: `;
  const error = `${about}${message.replace(/^failed to solve: /, "")}`;
  return [{ name: "", error, output: NO_OUTPUT, step }];
}

/** What failed first of all that a target needs; undefined when that is not what stopped it. */
export function failureBehind(
  { image, stage }: BakeTarget,
  failures: readonly FailedVertex[],
): FailedVertex | undefined {
  const needed = new Set([stage.index, ...allNeedsOf(image.stages, stage.index)]);
  return failures.find(
    ({ step }) => step?.image === image && (step.isOfAll || needed.has(step.stage.index)),
  );
}

/**
 * Whether it was not the step's own doing: a solve that begins while another one is cancelled can miss
 * what that one was about to keep.
 */
export function isRace({ error }: FailedVertex): boolean {
  return /failed to (?:commit|stat active key)\b.*\bsnapshot \S+ does not exist/s.test(error);
}

/** A target that could not be built. */
export interface Unbuilt {
  /** How it ended in its own solve. */
  readonly build: FailedBuild;
  /** Whether it was stopped by a step of another stage, which is reported itself. */
  readonly isOfNeed: boolean;
}

type FailedBuild = Extract<StageBuild, { kind: "failed" }>;

/** What is known of a target that could not be built, and of the failure that stopped it. */
export function unbuilt(
  { image, stage }: BakeTarget,
  failure: FailedVertex | undefined,
  message: string,
): Unbuilt {
  const culprit = failure?.step?.isOfAll ? undefined : failure?.step?.stage;
  const isReported = culprit?.decision.kind === "build" && culprit.image === image.name;
  const line = failure?.step?.instruction.lines.start;
  const output = failure?.output ?? NO_OUTPUT;
  const missing = failure && missingPath(failure);
  const build: FailedBuild = {
    kind: "failed",
    reason: failureReason(failure ?? { name: "", error: message, output: NO_OUTPUT }),
    ...(missing !== undefined && { missing }),
    output: output.lines,
    telling: output.telling,
    seconds: 0,
    steps: [],
    ...(line === undefined ? {} : { line }),
  };
  return { build, isOfNeed: isReported && culprit !== stage };
}

/**
 * A stage that was stopped by one that it needs is skipped, as jobs of a workflow are, and names all
 * of its needs that failed. Undefined where none did: what failed in the solve of one stage can work
 * in that of another, and then it is this one that failed.
 * @param builds what became of its needs, at least
 */
export function skippedForNeeds(
  { stages }: PlannedImage,
  stage: Stage,
  builds: ReadonlyMap<Stage, StageBuild>,
): StageBuild | undefined {
  const names = allNeedsOf(stages, stage.index)
    .flatMap((index) => stages[index] ?? [])
    .filter((need) => builds.get(need)?.kind === "failed")
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  return { kind: "skipped", reason: `needs ${inWords(names)}, which failed`, failedNeeds: names };
}
