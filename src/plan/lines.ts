import type { LineRange } from "../model/plan.ts";
import type { Fault } from "./fault.ts";

/** Without its line break. https://pkg.go.dev/bufio#MaxScanTokenSize */
const MAX_LINE_BYTES = 65_535;

/** A part of an instruction that stands on one line of the file, without its line break. */
export interface Piece {
  readonly text: string;
  /** Where it begins in the file, in UTF-16 units. */
  readonly offset: number;
}

/** What BuildKit reads as one line: continuation lines joined, comments among them left out. */
export interface LogicalLine {
  /** All lines that were read for it, comments and empty ones at its end included. */
  readonly lines: LineRange;
  readonly pieces: readonly Piece[];
}

/** A line of the file as it stands there, without its line break. */
interface PhysicalLine extends Piece {
  readonly number: number;
}

/** Text of a logical line as BuildKit joins it: with nothing in between. */
export function joinedText(line: LogicalLine): string {
  return line.pieces.map((piece) => piece.text).join("");
}

/** Goes through a Dockerfile from top to bottom, once. */
export class LineCursor {
  readonly #lines: readonly PhysicalLine[];
  #position = 0;
  #escapeCharacter = "\\";

  constructor(text: string) {
    this.#lines = physicalLines(text);
  }

  /** The leading comments, of which some may be parser directives; they stay to be read. */
  leadingComments(): readonly PhysicalLine[] {
    const end = this.#lines.findIndex((line) => !line.text.trimStart().startsWith("#"));
    return this.#lines.slice(0, end === -1 ? undefined : end);
  }

  /** The character that continues a line from now on: `\` or a backtick. */
  continueWith(escapeCharacter: string): void {
    this.#escapeCharacter = escapeCharacter;
  }

  /** The next instruction; undefined at the end of the file. */
  next(): LogicalLine | undefined {
    for (;;) {
      const line = this.#take();
      if (line === undefined) return undefined;
      const first = withoutLeadingSpace(line);
      if (first.text !== "" && !first.text.startsWith("#")) return this.#continued(line, first);
    }
  }

  /**
   * The lines of a here-document up to the one that ends it, which is the last of them; undefined
   * when the file ends first.
   */
  heredoc(terminator: string, ignoresTabs: boolean): readonly Piece[] | undefined {
    const lines: Piece[] = [];
    for (let line = this.#take(); line !== undefined; line = this.#take()) {
      lines.push(line);
      const end = ignoresTabs ? line.text.replace(/^\t+/, "") : line.text;
      if (end === terminator) return lines;
    }
    return undefined;
  }

  /** Lines that BuildKit cannot hold. */
  overlongLines(): readonly Fault[] {
    return this.#lines
      .filter((line) => Buffer.byteLength(line.text) > MAX_LINE_BYTES)
      .map((line) => ({ line: line.number, what: "a line holds at most 65,535 bytes" }));
  }

  /** Number of the last line that was read. */
  get lastLine(): number {
    return this.#position;
  }

  #take(): PhysicalLine | undefined {
    const line = this.#lines[this.#position];
    if (line !== undefined) this.#position += 1;
    return line;
  }

  #continued(firstLine: PhysicalLine, first: Piece): LogicalLine {
    const pieces: Piece[] = [];
    let continuation = continuationOf(first, this.#escapeCharacter);
    pieces.push(continuation ?? first);
    while (continuation !== undefined) {
      const line = this.#take();
      if (line === undefined) break;
      const start = line.text.trimStart();
      if (start === "" || start.startsWith("#")) continue;
      continuation = continuationOf(line, this.#escapeCharacter);
      pieces.push(continuation ?? line);
    }
    return { lines: { start: firstLine.number, end: this.#position }, pieces };
  }
}

function physicalLines(text: string): readonly PhysicalLine[] {
  const lines: PhysicalLine[] = [];
  // A byte-order mark stands before the first line, not on it.
  let offset = text.startsWith("\uFEFF") ? 1 : 0;
  while (offset < text.length) {
    const lineBreak = text.indexOf("\n", offset);
    const end = lineBreak === -1 ? text.length : lineBreak;
    const line = text.slice(offset, end);
    lines.push({ text: withoutEnd(line, "\r"), offset, number: lines.length + 1 });
    offset = end + 1;
  }
  return lines;
}

function withoutLeadingSpace(line: Piece): Piece {
  const text = line.text.trimStart();
  return { text, offset: line.offset + line.text.length - text.length };
}

/**
 * A line without the character that continues it; undefined when nothing does. Blanks may follow
 * that character; doubled, it stands for itself.
 */
function continuationOf(line: Piece, escapeCharacter: string): Piece | undefined {
  const text = withoutEnd(line.text, " \t");
  if (!text.endsWith(escapeCharacter) || text.endsWith(escapeCharacter + escapeCharacter))
    return undefined;
  return { text: text.slice(0, -1), offset: line.offset };
}

/** Text without these characters at its end; a regular expression would go back and forth. */
function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
