/**
 * Reads a file of `name=value` lines and `name<<delimiter` blocks, which is how an action sets
 * outputs, state and variables. Throws where the runner would fail the step.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#multiline-strings
 */
export function readAssignments(text: string): Readonly<Record<string, string>> {
  const assignments: [string, string][] = [];
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const [, name = "", mark = "", rest = ""] =
      /^([^=<]*(?:<(?!<)[^=<]*)*)(<<|=)(.*)$/.exec(line) ?? [];
    if (name === "" || (mark === "<<" && rest === "")) throw new Error(`Invalid format '${line}'`);
    if (mark === "=") {
      assignments.push([name, rest]);
      continue;
    }
    const end = lines.indexOf(rest, index + 1);
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`);
    assignments.push([name, lines.slice(index + 1, end).join("\n")]);
    index = end;
  }
  return Object.fromEntries(assignments);
}

/** Most bytes of a step's summary; GitHub drops a longer one altogether. */
const largestSummary = 1024 * 1024;

/**
 * The summary of a step. Throws when GitHub would not show it.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#step-isolation-and-limits
 */
export function readSummary(text: string): string {
  const size = Buffer.byteLength(text);
  if (size <= largestSummary) return text;
  throw new Error(`GitHub drops a summary of more than ${largestSummary} bytes; this has ${size}`);
}
