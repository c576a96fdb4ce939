import type { Finding } from "../../model/finding.ts";
import type { ReportImage } from "../../model/report.ts";
import { scanCounts } from "../counts.ts";
import { formatFew, plural } from "../format.ts";
import type { Culprit } from "../group-packages.ts";
import { link } from "../markdown-escape.ts";
import { remedyOf, withoutUpdate } from "../remedy.ts";
import { stack, table } from "./blocks.ts";
import { code, lineLinks, type Page, sentence, stageNames } from "./page.ts";

/** Problems that are named of each package. */
const NAMED = 3;

/** Which packages make the goals on severity of an image missed, those with an update first. */
export function updates(page: Page, image: ReportImage): string {
  const { updates: fixable, others } = page.culprits.get(image) ?? { updates: [], others: [] };
  if (page.detail.updates === 0) return "";
  return stack([
    fixable.length === 0 ? "" : updateTable(page, image, fixable),
    withoutFix(page, others),
  ]);
}

/** Which stages a package is in is said once where that is the same for all of them. */
function updateTable(page: Page, image: ReportImage, updatable: readonly Culprit[]): string {
  const shown = updatable.slice(0, page.detail.updates);
  const rest = updatable.length - shown.length;
  const stages = image.stages.filter((stage) =>
    updatable.some((culprit) => culprit.stages.includes(stage)),
  );
  const isSame = updatable.every((culprit) => culprit.stages.length === stages.length);
  const where = isSame && image.stages.length > 1 ? ` in ${stageNames(page, image, stages)}` : "";
  const rows = table(
    [
      { title: "Update" },
      { title: "Against" },
      { title: "Line", align: "right" },
      ...(isSame ? [] : [{ title: "Stages" }]),
    ],
    shown.map((culprit) => [
      updateCell(page, culprit),
      againstCell(page, culprit),
      lineLinks(page, image, culprit.lines),
      ...(isSame ? [] : [stageNames(page, image, culprit.stages)]),
    ]),
  );
  return stack([
    `**Updates that the goal on severity asks for**${where}`,
    rows,
    rest > 0 ? `… and ${plural(rest, "more package")}.` : "",
    "Each is the least version without these; what depends on it may have to move too.",
  ]);
}

/** `Werkzeug` 2.2.2 → **3.0.3** */
function updateCell(page: Page, { findings: [finding], update = "" }: Culprit): string {
  if (finding === undefined) return "";
  const installed = sentence(page, finding.installed ?? "");
  return `${code(page, finding.package ?? "")} ${installed} → **${sentence(page, update)}**`;
}

function againstCell(page: Page, { findings, counted }: Culprit): string {
  const rules = findings.map((finding) => link(code(page, finding.rule), finding.help));
  return `${scanCounts(counted)}: ${formatFew(rules, NAMED)}`;
}

/** What no update helps against, and what can be done all the same. */
function withoutFix(page: Page, others: readonly Culprit[]): string {
  const most = Math.max(1, Math.ceil(page.detail.updates / 2));
  const all = others.flatMap(({ findings }) => findings);
  const sentences = withoutUpdate(all, (finding) => finding).map(({ title, help, subjects }) => {
    const named = subjects.map((finding) => unfixed(page, finding));
    return `${title}: ${formatFew(named, most)}. ${help}`;
  });
  return stack(sentences);
}

function unfixed(page: Page, finding: Finding): string {
  const rule = link(code(page, finding.rule), finding.help);
  const where = code(page, finding.package ?? finding.path ?? finding.rule);
  const remedy = remedyOf(finding);
  const words = remedy?.kind === "none" ? `, ${remedy.words}` : "";
  return `${where} (${finding.severity} ${rule}${words})`;
}
