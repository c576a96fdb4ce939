import type { Report } from "../model/report.ts";
import { formatBytes, formatFew } from "./format.ts";
import { groupAdvice, type SharedAdvice } from "./group-advice.ts";
import type { Pen } from "./sentences.ts";
import { type Screen, tableBlock } from "./terminal-screen.ts";
import { clip } from "./visible.ts";

/** Of each Dockerfile. */
const ROWS = 5;
const TEXT_LENGTH = 120;

/** What to write otherwise, and what that saves: one block a Dockerfile. */
export function adviceLines(report: Report, screen: Screen): readonly (readonly string[])[] {
  const { pen } = screen;
  return report.images.flatMap((image) => {
    const advice = groupAdvice(image.stages).slice(0, ROWS);
    if (advice.length === 0) return [];
    const rows = advice.map((one) => [
      { text: formatBytes(one.bytes) },
      { text: one.lines.slice(0, 3).join(", "), style: "dim" } as const,
      { text: wordsOf(one, pen) },
    ]);
    const title = `What would make ${pen.code(image.dockerfile)} smaller`;
    return [
      tableBlock(
        title,
        [{ title: "saves", align: "right" }, { title: "line", align: "right" }, { title: "what" }],
        rows,
        screen,
      ),
    ];
  });
}

function wordsOf({ message, instead, stages }: SharedAdvice, pen: Pen): string {
  const names = stages.map(({ name }) => pen.code(name));
  return [
    clip(`${pen.text(message)} (${formatFew(names, 3)})`, TEXT_LENGTH),
    clip(`→ ${pen.code(instead)}`, TEXT_LENGTH),
  ].join("\n");
}
