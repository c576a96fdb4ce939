// What is kept of a step's output for the case that it fails: little, however much it writes.

import type { OutputStream } from "./progress.ts";
import {
  isChatter,
  looksLikeError,
  NO_OUTPUT,
  omission,
  type StepOutput,
  standsInUsage,
} from "./telling-lines.ts";

/** Last lines that are kept of each stream: a program can say its error on one, and go on on the other. */
const TAIL_LINES = 30;
/** Lines kept that look like errors, with what follows them: so many of the first, and of the last. */
const ERROR_LINES = 18;
/** A line that looks like an error, and the next ones of its stream, which say where or what it is. */
const PASSAGE_LINES = 3;
/** The same, where all of these are indented: a compiler's picture of the place, a list of calls. */
const INDENTED_LINES = 10;
/** Last lines of each stream that say most of why it failed where errors were found as well. */
const ENDS = { stderr: 3, stdout: 2 } as const;
/** Characters of one line. */
const LINE_CHARACTERS = 500;
/** Characters of a line that is not at its end yet; what is beyond them is not waited for. */
const OPEN_CHARACTERS = 65_536;

interface KeptLine {
  /** Counts the lines of both streams, in the order in which they came. */
  readonly at: number;
  readonly text: string;
  /** It says how a program is to be called, or what is said of every step. */
  readonly isNoise: boolean;
}

/** Where a stream is. */
interface Passage {
  /** Lines since the last that looked like an error, itself included; 0 where it is over. */
  length: number;
  isIndented: boolean;
  isUsage: boolean;
}

/** What was written of a line that is not at its end. */
interface OpenLine {
  text: string;
  /** It was told already, and is too long to be waited for. */
  isTold: boolean;
}

/** Puts the lines of a step's two streams together, and keeps those that will be asked for. */
export class OutputKeeper {
  readonly #conceal: (line: string) => string;
  readonly #open = { stdout: newLine(), stderr: newLine() };
  readonly #tails = { stdout: newList(), stderr: newList() };
  readonly #firstErrors = newList();
  readonly #lastErrors = newList();
  readonly #passages = { stdout: newPassage(), stderr: newPassage() };
  #count = 0;

  /** @param conceal takes secrets out of a line, which is done before it is cut. */
  constructor(conceal = (line: string) => line) {
    this.#conceal = conceal;
  }

  /** Takes a piece in. Gives the lines that have come to their end with it, as they may be shown. */
  add(stream: OutputStream, piece: string): readonly string[] {
    const open = this.#open[stream];
    const [first = "", ...others] = piece.split("\n");
    const texts = [open.text + first, ...others];
    const rest = texts.pop() ?? "";
    if (others.length > 0 && open.isTold) {
      texts.shift();
      open.isTold = false;
    }
    open.text = open.isTold ? "" : rest;
    if (rest.length > OPEN_CHARACTERS) texts.push(...this.#tooLong(open));
    return texts.flatMap((text) => this.#keep(stream, text));
  }

  /** Tells the lines that have no end; nothing more is to come. */
  end(): readonly string[] {
    return (["stdout", "stderr"] as const).flatMap((stream) => {
      const { text } = this.#open[stream];
      this.#open[stream].text = "";
      return this.#keep(stream, text);
    });
  }

  /** What says why the step failed. */
  chosen(): StepOutput {
    const lists = [...Object.values(this.#tails), this.#firstErrors, this.#lastErrors];
    const kept = [...new Map(lists.flat().map((line) => [line.at, line])).values()];
    if (kept.length === 0) return NO_OUTPUT;
    kept.sort((left, right) => left.at - right.at);
    const lines: string[] = [];
    const places = new Map<number, number>();
    let next = 0;
    for (const { at, text } of kept) {
      if (at > next) lines.push(omission(at - next));
      places.set(at, lines.push(text) - 1);
      next = at + 1;
    }
    const telling = this.#ranked().flatMap((at) => places.get(at) ?? []);
    return { lines, telling: [...new Set(telling)] };
  }

  /**
   * The first error, the end of stderr, the end of stdout, the last error; then the next of each.
   * Where there are errors, little of either end is needed, and nothing that stdout said before the
   * first; where there are none, all of it.
   */
  #ranked(): readonly number[] {
    const firstError = this.#firstErrors[0]?.at;
    const hasErrors = firstError !== undefined;
    const [stderr, stdout] = (["stderr", "stdout"] as const).map((stream) => {
      const tail = this.#tails[stream];
      if (!hasErrors) return tail;
      const isLate = ({ at }: KeptLine) => stream === "stderr" || at > firstError;
      return tail.filter((line) => !line.isNoise && isLate(line)).slice(-ENDS[stream]);
    });
    const ends = [stderr ?? [], stdout ?? [], this.#lastErrors].map((list) => list.toReversed());
    const lists = [this.#firstErrors, ...ends];
    const most = Math.max(...lists.map(({ length }) => length));
    return Array.from({ length: most }, (_, turn) =>
      lists.flatMap(({ [turn]: line }) => (line === undefined ? [] : [line.at])),
    ).flat();
  }

  /** What a terminal would still show of a line that is written over needs no room. */
  #tooLong(open: OpenLine): readonly string[] {
    open.text = lastVersion(open.text);
    if (open.text.length <= OPEN_CHARACTERS) return [];
    const told = open.text;
    open.text = "";
    open.isTold = true;
    return [told];
  }

  #keep(stream: OutputStream, written: string): readonly string[] {
    const line = lastVersion(written);
    if (line.trim() === "") return [];
    const text = this.#conceal(line).slice(0, LINE_CHARACTERS);
    const isError = this.#isOfError(stream, text);
    const isNoise = this.#passages[stream].isUsage || isChatter(text);
    const kept = { at: this.#count, text: copied(text), isNoise };
    this.#count += 1;
    const tail = this.#tails[stream];
    tail.push(kept);
    if (tail.length > TAIL_LINES) tail.shift();
    if (isError) this.#keepError(kept);
    return [text];
  }

  /** Whether a line looks like an error or still belongs to the one above it. */
  #isOfError(stream: OutputStream, text: string): boolean {
    const passage = this.#passages[stream];
    passage.isUsage = standsInUsage(text, passage.isUsage);
    if (passage.isUsage) {
      passage.length = 0;
    } else if (looksLikeError(text)) {
      passage.length = 1;
      passage.isIndented = true;
    } else if (passage.length > 0) {
      passage.isIndented &&= /^\s|^\d+ *\|/.test(text);
      const most = passage.isIndented ? INDENTED_LINES : PASSAGE_LINES;
      passage.length = passage.length < most ? passage.length + 1 : 0;
    }
    return passage.length > 0;
  }

  #keepError(line: KeptLine): void {
    if (this.#firstErrors.length < ERROR_LINES) {
      this.#firstErrors.push(line);
      return;
    }
    this.#lastErrors.push(line);
    if (this.#lastErrors.length > ERROR_LINES) this.#lastErrors.shift();
  }
}

function newLine(): OpenLine {
  return { text: "", isTold: false };
}

function newList(): KeptLine[] {
  return [];
}

function newPassage(): Passage {
  return { length: 0, isIndented: false, isUsage: false };
}

/** The part of a text keeps all of it in memory, megabytes of output here; a copy does not. */
function copied(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** `10%\r20%\r` -> `20%`: what a terminal would show of a line that is written over. */
function lastVersion(line: string): string {
  return line.split("\r").findLast((version) => version.trim() !== "") ?? "";
}
