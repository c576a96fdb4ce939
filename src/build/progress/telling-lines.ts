// Which lines of a failed step's output say why it failed.

/** What is kept of the output of a step. */
export interface StepOutput {
  /** In the order in which they were written, with `… 120 lines …` where lines were left out. */
  readonly lines: readonly string[];
  /**
   * Indices of those that say most of why it failed, the best first; marks are not among them. Where
   * no line looks like an error it is all of them.
   */
  readonly telling: readonly number[];
}

/** Of a step that said nothing. */
export const NO_OUTPUT: StepOutput = { lines: [], telling: [] };

/** `… 120 lines …`: stands where so many lines were left out. */
export function omission(count: number): string {
  return count === 1 ? "… 1 line …" : `… ${count} lines …`;
}

/**
 * Words of compilers, package managers and shells for what went wrong, where they stand for
 * themselves: not in `-Werror`, `libgpg-error0`, `error.js` or `src/errors/`.
 */
const ERROR_WORDS = [
  "errors?",
  "err!",
  "fatal",
  "fail(?:ed|ure)?",
  "panic(?:ked)?",
  "traceback",
  "exception",
  "undefined reference",
  "not found",
  "no such file",
  "no space left",
  "unable to",
  "could not",
  "permission denied",
  "segmentation fault",
  "killed",
];
const ERROR_WORD = new RegExp(`(?<![\\w./-])(?:${ERROR_WORDS.join("|")})(?![\\w/-]|\\.\\w|=)`, "i");

/** `TypeError: …`, `java.lang.IllegalStateException: …`, `E: …` as apt says it. */
const ERROR_NAME = /(?:[a-z](?:Error|Exception)\b|^\s*E: )/;

/** What says that all is well, in the words of errors. */
const NO_ERROR = /\b(?:0|no|without) (?:errors?|fail(?:ed|ures?))\b/i;

/** What npm writes between the paragraphs of an error. */
const NO_WORDS = /^npm (?:error|ERR!)(?: \d{3})?\s*$/i;

/** Whether a line looks like what a program says when it gives up. */
export function looksLikeError(line: string): boolean {
  if (NO_WORDS.test(line)) return false;
  return (ERROR_WORD.test(line) && !NO_ERROR.test(line)) || ERROR_NAME.test(line);
}

/**
 * Whether a line belongs to what npm says of how it is to be called, each line of which begins as an
 * error does.
 * @param isInside whether the line above does
 */
export function standsInUsage(line: string, isInside: boolean): boolean {
  const [said, words = ""] = /^npm (?:error|ERR!)(.*)$/i.exec(line) ?? [];
  if (said === undefined) return false;
  if (/^ (?:Usage:|Clean install a project|A complete log of this run)/.test(words)) return true;
  return isInside && !/^ (?:code|errno|syscall) /.test(words);
}

/** What package managers say of themselves, however a step ends. */
export function isChatter(line: string): boolean {
  return /^(?:npm notice\b|\[notice\] |WARNING: Running pip as )/i.test(line);
}
