import type { Report } from "../../model/report.ts";
import { link } from "../markdown-escape.ts";
import { details, stack } from "./blocks.ts";
import { type Page, sentence } from "./page.ts";

const NAMES: Readonly<Record<string, string>> = {
  docker: "Docker",
  buildkit: "BuildKit",
  trivy: "Trivy",
  hadolint: "Hadolint",
};

/** What the reader should know, with what it was measured, and what the words mean. */
export function footer(page: Page): string {
  return stack([notes(page), small(page)]);
}

function notes(page: Page): string {
  const all = page.report.notes;
  const shown = all.slice(0, page.detail.notes).map((note) => `- ${sentence(page, note)}`);
  const rest = all.length - shown.length;
  if (shown.length === 0) return "";
  const lines = [...shown, ...(rest > 0 ? [`- … and ${rest} more`] : [])];
  return details(all.length === 1 ? "1 note" : `${all.length} notes`, lines.join("\n"));
}

function small(page: Page): string {
  const measured = [commitWords(page.report), ...toolWords(page)].filter((part) => part !== "");
  const meaning =
    "Unpacked: all files of all layers. Download: the compressed layers, what a pull costs. " +
    "Own: from this Dockerfile. Base: from its base image. 1 MB is 1,000,000 bytes.";
  const { summaryUrl } = page.facts;
  const more =
    summaryUrl === undefined ? "" : ` ${link("Everything else is in the summary.", summaryUrl)}`;
  const tools = measured.length === 0 ? "" : `<br>${measured.join(" · ")}`;
  return `<sub>${meaning}${more}${tools}</sub>`;
}

function commitWords({ commit }: Report): string {
  return commit === undefined ? "" : `Commit ${commit.slice(0, 7)}`;
}

function toolWords(page: Page): readonly string[] {
  return Object.entries(page.report.tools).map(([tool, version]) =>
    tool === "trivy-db"
      ? `Trivy's database of ${sentence(page, version.slice(0, "2026-11-20".length))}`
      : `${NAMES[tool] ?? sentence(page, tool)} ${sentence(page, version)}`,
  );
}
