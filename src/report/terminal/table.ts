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

const GAP = "  ";

/**
 * Lines of a table: columns as wide as their widest cell, numbers to the right. Where no column has
 * a title there is no line of titles. What is wider than `room` characters is broken into lines.
 */
export function terminalTable(
  columns: readonly TerminalColumn[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
  room?: number,
): readonly string[] {
  const titles = columns.map(({ title }): Cell => ({ text: title, style: "dim" }));
  const hasTitles = titles.some(({ text }) => text !== "");
  const all = [...(hasTitles ? [titles] : []), ...rows].flatMap(splitLines);
  const lines = room === undefined ? all : fitted(all, columns.length, room).flatMap(splitLines);
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => width(line[at]))));
  return lines.map((line) =>
    columns
      .map(({ align }, at) => padded(line[at] ?? { text: "" }, widths[at] ?? 0, align, paint))
      .join(GAP)
      .trimEnd(),
  );
}

/** No column becomes narrower than this: then a line is too long, which is the lesser evil. */
const LEAST = 24;

/** Breaks the text of the widest column, as far as it takes. */
function fitted(
  lines: readonly (readonly Cell[])[],
  columns: number,
  room: number,
): readonly (readonly Cell[])[] {
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...lines.map((line) => width(line[at]))),
  );
  const total = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns - 1);
  if (total <= room) return lines;
  const widest = widths.indexOf(Math.max(...widths));
  const length = Math.max(LEAST, (widths[widest] ?? 0) - (total - room));
  return lines.map((line) =>
    line.map((cell, at) => (at === widest ? { ...cell, text: wrapped(cell.text, length) } : cell)),
  );
}

/** Text in lines of at most `length` characters, broken between words where that is possible. */
function wrapped(text: string, length: number): string {
  const lines: string[] = [];
  let rest = [...text];
  while (rest.length > length) {
    const space = rest.lastIndexOf(" ", length);
    const end = space > length / 2 ? space : length;
    lines.push(rest.slice(0, end).join(""));
    rest = rest.slice(rest[end] === " " ? end + 1 : end);
  }
  return [...lines, rest.join("")].join("\n");
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
