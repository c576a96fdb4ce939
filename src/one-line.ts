/** A text as one line: white space and control characters become single spaces, the end is cut. */
export function oneLine(text: string, limit = 300): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}
