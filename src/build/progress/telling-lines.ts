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
  "conflict is caused by",
];
const ERROR_WORD = new RegExp(`(?<![\\w./-])(?:${ERROR_WORDS.join("|")})(?![\\w/-]|\\.\\w|=)`, "i");

/** `TypeError: …`, `java.lang.IllegalStateException: …`, `E: …` as apt says it. */
const ERROR_NAME = /(?:[a-z](?:Error|Exception)\b|^\s*E: )/;

/**
 * A test that failed, as TAP has it; `✖ adds`, `● adds`; pytest's `>   assert 1 == 2`, `E   assert 1 == 2`;
 * Go's `    sum_test.go:12: got 3, want 4`, which it writes before that the test failed.
 */
const FAILED_TEST =
  /^\s*(?:not ok\b(?!.*# (?:TODO|SKIP)\b)|[✖✗✘×✕●]\s)|^[>E] {3,}\S|^ {4,}\w+_test\.go:\d+: /i;

/**
 * `./main.go:5:2: undefined: foo`, `Makefile:3: *** missing separator.`, `src/a.ts(3,7): unexpected token`:
 * what a compiler says of a place; a note is said of an error that stands above it, or of a warning.
 */
const AT_PLACE =
  /^\s*(?:\w+: )?(?:(?:[^\s:()]*\/)?(?:[^\s:/()]*\.[a-z]\w*:\d+:\d+|[\w.-]*makefile(?::\d+){1,2}):|[^\s:()]+\.[a-z]\w*\(\d+(?:,\d+)?\) ?:) (?!(?:note|info|remark|debug|trace)\b)/i;

/** What says that all is well, in the words of errors. */
const NO_ERROR = /\b(?:0|no|without) (?:errors?|fail(?:ed|ures?))\b/i;

/** What npm and Maven write between the paragraphs of an error. */
const NO_WORDS = /^(?:npm (?:error|ERR!)(?: \d{3})?|\[ERROR\])\s*$/i;

/** Whether a line looks like what a program says when it gives up. */
export function looksLikeError(line: string): boolean {
  if (NO_WORDS.test(line)) return false;
  if (FAILED_TEST.test(line)) return true;
  const hasWords = ERROR_WORD.test(line) || AT_PLACE.test(line);
  return (hasWords && !NO_ERROR.test(line)) || ERROR_NAME.test(line);
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

/**
 * The first line of a compiler's warning: `a.c:6:1: warning: …`, `warning[E0001]: …`, `a.ts(3,7): warning TS1: …`,
 * `a.py:3: DeprecationWarning: …`.
 */
export function isWarning(line: string): boolean {
  return /^(?:\S+(?::\d+(?::\d+)?|\(\d+(?:,\d+)?\) ?): )?\w*warning(?:\[[\w-]+\]| \w+)?: /i.test(
    line,
  );
}

/** What package managers say of themselves, however a step ends. */
const OF_ITSELF =
  /^(?:npm notice\b|\[notice\] |WARNING: Running pip as |go: (?:downloading|extracting|finding) |(?:Get|Hit|Ign):\d+ |Reading (?:package lists|state information)\b|Building dependency tree\b)/i;

/** `ok 2 - adds`, `PASS a.test.js`, `✔ adds`: what went well. */
const WENT_WELL = /^\s*(?:ok|PASS|[✔✓])\s/;

/** `# todo 0`: what TAP and Node's other reporters count at the end, unless it is what failed. */
const COUNTED =
  /^[#ℹ] (?:(?:tests|suites|pass|cancelled|skipped|todo|duration_ms) [\d.]+|fail 0)\s*$/;

/** What Maven says of every failure. */
const MAVEN_HELP =
  /^\[ERROR\] (?:To see the full|Re-run Maven|For more information|(?:-> )?\[Help|$)/;

/** What is said however a step ends, or of what went well. */
export function isChatter(line: string): boolean {
  return [OF_ITSELF, WENT_WELL, COUNTED, MAVEN_HELP].some((pattern) => pattern.test(line));
}

/** What stands in what TAP says of a test that failed, and in what it says of every other. */
export function isFiller(line: string): boolean {
  return /^\s+(?:---|duration_ms: [\d.]+|type: '(?:test|suite)')\s*$/.test(line);
}
