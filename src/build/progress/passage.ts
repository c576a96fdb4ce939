// Where a stream of a step's output is: in an error, in a warning, or in what says nothing of either.

import { isChatter, isFiller, isWarning, looksLikeError, standsInUsage } from "./telling-lines.ts";
import { isOfWrapper } from "./wrapper-lines.ts";

/** A line that looks like an error, and the next ones of its stream, which say where or what it is. */
const PASSAGE_LINES = 3;
/** The same, where all of these are indented: a compiler's picture of the place, a list of calls. */
const INDENTED_LINES = 10;

/** What a line is to those around it. */
export interface LineRole {
  /** It looks like an error, or still belongs to the one above it. */
  readonly isError: boolean;
  /** It is the first line of an error, and the line above it is of none. */
  readonly isFirst: boolean;
  /** What is not of use to somebody who looks for the error. */
  readonly isNoise: boolean;
  /** It says that something failed, and not what. */
  readonly isOfWrapper: boolean;
}

/** Reads one stream, line by line. */
export class Passage {
  /** Lines since the last that looked like an error, itself included; 0 where it is over. */
  #length = 0;
  #isIndented = false;
  #isUsage = false;
  #isWarning = false;

  /** Takes the next line in. */
  read(line: string): LineRole {
    const before = this.#length;
    this.#isUsage = standsInUsage(line, this.#isUsage);
    this.#isWarning = isWarning(line) || (this.#isWarning && belongsToWarning(line));
    const isOther = this.#isUsage || this.#isWarning || isChatter(line);
    const ofWrapper = !isOther && isOfWrapper(line);
    this.#length = isOther || ofWrapper ? 0 : this.#lengthWith(line);
    const isError = this.#length > 0;
    return {
      isError,
      isFirst: isError && before === 0,
      isNoise: isOther || isFiller(line),
      isOfWrapper: ofWrapper,
    };
  }

  #lengthWith(line: string): number {
    if (looksLikeError(line)) {
      this.#isIndented = true;
      return 1;
    }
    if (this.#length === 0 || isHeading(line)) return 0;
    this.#isIndented &&= isIndented(line);
    const most = this.#isIndented ? INDENTED_LINES : PASSAGE_LINES;
    return this.#length < most ? this.#length + 1 : 0;
  }
}

/** `    6 | }`, `6 | }`, and whatever else is moved to the right. */
function isIndented(line: string): boolean {
  return /^\s|^\d+ *\|/.test(line);
}

/** The words of an error in a compiler's picture of the place are those of the source. */
function belongsToWarning(line: string): boolean {
  return /^ *\d* *\|/.test(line) || (isIndented(line) && !looksLikeError(line));
}

/** `----- Captured stdout call -----`: something else begins. */
function isHeading(line: string): boolean {
  return /^([-=_*])\1{4}/.test(line);
}
