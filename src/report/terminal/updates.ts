import type { Report } from "../../model/report.ts";
import { scanCounts } from "../counts.ts";
import { formatFew, plural } from "../format.ts";
import { type Culprit, culpritsOf } from "../group-packages.ts";
import { remedyOf, withoutUpdate } from "../remedy.ts";
import type { Pen } from "../sentences.ts";
import { indentedSentence, type Screen, tableBlock } from "./screen.ts";
import type { Cell } from "./table.ts";

/** Of each Dockerfile. */
const ROWS = 10;

/** What the goals on severity ask for, one block a Dockerfile: updates, then what has no fix. */
export function updateLines(report: Report, screen: Screen): readonly (readonly string[])[] {
  const { pen } = screen;
  return report.images.flatMap((image) => {
    const { updates, others } = culpritsOf(image.stages);
    const all = [...updates, ...others];
    if (all.length === 0) return [];
    const title = `What the goal on severity of ${pen.code(image.dockerfile)} asks for`;
    const rows = all.slice(0, ROWS).map((culprit) => row(culprit, pen));
    const rest = all.length - rows.length;
    const more = rest > 0 ? [screen.paint(`  and ${plural(rest, "more package")}`, "dim")] : [];
    const columns = [
      { title: "" },
      { title: "line", align: "right" },
      { title: "what to do" },
      { title: "against" },
      { title: "stages" },
    ] as const;
    const helps = withoutUpdate(others, ({ findings: [first] }) => first).flatMap(({ help }) => {
      return indentedSentence(help, screen);
    });
    return [[...tableBlock(title, columns, rows, screen), ...more, ...helps]];
  });
}

function row(culprit: Culprit, pen: Pen): readonly Cell[] {
  const { findings, counted, lines, stages } = culprit;
  const names = stages.map(({ name }) => pen.code(name));
  const rules = findings.map(({ rule }) => pen.code(rule));
  return [
    { text: scanCounts(counted) },
    { text: formatFew(lines.map(String), 3), style: "dim" },
    { text: actionOf(culprit, pen) },
    { text: formatFew(rules, 2) },
    { text: formatFew(names, 3), style: "dim" },
  ];
}

function actionOf({ findings: [finding], update }: Culprit, pen: Pen): string {
  if (finding === undefined) return "";
  const subject = finding.package ?? finding.path ?? finding.rule;
  const held = pen.code(`${subject} ${finding.installed ?? ""}`);
  if (update !== undefined) return `update ${held} → ${pen.code(update)}`;
  const remedy = remedyOf(finding);
  return remedy?.kind === "none" ? `${held}: ${remedy.words}` : held;
}
