import type { ReportImage } from "../../model/report.ts";
import { formatBytes, formatFew, plural } from "../format.ts";
import { groupAdvice, type SharedAdvice } from "../group-advice.ts";
import { stack, table, unbroken } from "./blocks.ts";
import { code, lineLinks, type Page, sentence } from "./page.ts";

/** What to write otherwise, and what that saves. */
export function adviceTable(page: Page, image: ReportImage): string {
  const advice = groupAdvice(image.stages);
  const shown = advice.slice(0, page.detail.advice);
  if (shown.length === 0) return "";
  const rows = table(
    [
      { title: "Saves", align: "right" },
      { title: "Stages" },
      { title: "Line", align: "right" },
      { title: "What, and what to write instead" },
    ],
    shown.map((one) => adviceRow(page, image, one)),
  );
  const more = advice.length - shown.length;
  const rest = more > 0 ? `… and ${plural(more, "smaller saving")}.` : "";
  return stack(["**What would make it smaller**", rows, rest]);
}

function adviceRow(page: Page, image: ReportImage, advice: SharedAdvice): readonly string[] {
  const names = advice.stages.map((stage) => code(page, stage.name));
  return [
    unbroken(formatBytes(advice.bytes)),
    formatFew(names, 3),
    lineLinks(page, image, advice.lines),
    `${sentence(page, advice.message)}<br>${code(page, advice.instead)}`,
  ];
}
