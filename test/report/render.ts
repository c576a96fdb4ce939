import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** HTML of Markdown as GitHub's dialect has it, raw HTML let through: what slipped in shows. */
export function renderGfm(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

/** Names of the elements in HTML, in order. */
export function elementsOf(html: string): readonly string[] {
  return [...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map((match) => match[1] ?? "");
}

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&" };

/** What a reader sees of HTML: entities decoded, tags and invisible breaks left out. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name?: string) =>
      code === undefined ? (NAMED[name ?? ""] ?? "?") : String.fromCodePoint(Number(code)),
    )
    .replaceAll("\u200B", "");
}

/** The text of each cell of a table's body, in order. */
export function cellsOf(html: string): readonly string[] {
  return [...html.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map((match) => textOf(match[1] ?? ""));
}
