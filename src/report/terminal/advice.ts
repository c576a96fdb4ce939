import type { Report, ReportStage } from "../../model/report.ts";
import { enoughWords, togetherWords, unadvisedWords } from "../advice-goals.ts";
import { contextSentence, plainInstead, plainWords } from "../advice-words.ts";
import { formatBytes, formatCount, formatFew } from "../format.ts";
import { groupAdvice, type SharedAdvice } from "../group-advice.ts";
import type { Pen } from "../sentences.ts";
import { shortLine } from "../visible.ts";
import { type Screen, tableBlock } from "./screen.ts";

/** Of each Dockerfile. */
const ROWS = 5;
/** Of what is to be copied nothing should be lacking. */
const TEXT_LENGTH = 600;

/**
 * What to write otherwise, and what that saves: one block a Dockerfile.
 * @param restIsIn where what there is no room for can be read
 */
export function adviceLines(
  report: Report,
  screen: Screen,
  restIsIn: string,
): readonly (readonly string[])[] {
  const { pen } = screen;
  return report.images.flatMap((image) => {
    const all = groupAdvice(image.stages);
    const advice = all.slice(0, ROWS);
    const more = all.length - advice.length;
    const named = (stage: ReportStage) => pen.code(stage.name);
    const unadvised = unadvisedWords(image.stages, named);
    const title = `What would make ${pen.code(image.dockerfile)} smaller`;
    if (advice.length === 0) {
      return unadvised === "" ? [] : [[screen.paint(title, "bold"), `  ${unadvised}`]];
    }
    const rows = advice.map((one) => [
      { text: formatBytes(one.bytes) },
      { text: formatFew(one.lines.map(String), 4), style: "dim" } as const,
      { text: wordsOf(one, pen) },
    ]);
    const rest = more > 0 ? `and ${formatCount(more)} more, ${restIsIn}` : "";
    const together = togetherWords(image.stages, named);
    const notes = [rest, together, unadvised, contextSentence(advice, image)];
    const columns = [
      { title: "saves", align: "right" },
      { title: "line", align: "right" },
      { title: "what" },
    ] as const;
    const block = tableBlock(title, columns, rows, screen);
    return [[...block, ...notes.filter((note) => note !== "").map((note) => `  ${note}`)]];
  });
}

function wordsOf(advice: SharedAdvice, pen: Pen): string {
  const { message, stages, enoughFor } = advice;
  const named = (stage: ReportStage) => pen.code(stage.name);
  const enough = enoughWords(enoughFor, named);
  return [
    `${shortLine(plainWords(message), TEXT_LENGTH)} (${formatFew(stages.map(named), 3)})`,
    `→ ${shortLine(plainInstead(advice), TEXT_LENGTH)}`,
    ...(enough === "" ? [] : [enough]),
  ].join("\n");
}
