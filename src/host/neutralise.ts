// Text that reaches a log may come out of a Dockerfile, a build step, an image or a scanner. It
// must not move the cursor, recolour the terminal, reorder what is read, or command the runner.

/**
 * Hostile text made safe to print. Line breaks and tabs survive; terminal sequences are removed;
 * other control characters are shown as `<U+001B>`; workflow commands are disarmed by a space.
 * `\x1b[31mred\x1b[0m` -> `red`, `::error::x` -> `: :error::x`, `##[group]` -> `## [group]`.
 */
export function neutralise(text: string): string {
  const plain = text
    .toWellFormed()
    .replace(TERMINAL_SEQUENCE, "")
    .replace(/\r\n?/g, "\n")
    .replace(UNPRINTABLE, showCodePoint);
  return plain.replace(COMMAND_AT_LINE_START, "$1: :").replaceAll("##[", "## [");
}

/** As `neutralise`, on one line: line breaks become spaces. For titles and progress lines. */
export function neutraliseLine(text: string): string {
  return neutralise(text.replace(/\s*[\r\n]+\s*/g, " "));
}

/**
 * ECMA-48 control sequences (colours, cursor) and control strings (window titles, hyperlinks), in
 * their 7-bit and 8-bit forms. What is left of a broken one is shown, not hidden.
 */
export const TERMINAL_SEQUENCE = new RegExp(
  [
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]",
    "(?:\\u001b[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])" +
      "[^\\u0007\\u001b\\u009c\\r\\n]*(?:\\u0007|\\u001b\\\\|\\u009c)",
  ].join("|"),
  "g",
);

/**
 * Control characters except tab and line feed; Unicode's own line breaks; and the marks that
 * reorder text, by which code can read differently from what it says (https://trojansource.codes).
 */
const UNPRINTABLE = new RegExp(
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029" +
    "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]",
  "g",
);

/**
 * The runner takes a line for a command when it starts with `::` after white space is trimmed, and
 * the older `##[name]` wherever it stands
 * (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs).
 */
const COMMAND_AT_LINE_START = /^([\s\u180e\u200b-\u200d\u2060]*)::/gm;

function showCodePoint(character: string): string {
  const hexadecimal = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `<U+${hexadecimal}>`;
}
