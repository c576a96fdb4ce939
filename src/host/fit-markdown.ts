/** How much Markdown a place takes, and in what it counts. */
export interface MarkdownLimit {
  readonly most: number;
  readonly unit: "bytes" | "characters";
  /** Says below a text that was cut where the rest is. */
  readonly note: string;
}

/** GitHub takes so many characters in a comment, and answers 422 to more. */
export const COMMENT_CHARACTERS = 65_536;

/**
 * GitHub drops a step's summary whole when it is larger
 * (https://docs.github.com/actions/reference/workflow-commands#step-isolation-and-limits).
 */
export const SUMMARY_BYTES = 1_024 * 1_024;

/**
 * Markdown that fits: itself, or its first lines and a note. A code fence or `<details>` that the
 * cut would leave open is closed, so that the note is neither code nor folded away.
 */
export function fitMarkdown(markdown: string, limit: MarkdownLimit): string {
  const size = (text: string) => (limit.unit === "bytes" ? Buffer.byteLength(text) : text.length);
  if (size(markdown) <= limit.most) return markdown;
  const note = `\n${limit.note}\n`;
  let nesting: Nesting = { details: 0, fence: undefined };
  let used = 0;
  let end = 0;
  let closing = "";
  while (end < markdown.length) {
    const next = markdown.indexOf("\n", end) + 1 || markdown.length;
    const line = markdown.slice(end, next);
    nesting = after(line, nesting);
    used += size(line);
    if (used + size(closingOf(nesting)) + size(note) > limit.most) break;
    closing = closingOf(nesting);
    end = next;
  }
  return markdown.slice(0, end) + closing + note;
}

/** What is open at a place in a text. */
interface Nesting {
  readonly details: number;
  /** The marks that will close the fence. */
  readonly fence: string | undefined;
}

/** https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
function after(line: string, { details, fence }: Nesting): Nesting {
  const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
  if (fence !== undefined) {
    const closes = marks?.startsWith(fence) === true && line.trim() === marks;
    return { details, fence: closes ? undefined : fence };
  }
  if (marks !== undefined) return { details, fence: marks };
  const opened = line.match(/<details\b/gi)?.length ?? 0;
  const closed = line.match(/<\/details>/gi)?.length ?? 0;
  return { details: Math.max(0, details + opened - closed), fence };
}

function closingOf({ details, fence }: Nesting): string {
  const fenceEnd = fence === undefined ? "" : `\n${fence}\n`;
  return fenceEnd + (details === 0 ? "" : `\n${"</details>".repeat(details)}\n`);
}
