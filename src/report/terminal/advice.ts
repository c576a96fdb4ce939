import type { Report } from "../../model/report.ts";
import { contextSentence } from "../advice-words.ts";
import { formatBytes, formatFew } from "../format.ts";
import { groupAdvice, type SharedAdvice } from "../group-advice.ts";
import type { Pen } from "../sentences.ts";
import { shortLine } from "../visible.ts";
import { type Screen, tableBlock } from "./screen.ts";

/** Of each Dockerfile. */
const ROWS = 5;
/** Of what is to be copied nothing should be lacking. */
const TEXT_LENGTH = 600;

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
    const sent = contextSentence(advice, image);
    const title = `What would make ${pen.code(image.dockerfile)} smaller`;
    const columns = [
      { title: "saves", align: "right" },
      { title: "line", align: "right" },
      { title: "what" },
    ] as const;
    const block = tableBlock(title, columns, rows, screen);
    return [sent === "" ? block : [...block, `  ${sent}`]];
  });
}

function wordsOf({ message, instead, stages }: SharedAdvice, pen: Pen): string {
  const names = stages.map(({ name }) => pen.code(name));
  return [
    `${shortLine(message, TEXT_LENGTH)} (${formatFew(names, 3)})`,
    `→ ${shortLine(instead, TEXT_LENGTH)}`,
  ].join("\n");
}
