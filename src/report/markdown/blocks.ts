// The few building blocks of our Markdown. What they are given is Markdown already.

/** A column of a table: its title, and whether it holds numbers. */
export interface Column {
  readonly title: string;
  readonly align?: "right";
}

/** A table; empty text where there are no rows. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const titles = columns.map(({ title }) => title);
  const rules = columns.map(({ align }) => (align === "right" ? "--:" : ":--"));
  return [titles, rules, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Something long behind one line that opens it. The line is HTML, the body Markdown. */
export function details(summary: string, body: string): string {
  if (body === "") return "";
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Blocks with an empty line between them; what is empty is left out. */
export function stack(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** Text that is not broken into lines: a narrow column keeps its numbers whole. */
export function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00A0");
}
