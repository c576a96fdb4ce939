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

/** `a, b and 3 more`: the first few of a list. */
export function few(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(", ")} and ${rest} more` : items.join(", ");
}
