import type { Report } from "../../model/report.ts";
import { VERSION } from "../../version.ts";
import { plural } from "../format.ts";
import { escapeSentence, link } from "../markdown-escape.ts";
import { notUploadedSentence } from "../not-uploaded.ts";
import { shortReason } from "../visible.ts";
import { details, stack } from "./blocks.ts";
import { type Page, sentence } from "./page.ts";

const NAMES: Readonly<Record<string, string>> = {
  docker: "Docker",
  buildkit: "BuildKit",
  trivy: "Trivy",
  hadolint: "Hadolint",
};

/**
 * What the reader should know, with what it was measured, and what the words mean.
 * @param shown all that stands above it
 */
export function footer(page: Page, shown: string): string {
  return stack([notUploaded(page), notes(page), small(page, shown)]);
}

/** Alerts that stay as they were look like alerts that are true. */
function notUploaded(page: Page): string {
  const [first, ...others] = page.facts.notUploaded ?? [];
  if (first === undefined) return "";
  const rest = others.length === 0 ? "" : `, and ${plural(others.length, "more reason")}`;
  const words = notUploadedSentence(first, (text) => shortReason(text, page.detail.text));
  return `${escapeSentence(words)}${rest}.`;
}

/** What a reader may not know, each explained only where it is shown. */
const MEANINGS: readonly { readonly where: RegExp; readonly meaning: string }[] = [
  { where: /unpacked/i, meaning: "Unpacked: all files of all layers." },
  { where: /download/i, meaning: "Download: the compressed layers, what a pull costs." },
  { where: /Own\s\+\sbase/, meaning: "Own: from this Dockerfile. Base: from its base image." },
  { where: /wasted/i, meaning: "Wasted: in the layers, though no container can see it." },
  { where: /\d\s[MG]B/, meaning: "1 MB is 1,000,000 bytes." },
];

function notes(page: Page): string {
  const said = reasonsOf(page.report);
  const all = page.report.notes.filter(
    (note) => !isOfConfiguration(note) && !said.some((reason) => note.includes(reason)),
  );
  const shown = all.slice(0, page.detail.notes).map((note) => `- ${sentence(page, note)}`);
  const rest = all.length - shown.length;
  if (shown.length === 0) return "";
  const lines = [...shown, ...(rest > 0 ? [`- … and ${plural(rest, "more note")}`] : [])];
  return details(all.length === 1 ? "1 note" : `${all.length} notes`, lines.join("\n"));
}

/** Why stages failed, were not scanned or have no download: that stands above, beside them. */
function reasonsOf({ images }: Report): readonly string[] {
  const stages = images.flatMap((image) => image.stages);
  return stages.flatMap(({ reason, scan, downloadUnknown }) =>
    [reason, scan.reason, downloadUnknown].flatMap((text) =>
      text === undefined || text === "" ? [] : [text],
    ),
  );
}

/** Where the goals come from is no news: it stands in the small print. */
function isOfConfiguration(note: string): boolean {
  return note.startsWith("Configuration is read from ");
}

function small(page: Page, shown: string): string {
  const { report, facts } = page;
  const meanings = MEANINGS.filter(({ where }) => where.test(shown)).map(({ meaning }) => meaning);
  const more =
    facts.summaryUrl === undefined
      ? []
      : [link("Everything else is in the summary.", facts.summaryUrl)];
  const words = [...meanings, ...more].join(" ");
  const sources = report.notes.filter(isOfConfiguration).map((note) => sentence(page, note));
  const made = [`weighbridge ${VERSION}`, ...commitWords(page), ...toolWords(page)].join(" · ");
  return `<sub>${[...(words === "" ? [] : [words]), ...sources, made].join("<br>")}</sub>`;
}

/** What was built is the head as it will be once it is merged: a commit that nobody knows. */
function commitWords({ report, facts: { source } }: Page): readonly string[] {
  const commit = source?.commit ?? report.commit;
  if (commit === undefined) return [];
  const short = commit.slice(0, 7);
  const words =
    source === undefined
      ? short
      : link(short, `${source.serverUrl}/${source.repository}/commit/${commit}`);
  const isMerge = report.commit !== undefined && report.commit !== commit;
  return [isMerge ? `Commit ${words}, merged into its base` : `Commit ${words}`];
}

function toolWords(page: Page): readonly string[] {
  return Object.entries(page.report.tools).map(([tool, version]) =>
    tool === "trivy-db"
      ? `Trivy's database of ${sentence(page, version.slice(0, "2026-11-20".length))}`
      : `${NAMES[tool] ?? sentence(page, tool)} ${sentence(page, version)}`,
  );
}
