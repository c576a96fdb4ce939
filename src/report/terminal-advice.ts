import type { Report, ReportImage } from "../model/report.ts";
import { formatBytes, formatFew } from "./format.ts";
import { groupAdvice, type SharedAdvice } from "./group-advice.ts";
import type { Pen } from "./sentences.ts";
import { type Paint, terminalTable } from "./terminal-table.ts";
import { clip } from "./visible.ts";

/** Of each Dockerfile. */
const ROWS = 5;
const TEXT_LENGTH = 90;

/** What to write otherwise, and what that saves: one block a Dockerfile. */
export function adviceLines(
  report: Report,
  pen: Pen,
  paint: Paint,
): readonly (readonly string[])[] {
  return report.images.flatMap((image) => {
    const advice = groupAdvice(image.stages).slice(0, ROWS);
    return advice.length === 0 ? [] : [blockOf(image, advice, pen, paint)];
  });
}

function blockOf(
  image: ReportImage,
  advice: readonly SharedAdvice[],
  pen: Pen,
  paint: Paint,
): readonly string[] {
  const title = `What would make ${pen.code(image.dockerfile)} smaller`;
  const table = terminalTable(
    [{ title: "saves", align: "right" }, { title: "line", align: "right" }, { title: "what" }],
    advice.map((one) => [
      { text: formatBytes(one.bytes) },
      { text: one.lines.slice(0, 3).join(", "), style: "dim" },
      { text: wordsOf(one, pen) },
    ]),
    paint,
  );
  return [paint(title, "bold"), ...table.map((line) => `  ${line}`)];
}

function wordsOf({ message, instead, stages }: SharedAdvice, pen: Pen): string {
  const names = stages.map(({ name }) => pen.code(name));
  return [
    clip(`${pen.text(message)} (${formatFew(names, 3)})`, TEXT_LENGTH),
    clip(`→ ${pen.code(instead)}`, TEXT_LENGTH),
  ].join("\n");
}
