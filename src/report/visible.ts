import { clip, clipMiddle } from "../clip.ts";
import { withoutCommands } from "../terminal-commands.ts";

/**
 * What steers a terminal or a renderer instead of showing: controls, direction marks, joiners,
 * characters without width, tags, blank letters, surrogates without a partner.
 */
const STEERING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gu;

const WHITESPACE = /\s+/gu;

/**
 * Hostile text on one line, as a person can read it: terminal colours left out, whitespace made
 * single spaces, and every character that steers instead of showing written as `<U+202E>`.
 */
export function visibleLine(text: string): string {
  return withoutCommands(text).replace(WHITESPACE, " ").replace(STEERING, codePoint).trim();
}

/** Like `visibleLine`, at most `length` characters long. */
export function shortLine(text: string, length: number): string {
  // Most of what is cut off need not be looked at: of a megabyte, only the beginning.
  return clip(visibleLine(text.slice(0, 8 * length)), length);
}

/**
 * Like `shortLine`, with its end: a reason has the cause there, behind the words of all who handed it up.
 * What is left out are whole words, as far as that takes little more.
 */
export function shortReason(text: string, length: number): string {
  const room = 8 * length;
  const seen = text.length <= 2 * room ? text : `${text.slice(0, room)}…${text.slice(-room)}`;
  const line = visibleLine(seen);
  if (line.length <= length) return line;
  const left = length - " … ".length;
  const tail = Math.floor(left / 2);
  const head = wholeWords(line, left - tail);
  const end = line
    .slice(-tail)
    .toWellFormed()
    .replace(/^\u{FFFD}/u, "");
  const isWhole = line.at(-tail - 1) === " ";
  const rest = isWhole ? ` ${end}` : end.replace(PART_AT_START, "");
  return `${head}…${rest}`;
}

/** The beginning of a line up to the end of a word, and a blank then; of a word that is too long, a part. */
function wholeWords(line: string, length: number): string {
  const begun = clip(line, length + 1).slice(0, -1);
  return line[begun.length] === " " ? `${begun.trimEnd()} ` : begun.replace(PART_AT_END, "");
}

/** Part of a word that is no longer than most words are. */
const PART_AT_END = /(?<= )\S{1,20}$/;
const PART_AT_START = /^\S{1,20}(?= )/;

/** Like `shortLine`, cut at the end of a sentence, or else of a word: of what begins with what it is about. */
export function shortWords(text: string, length: number): string {
  const line = visibleLine(text.slice(0, 8 * length));
  if (line.length <= length) return line;
  const sentence = /^.*[.!?](?= )/.exec(line.slice(0, length - 1))?.[0] ?? "";
  if (sentence.length > length / 4) return `${sentence} …`;
  return `${wholeWords(line, length - 2)}…`;
}

/** Like `visibleLine`, with its indentation kept: a line of a program's output. */
export function visibleOutput(line: string): string {
  return withoutCommands(line).replaceAll("\t", "    ").replace(STEERING, codePoint).trimEnd();
}

/**
 * A path on one line, of at most `length` characters: of what is longer, folders in the middle are `…`, so that the
 * file's name is whole; only where that alone is too long, its own middle is left out.
 */
export function shortPath(text: string, length: number): string {
  const path = visibleLine(text);
  if (path.length <= length) return path;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const room = length - name.length - "…/".length;
  if (room < 0) return clipMiddle(name, length);
  const folders = path.slice(0, path.length - name.length - 1);
  const end = Math.floor(room / 2);
  const start = room - end;
  const tail = end === 0 ? "" : folders.slice(-end);
  // From the beginning of a folder's name on.
  const whole = tail.includes("/") ? tail.slice(tail.indexOf("/")) : "";
  return `${clip(folders, start + 1)}${whole}/${name}`;
}

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `<U+${hex}>`;
}
