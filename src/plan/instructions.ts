import type { Instruction } from "../model/plan.ts";
import { type Command, parseArguments, parseCommand } from "./command.ts";
import { type Directives, readDirectives } from "./directives.ts";
import type { Fault } from "./fault.ts";
import { type Heredoc, heredocsOf } from "./heredocs.ts";
import { joinedText, LineCursor, type LogicalLine, type Piece } from "./lines.ts";

/** One instruction of a Dockerfile, with all that can be read in it. */
export interface ParsedInstruction extends Instruction {
  readonly command: Command;
  /** The instruction inside an `ONBUILD`. */
  readonly trigger: Command | undefined;
  /** Its line without here-documents, for those who change the text. */
  readonly source: LogicalLine;
}

/** What a Dockerfile says, instruction by instruction. */
export interface InstructionList {
  readonly directives: Directives;
  readonly instructions: readonly ParsedInstruction[];
  readonly faults: readonly Fault[];
}

const TAKES_HEREDOCS = ["RUN", "COPY", "ADD"];

/** Reads the instructions of a Dockerfile, with the lines that BuildKit counts for each. */
export function readInstructions(text: string): InstructionList {
  const cursor = new LineCursor(text);
  const directives = readDirectives(cursor);
  cursor.continueWith(directives.escapeCharacter);
  const instructions: ParsedInstruction[] = [];
  const faults: Fault[] = [...directives.faults, ...cursor.overlongLines()];
  for (let source = cursor.next(); source !== undefined; source = cursor.next()) {
    const line = joinedText(source);
    const command = parseCommand(line, directives.escapeCharacter);
    const trigger = triggerOf(command, directives.escapeCharacter);
    const bodies = readHeredocs(cursor, takesHeredocs(trigger ?? command) ? heredocsOf(line) : []);
    faults.push(...bodies.faults.map((what) => ({ line: source.lines.start, what })));
    instructions.push({
      keyword: command.keyword,
      lines: { start: source.lines.start, end: cursor.lastLine },
      text: textOf([...source.pieces, ...bodies.lines]),
      command,
      trigger,
      source,
    });
  }
  return { directives, instructions, faults };
}

function triggerOf(command: Command, escapeCharacter: string): Command | undefined {
  if (command.keyword !== "ONBUILD" || command.rest === "") return undefined;
  return parseCommand(command.rest, escapeCharacter);
}

function takesHeredocs(command: Command): boolean {
  return TAKES_HEREDOCS.includes(command.keyword) && parseArguments(command.rest).kind === "shell";
}

function readHeredocs(cursor: LineCursor, heredocs: readonly Heredoc[]) {
  const lines: Piece[] = [];
  const faults: string[] = [];
  for (const { terminator, ignoresTabs } of heredocs) {
    const body = cursor.heredoc(terminator, ignoresTabs);
    if (body === undefined)
      faults.push(`no line ${JSON.stringify(terminator)} ends its here-document`);
    lines.push(...(body ?? []));
  }
  return { lines, faults };
}

function textOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => piece.text.trim())
    .filter((text) => text !== "")
    .join(" ");
}
