import { createHash } from "node:crypto";
import type { FindingTool } from "../../model/finding.ts";
import type { Report, ReportImage } from "../../model/report.ts";

/**
 * By what code scanning tells one analysis from another: an alert is closed by an upload of the same
 * category without it. Never a tag, a digest or a commit: those would orphan every alert. The name
 * of the run is a part of it where the user gave one, so that two runs over one Dockerfile do not
 * close each other's alerts; and of a scan so are the stages, where `targets` leaves some out.
 */
export function sarifCategory(
  report: Report,
  image: ReportImage,
  tool: FindingTool,
  nameIsGiven: boolean,
): string {
  const run = nameIsGiven && report.name !== image.name ? [report.name] : [];
  const chosen = tool === "trivy" ? chosenStages(image) : [];
  const parts = ["weighbridge", ...run, image.name, ...chosen, tool];
  return parts.map((part) => part.toWellFormed()).join("/");
}

/** Characters of names of stages, beyond which a hash stands for them. */
const STAGES_LENGTH = 80;

/** The names of those stages that were asked for, where those are not all. */
function chosenStages({ stages }: ReportImage): readonly string[] {
  const chosen = stages.filter(({ leftOut }) => leftOut !== true);
  if (chosen.length === stages.length) return [];
  const names = chosen.map(({ name }) => name).join("+");
  return [names.length > STAGES_LENGTH ? hashOf(names) : names];
}

/** Characters of a file name, well below what any file system allows. */
const FILE_NAME_LENGTH = 150;

/**
 * Names of the files of categories, in their order. No two are the same, not even where capitals
 * are not told from small letters. What is no letter, digit, dot or hyphen is written as `=20`.
 */
export function sarifFileNames(categories: readonly string[]): readonly string[] {
  const plain = categories.map((category) =>
    category.replace(/[^A-Za-z0-9./-]/gu, hexadecimal).replaceAll("/", "_"),
  );
  const owners = Map.groupBy(plain, (name) => name.toLowerCase());
  return plain.map((name, at) => {
    const isAlone = owners.get(name.toLowerCase())?.length === 1;
    if (isAlone && name.length <= FILE_NAME_LENGTH) return `${name}.sarif`;
    return `${name.slice(0, FILE_NAME_LENGTH)}_${hashOf(categories[at] ?? "")}.sarif`;
  });
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function hexadecimal(character: string): string {
  return Buffer.from(character).toString("hex").replace(/../g, "=$&");
}
