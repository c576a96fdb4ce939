import type { Pen } from "../sentences.ts";
import { type Cell, type Paint, type TerminalColumn, terminalTable } from "./table.ts";

/** What the blocks of the report are written on. */
export interface Screen {
  /** Writes names and sentences of somebody else: on one line, with nothing that steers. */
  readonly pen: Pen;
  readonly paint: Paint;
  /** How many characters are beside each other. Undefined: as many as there are. */
  readonly columns: number | undefined;
}

const INDENT = "  ";

/** A table below its title, no wider than the screen. */
export function tableBlock(
  title: string,
  columns: readonly TerminalColumn[],
  rows: readonly (readonly Cell[])[],
  screen: Screen,
): readonly string[] {
  return [screen.paint(title, "bold"), ...indentedTable(columns, rows, screen)];
}

/** A sentence of ours, indented, broken where the screen ends. Its code is written as it is typed. */
export function indentedSentence(sentence: string, screen: Screen): readonly string[] {
  const text = sentence.replaceAll("`", "");
  return indentedTable([{ title: "" }], [[{ text, style: "dim" }]], screen);
}

/** A table, indented, no wider than the screen. */
export function indentedTable(
  columns: readonly TerminalColumn[],
  rows: readonly (readonly Cell[])[],
  { paint, columns: available }: Screen,
): readonly string[] {
  const room = available === undefined ? undefined : available - INDENT.length;
  return terminalTable(columns, rows, paint, room).map((line) => `${INDENT}${line}`);
}
