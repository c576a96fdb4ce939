// Hostile text in GitHub's Markdown. Whatever a Dockerfile, an image or a scanner says is shown as
// its characters: no element, link, mention or reference comes of it.
// Syntax: https://github.github.com/gfm/. What GitHub adds after rendering (mentions, references,
// emoji, mathematics): https://docs.github.com/en/get-started/writing-on-github
import { visibleLine, visibleOutput } from "./visible.ts";

/** Invisible and without width: stands where text must not be read as a link. */
const BREAK = "\u200B";

/** Text in a sentence, a list item or a table cell. One line. */
export function escapeText(text: string): string {
  return escapeVisible(visibleLine(text));
}

/** Like `escapeText`, but what stands between two backticks is shown as code, as linters mean it. */
export function escapeSentence(text: string): string {
  const parts = visibleLine(text).split("`");
  const isBalanced = parts.length % 2 === 1;
  if (!isBalanced || parts.some((part, at) => at % 2 === 1 && part.trim() === "")) {
    return escapeText(text);
  }
  return parts.map((part, at) => (at % 2 === 1 ? escapeCode(part) : escapeVisible(part))).join("");
}

function escapeVisible(line: string): string {
  const escaped = line
    .replace(/[\\`*_[\]<>&~|]/g, "\\$&")
    .replace(/^[#+=-]/, "\\$&")
    .replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2");
  // The dollar that starts mathematics knows no backslash; the span is GitHub's own advice.
  return breakLinks(escaped).replaceAll("$", "<span>$</span>");
}

/** Text as code in a sentence, a list item or a table cell. One line. */
export function escapeCode(text: string): string {
  const line = visibleLine(text);
  // Renderers disagree on backslashes before pipes, and a code span ends at its backticks:
  // where there are any, entities say the same in all of them.
  return /^[^`|\\]+$/.test(line) ? `\`${line}\`` : htmlCode(line);
}

/** Text as code inside of an HTML element, where Markdown is not read: in `<summary>`. */
export function htmlCode(text: string): string {
  return `<code>${breakLinks(visibleLine(text)).replace(/[^A-Za-z0-9\s.\u{80}-\u{10FFFF}]/gu, entity)}</code>`;
}

/** Lines of a program's output as a block that nothing in them can end. */
export function escapeBlock(lines: readonly string[]): string {
  const content = lines.flatMap((line) => line.split(/\r\n|\r|\n/)).map(visibleOutput);
  const longest = Math.max(2, ...content.map(longestBackticks));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, ...content, fence].join("\n");
}

/** Addresses beyond this many characters are not linked: they would eat up the comment. */
const URL_LENGTH = 1_000;

/** A link around Markdown of ours; the Markdown alone where the address is none of the web. */
export function link(markdown: string, url: string | undefined): string {
  if (url === undefined || !/^https?:\/\//.test(url)) return markdown;
  const address = url.toWellFormed().replace(/[^\w:/.?#&=%~+@-]/gu, percentEncoded);
  return address.length > URL_LENGTH ? markdown : `[${markdown}](${address})`;
}

/**
 * Keeps GitHub from seeing links in text: addresses, e-mail, mentions, numbers of issues, commits
 * and emoji. Works after escaping, because none of its characters is one that is escaped.
 */
function breakLinks(text: string): string {
  return (
    text
      .replace(/:(?=\/\/|(?:\\?[\w+-])+:)/g, `:${BREAK}`)
      .replace(/www(?=\.)/gi, `$&${BREAK}`)
      .replace(/@/g, `@${BREAK}`)
      .replace(/#(?=\d)/g, `#${BREAK}`)
      .replace(/GH-(?=\d)/gi, `$&${BREAK}`)
      // A number is left whole: dates, versions and ids of vulnerabilities are there to be copied.
      .replace(/\d*[a-f][0-9a-f]*/gi, (hash) =>
        hash.length < 7 ? hash : hash.replace(/.{6}(?!$)/g, `$&${BREAK}`),
      )
  );
}

function longestBackticks(line: string): number {
  return Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
}

function entity(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`;
}

function percentEncoded(character: string): string {
  return encodeURIComponent(character).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
