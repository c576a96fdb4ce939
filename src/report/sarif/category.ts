import { createHash } from "node:crypto";
import type { FindingTool } from "../../model/finding.ts";
import type { Report, ReportImage } from "../../model/report.ts";

/**
 * By what code scanning tells one analysis from another: an alert is closed by an upload of the same
 * category without it. Never a tag, a digest or a commit: those would orphan every alert. The name
 * of the run is a part of it where the user gave one, so that two runs over one Dockerfile do not
 * close each other's alerts.
 */
export function sarifCategory(
  report: Report,
  image: ReportImage,
  tool: FindingTool,
  nameIsGiven: boolean,
): string {
  const run = nameIsGiven && report.name !== image.name ? [report.name] : [];
  return ["weighbridge", ...run, image.name, tool].map((part) => part.toWellFormed()).join("/");
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
    const hash = createHash("sha256")
      .update(categories[at] ?? "")
      .digest("hex")
      .slice(0, 16);
    return `${name.slice(0, FILE_NAME_LENGTH)}_${hash}.sarif`;
  });
}

function hexadecimal(character: string): string {
  return Buffer.from(character).toString("hex").replace(/../g, "=$&");
}
