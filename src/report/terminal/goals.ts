import type { LintGoalResult, Verdict } from "../../model/goal.ts";
import type { Report, ReportImage } from "../../model/report.ts";
import { lintCounts } from "../counts.ts";
import { goalWords, noneAtOrAbove, unjudgedWords } from "../goal-words.ts";
import { lintFindings } from "../lint-findings.ts";
import { byFarthestMiss, goalsInOrder } from "../miss-order.ts";
import { type Pen, stageName } from "../sentences.ts";
import { indentedTable, type Screen } from "./screen.ts";
import type { Cell, Style } from "./table.ts";

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
export function goalLines(report: Report, screen: Screen): readonly string[] {
  const { pen } = screen;
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
  return indentedTable([{ title: "" }, { title: "" }, { title: "" }, { title: "" }], rows, screen);
}

/** Goals of a stage that is not there are counted; those of one that was left out nobody waits for. */
function stageGoals(report: Report, pen: Pen): readonly GoalLine[] {
  const stages = report.images.flatMap((image) => image.stages).toSorted(byFarthestMiss);
  return stages.flatMap((stage): readonly GoalLine[] => {
    const name = pen.code(stageName(report, stage));
    if (stage.goals.length === 0 || stage.leftOut === true) return [];
    if (stage.status !== "built") {
      const rule = unjudgedWords(stage.goals);
      const { status, reason = "it was skipped" } = stage;
      const why = status === "failed" ? "it failed to build" : pen.text(reason);
      return [{ verdict: "unknown", name, rule, standing: `not judged: ${why}` }];
    }
    return goalsInOrder(stage).map((goal) => {
      const { rule, standing } = goalWords(goal, stage);
      return { verdict: goal.verdict, name, rule, standing: pen.text(standing) };
    });
  });
}

function lintGoal(image: ReportImage, pen: Pen): readonly GoalLine[] {
  const goal = image.failOnLint;
  if (goal === undefined) return [];
  return [
    {
      verdict: goal.verdict,
      name: pen.code(image.dockerfile),
      rule: `lint: ${noneAtOrAbove(goal.limit)}`,
      standing: pen.text(lintStanding(image, goal)),
    },
  ];
}

function lintStanding(image: ReportImage, goal: LintGoalResult): string {
  return goal.reason ?? lintCounts(lintFindings(image), goal.limit);
}
