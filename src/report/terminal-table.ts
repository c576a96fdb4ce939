import { styleText } from "node:util";

/** What can be said in colour. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow";

/** Text and how it is shown. Lines within it stand below each other. */
export interface Cell {
  readonly text: string;
  readonly style?: Style | readonly Style[];
}

/** A column of a table in the terminal. */
export interface TerminalColumn {
  readonly title: string;
  readonly align?: "right";
}

/** Shows text in a style, or as it is where there is no colour. */
export type Paint = (text: string, style: Cell["style"]) => string;

/** How text is painted, whatever the environment says: the caller has decided. */
export function paintWith(color: boolean): Paint {
  return (text, style) => {
    if (!color || style === undefined || text === "") return text;
    return styleText([style].flat(), text, { validateStream: false });
  };
}

/**
 * Lines of a table: columns as wide as their widest cell, numbers to the right. Where no column has
 * a title there is no line of titles.
 */
export function terminalTable(
  columns: readonly TerminalColumn[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
): readonly string[] {
  const titles = columns.map(({ title }): Cell => ({ text: title, style: "dim" }));
  const hasTitles = titles.some(({ text }) => text !== "");
  const lines = [...(hasTitles ? [titles] : []), ...rows].flatMap(splitLines);
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => width(line[at]))));
  return lines.map((line) =>
    columns
      .map(({ align }, at) => padded(line[at] ?? { text: "" }, widths[at] ?? 0, align, paint))
      .join("  ")
      .trimEnd(),
  );
}

/** A row of cells with several lines each as several rows. */
function splitLines(row: readonly Cell[]): readonly (readonly Cell[])[] {
  const cells = row.map(({ text, style }) =>
    text
      .split("\n")
      .map((line): Cell => (style === undefined ? { text: line } : { text: line, style })),
  );
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => cells.map((lines) => lines[at] ?? { text: "" }));
}

function padded(
  { text, style }: Cell,
  size: number,
  align: "right" | undefined,
  paint: Paint,
): string {
  const space = " ".repeat(size - width({ text }));
  return align === "right" ? `${space}${paint(text, style)}` : `${paint(text, style)}${space}`;
}

function width(cell: Cell | undefined): number {
  return [...(cell?.text ?? "")].length;
}
