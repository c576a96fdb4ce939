import type { Finding } from "../../model/finding.ts";
import type { ReportImage } from "../../model/report.ts";
import { plural } from "../format.ts";
import { noneAtOrAbove } from "../goal-words.ts";
import {
  hasGivenUp,
  type LintProblem,
  lintFindings,
  lintRows,
  lintSummary,
} from "../lint-findings.ts";
import { link } from "../markdown-escape.ts";
import { isAtLeast } from "../severity-order.ts";
import { details, stack, table } from "./blocks.ts";
import { code, lineLinks, type Page, statement } from "./page.ts";

/** What the linters found in a Dockerfile, as far as it is shown: what breaks a goal at once. */
export function lintDetails(
  page: Page,
  image: ReportImage,
  problems: readonly LintProblem[],
): string {
  if (problems.length === 0) return "";
  const findings = lintFindings(image);
  const breaking = problems.filter(({ finding }) => breaks(image, finding));
  const others = problems.filter(({ finding }) => !breaks(image, finding));
  const more = findings.length - problems.length;
  const rest = more > 0 ? `… and ${plural(more, "more finding")}.` : "";
  const table = stack([lintTable(page, image, others), rest]);
  if (breaking.length === 0) {
    return details(`${plural(findings.length, "lint finding")}: ${lintSummary(image)}`, table);
  }
  const limit = image.failOnLint?.limit ?? "";
  return stack([
    `**What the goal on lint asks for** (${noneAtOrAbove(limit)})`,
    lintTable(page, image, breaking),
    hasGivenUp(image) ? "Hadolint could not read on, and linted no more." : "",
    details("What the linters found besides", table),
  ]);
}

function breaks({ failOnLint }: ReportImage, finding: Finding): boolean {
  return failOnLint?.verdict === "fail" && isAtLeast(finding, failOnLint.limit);
}

/** One row a rule and what it says, with all its lines. */
function lintTable(page: Page, image: ReportImage, problems: readonly LintProblem[]): string {
  return table(
    [{ title: "Level" }, { title: "Rule" }, { title: "Line", align: "right" }, { title: "What" }],
    lintRows(problems).map(({ finding, words, rules, lines }) => [
      finding.severity,
      rules.map(({ rule, help }) => link(code(page, rule), help)).join(", "),
      lineLinks(page, image, lines),
      statement(page, words),
    ]),
  );
}
