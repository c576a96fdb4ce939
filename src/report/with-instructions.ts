import type { BuildStep } from "../model/build.ts";
import type { PlannedImage } from "../model/plan.ts";
import type { Failure, ReportStep } from "../model/report.ts";

/** A failure with what its line says in the Dockerfile, where that is known. */
export function failureWithInstruction(plan: PlannedImage, failure: Failure): Failure {
  return { ...failure, ...instructionAt(plan, failure.line) };
}

/** Steps with what their lines say in the Dockerfile. */
export function stepsWithInstructions(
  plan: PlannedImage,
  steps: readonly BuildStep[],
): readonly ReportStep[] {
  return steps.map((step) => ({ ...step, ...instructionAt(plan, step.line) }));
}

/**
 * The Dockerfile's own words, never those of BuildKit or of an image's history, which have the
 * values of build arguments in them. Of a line that begins no instruction, such as that of a
 * `# syntax=`, the line itself.
 */
function instructionAt(
  { stages, text }: PlannedImage,
  line: number | undefined,
): Pick<ReportStep, "instruction"> {
  if (line === undefined) return {};
  const known = stages
    .flatMap(({ instructions }) => instructions)
    .find(({ lines }) => lines.start === line);
  const instruction = known?.text ?? text.split("\n")[line - 1]?.trim() ?? "";
  return instruction === "" ? {} : { instruction };
}
