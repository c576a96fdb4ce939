import { clipMiddle } from "./clip.ts";

/** A text as one line: white space and control characters become single spaces, the end is cut. */
export function oneLine(text: string, limit = 300): string {
  const line = lineOf(text);
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}

/**
 * The same of a reason, of which the middle is cut: programs put their own words before those that
 * they were told, so the cause stands last.
 */
export function oneReason(text: string, limit = 300): string {
  return clipMiddle(lineOf(text), limit);
}

function lineOf(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
