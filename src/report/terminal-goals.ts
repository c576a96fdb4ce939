import type { LintGoalResult, Verdict } from "../model/goal.ts";
import type { Report, ReportImage } from "../model/report.ts";
import { lintCounts } from "./counts.ts";
import { goalWords } from "./goal-words.ts";
import { lintFindings } from "./lint-findings.ts";
import { type Pen, stageName } from "./sentences.ts";
import { type Cell, type Paint, type Style, terminalTable } from "./terminal-table.ts";

/** The order in which goals are shown, with their marks. */
const MARKS: readonly {
  readonly verdict: Verdict;
  readonly mark: string;
  readonly style: Style;
}[] = [
  { verdict: "fail", mark: "✗", style: "red" },
  { verdict: "unknown", mark: "?", style: "yellow" },
  { verdict: "pass", mark: "✓", style: "green" },
];

/** A goal on a stage or on a Dockerfile, in words. */
interface GoalLine {
  readonly verdict: Verdict;
  readonly name: string;
  readonly rule: string;
  readonly standing: string;
}

/** Every goal that was judged, the missed ones first. */
export function goalLines(report: Report, pen: Pen, paint: Paint): readonly string[] {
  const lines = [
    ...stageGoals(report, pen),
    ...report.images.flatMap((image) => lintGoal(image, pen)),
  ];
  if (lines.length === 0) return [];
  const rows = MARKS.flatMap(({ verdict, mark, style }) =>
    lines
      .filter((line) => line.verdict === verdict)
      .map(({ name, rule, standing }): readonly Cell[] => [
        { text: mark, style },
        { text: name, style: "bold" },
        { text: rule },
        verdict === "pass" ? { text: standing } : { text: standing, style },
      ]),
  );
  return terminalTable([{ title: "" }, { title: "" }, { title: "" }, { title: "" }], rows, paint);
}

/** Of a stage that failed or was left out there is nothing to be known, which is said elsewhere. */
function stageGoals(report: Report, pen: Pen): readonly GoalLine[] {
  const built = report.images.flatMap(({ stages }) =>
    stages.filter((stage) => stage.status === "built"),
  );
  return built.flatMap((stage) =>
    stage.goals.map((goal) => {
      const { rule, standing } = goalWords(goal, stage);
      const name = pen.code(stageName(report, stage));
      return { verdict: goal.verdict, name, rule, standing: pen.text(standing) };
    }),
  );
}

function lintGoal(image: ReportImage, pen: Pen): readonly GoalLine[] {
  const goal = image.failOnLint;
  if (goal === undefined) return [];
  return [
    {
      verdict: goal.verdict,
      name: pen.code(image.dockerfile),
      rule: goal.limit === "error" ? "no lint error" : `no lint ${goal.limit} or worse`,
      standing: pen.text(lintStanding(image, goal)),
    },
  ];
}

function lintStanding(image: ReportImage, goal: LintGoalResult): string {
  return goal.reason ?? lintCounts(lintFindings(image), goal.limit);
}
