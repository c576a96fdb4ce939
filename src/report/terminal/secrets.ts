import type { Report, ReportStage } from "../../model/report.ts";
import { formatFew, plural } from "../format.ts";
import {
  deletedWords,
  IN_CONFIGURATION,
  MOST_NAMED,
  type Secret,
  secretsAdvice,
} from "../secrets.ts";
import { stageName } from "../sentences.ts";
import { shortPath } from "../visible.ts";
import { indentedSentence, indentedTable, type Screen } from "./screen.ts";
import type { Cell } from "./table.ts";

const ROWS = 10;
const PATH_LENGTH = 120;

/** Secrets in the images, whatever the goals say: what, where, at which line, in which stages. */
export function secretLines(
  report: Report,
  secrets: readonly Secret[],
  screen: Screen,
): readonly string[] {
  if (secrets.length === 0) return [];
  const rest = secrets.length - ROWS;
  const columns = [
    { title: "secret" },
    { title: "in" },
    { title: "line", align: "right" },
    { title: "stages" },
  ] as const;
  const rows = secrets.slice(0, ROWS).map((secret) => secretRow(report, secret, screen));
  return [
    screen.paint("⚠️ Secrets in the image", "bold"),
    ...indentedTable(columns, rows, screen),
    ...(rest > 0 ? [screen.paint(`  and ${plural(rest, "more secret")}`, "dim")] : []),
    ...indentedSentence(
      secretsAdvice(secrets, (stage) => screen.pen.code(stageName(report, stage))),
      screen,
    ),
  ];
}

/** What is red makes a goal missed. */
function secretRow(report: Report, secret: Secret, { pen }: Screen): readonly Cell[] {
  const nameOf = (stage: ReportStage) => pen.code(stageName(report, stage));
  const rules = secret.rules.map((rule) => pen.code(rule)).join(", ");
  const deleted = deletedWords(secret, nameOf);
  const path = secret.path === undefined ? IN_CONFIGURATION : shortPath(secret.path, PATH_LENGTH);
  return [
    { text: rules, ...(secret.breaksGoal && { style: "red" }) },
    { text: deleted === "" ? path : `${path}\n${deleted}` },
    { text: formatFew(secret.lines.map(String), 3), style: "dim" },
    { text: formatFew(secret.stages.map(nameOf), MOST_NAMED), style: "dim" },
  ];
}
