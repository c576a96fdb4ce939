// What is kept of a step's output for the case that it fails: little, however much it writes.

import { type LineRole, Passage } from "./passage.ts";
import type { OutputStream } from "./progress.ts";
import { NO_OUTPUT, omission, type StepOutput } from "./telling-lines.ts";

/** Last lines that are kept of each stream: a program can say its error on one, and go on on the other. */
const TAIL_LINES = 30;
/** Lines kept that look like errors, with what follows them: so many of the first, and of the last. */
const ERROR_LINES = 18;
/** Last lines of each stream that say most of why it failed where errors were found as well. */
const ENDS = { stderr: 3, stdout: 2 } as const;
/** Lines before what make, npm and their like say at the end, where nothing there looks like an error. */
const BEFORE_WRAPPER = 6;
/** Last lines of those that are shown. */
const OF_WRAPPER = 2;
/** Single lines between others: no more than these can be. */
const BETWEEN_LINES = 2 * (TAIL_LINES + ERROR_LINES);
/** Characters of one line. */
const LINE_CHARACTERS = 500;
/** Characters of a line that is not at its end yet; what is beyond them is not waited for. */
const OPEN_CHARACTERS = 65_536;

interface KeptLine {
  /** Counts the lines of both streams, in the order in which they came. */
  readonly at: number;
  readonly text: string;
  readonly role: LineRole;
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
  /** Single lines between others that are kept: to leave one out would spare nothing. */
  readonly #between = newList();
  readonly #passages = { stdout: new Passage(), stderr: new Passage() };
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
    const kept = this.#all();
    if (kept.length === 0) return NO_OUTPUT;
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

  /** In the order in which they were written. */
  #all(): readonly KeptLine[] {
    const lists = [...Object.values(this.#tails), this.#firstErrors, this.#lastErrors];
    const kept = new Map(lists.flat().map((line) => [line.at, line]));
    const between = this.#between.filter(({ at }) => kept.has(at - 1) && kept.has(at + 1));
    for (const line of between) kept.set(line.at, line);
    return [...kept.values()].sort((left, right) => left.at - right.at);
  }

  /**
   * The first error, the end of stderr, the end of stdout, the last error, what stands before the words
   * of a wrapper, the last of these; then the next of each. Where there are errors, little of either
   * end is needed, and nothing that stdout said before the first; where there are none, all of it.
   * Noise is last.
   */
  #ranked(): readonly number[] {
    const firstError = this.#firstErrors[0]?.at;
    const hasErrors = firstError !== undefined;
    const [stderr, stdout] = (["stderr", "stdout"] as const).map((stream) => {
      const tail = this.#tails[stream].filter(({ role }) => !role.isOfWrapper);
      if (!hasErrors) return tail;
      const isLate = ({ at }: KeptLine) => stream === "stderr" || at > firstError;
      return tail.filter((line) => !line.role.isNoise && isLate(line)).slice(-ENDS[stream]);
    });
    const late = [this.#lastErrors, this.#beforeWrapper(), this.#ofWrapper()];
    const ends = [stderr ?? [], stdout ?? [], ...late].map((list) => list.toReversed());
    const lists = [this.#firstErrors, ...ends].map(noiseLast);
    const most = Math.max(...lists.map(({ length }) => length));
    return Array.from({ length: most }, (_, turn) =>
      lists.flatMap(({ [turn]: line }) => (line === undefined ? [] : [line.at])),
    ).flat();
  }

  /** The last words of wrappers, in order. */
  #ofWrapper(): readonly KeptLine[] {
    return this.#ends()
      .filter(({ role }) => role.isOfWrapper)
      .slice(-OF_WRAPPER);
  }

  /**
   * The lines of both streams before the words of a wrapper that one of them ends in: they say why,
   * whatever they look like.
   */
  #beforeWrapper(): readonly KeptLine[] {
    const last = Object.values(this.#tails).flatMap((tail) => {
      const end = tail.findLast(({ role }) => !role.isNoise);
      return end?.role.isOfWrapper === true ? [end.at] : [];
    });
    const before = this.#ends().filter(
      ({ at, role }) => at < Math.max(...last) && !role.isOfWrapper && !role.isNoise,
    );
    return before.at(-1)?.role.isError === true ? [] : before.slice(-BEFORE_WRAPPER);
  }

  /** The last lines of both streams, in the order in which they were written. */
  #ends(): readonly KeptLine[] {
    return Object.values(this.#tails)
      .flat()
      .sort((left, right) => left.at - right.at);
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
    const role = this.#passages[stream].read(text);
    const kept = { at: this.#count, text: copied(text), role };
    this.#count += 1;
    const tail = this.#tails[stream];
    const above = tail.at(-1);
    tail.push(kept);
    if (role.isError) this.#keepError(kept);
    if (role.isFirst && above !== undefined && leadsOn(above)) this.#keepError(above);
    if (tail.length > TAIL_LINES) this.#leave(tail.shift());
    return [text];
  }

  #keepError(line: KeptLine): void {
    if (this.#firstErrors.length < ERROR_LINES) {
      this.#firstErrors.push(line);
      return;
    }
    this.#lastErrors.push(line);
    if (this.#lastErrors.length > ERROR_LINES) this.#lastErrors.shift();
  }

  /** Keeps a line that is in no tail any more where those beside it are kept: see `#between`. */
  #leave(line: KeptLine | undefined): void {
    if (line === undefined) return;
    const lists = [...Object.values(this.#tails), this.#firstErrors, this.#lastErrors];
    const isKept = (place: number) => lists.some((list) => list.some(({ at }) => at === place));
    if (!isKept(line.at - 1) || !isKept(line.at + 1)) return;
    this.#between.push(line);
    if (this.#between.length > BETWEEN_LINES) this.#between.splice(ERROR_LINES, 1);
  }
}

function newLine(): OpenLine {
  return { text: "", isTold: false };
}

function newList(): KeptLine[] {
  return [];
}

/** ``b.o: in function `depth':``, `# example.com/app`: what is wrong there is said next. */
function leadsOn({ text, role }: KeptLine): boolean {
  return !role.isNoise && !role.isOfWrapper && (text.endsWith(":") || /^# \S+$/.test(text));
}

function noiseLast(lines: readonly KeptLine[]): readonly KeptLine[] {
  const isNoise = ({ role }: KeptLine) => role.isNoise;
  return [...lines.filter((line) => !isNoise(line)), ...lines.filter(isNoise)];
}

/** The part of a text keeps all of it in memory, megabytes of output here; a copy does not. */
function copied(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** `10%\r20%\r` -> `20%`: what a terminal would show of a line that is written over. */
function lastVersion(line: string): string {
  return line.split("\r").findLast((version) => version.trim() !== "") ?? "";
}
