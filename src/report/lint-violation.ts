import type { StageBuild } from "../model/build.ts";
import type { Checked, Finding } from "../model/finding.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";
import { allNeedsOf } from "../plan/chain.ts";

/**
 * The line that a stage failed at for a check of BuildKit, where `# check=error=true` makes that an error:
 * BuildKit then names rules and no line, and its checks have both.
 */
export function violationLine(
  { stages }: PlannedImage,
  stage: Stage,
  build: Extract<StageBuild, { readonly kind: "failed" }>,
  checks: Checked<Finding>,
): number | undefined {
  const names = /^lint violation found for rules: (.+)$/.exec(build.reason)?.[1];
  if (names === undefined || checks.kind !== "checked") return undefined;
  const rules = names.split(/,\s*/);
  const lines = checks.findings.flatMap(({ rule, line }) =>
    line !== undefined && rules.includes(rule) ? [line] : [],
  );
  const needed = [stage.index, ...allNeedsOf(stages, stage.index)];
  const ranges = stages
    .filter(({ index }) => needed.includes(index))
    .flatMap(({ instructions }) => instructions.map((instruction) => instruction.lines));
  const isNeeded = (line: number) => ranges.some(({ start, end }) => start <= line && line <= end);
  return lines.find(isNeeded) ?? lines[0];
}
