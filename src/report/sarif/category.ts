import { createHash } from "node:crypto";
import { imageName } from "../../inputs/image-name.ts";
import type { FindingTool } from "../../model/finding.ts";
import type { Report, ReportImage } from "../../model/report.ts";

/** What the user calls a run, and which stages of it are wanted. */
export interface CategoryKey {
  /** Whether the user gave the report its name. */
  readonly nameIsGiven: boolean;
  /** Which stages the run is for, as the inputs have it. */
  readonly targets: readonly string[];
}

/**
 * By what code scanning tells one analysis from another: an alert is closed by an upload of the same
 * category without it. Never a tag, a digest or a commit: those would orphan every alert. Nor do the
 * stages that there are: one more would, too.
 *
 * `weighbridge/IMAGE/TOOL`; where the user gave the run a name, `weighbridge:NAME/IMAGE/TOOL`, so that
 * two runs over one Dockerfile do not close each other's alerts. Where a configuration file calls the
 * image otherwise than its Dockerfile's path does, `weighbridge::PATH/IMAGE/TOOL`: another configuration
 * file may use the same words for another one. And of what is found while stages
 * are built or scanned, where the inputs say which, `weighbridge/IMAGE:TARGETS/TOOL`. The name of an
 * image can have slashes in it, the others cannot: no two are the same.
 */
export function sarifCategory(
  report: Report,
  image: ReportImage,
  tool: FindingTool,
  { nameIsGiven, targets }: CategoryKey,
): string {
  const path = imageName(image.dockerfile);
  const ofPath = path === image.name ? "" : `::${encoded(path)}`;
  const ofName = report.name === image.name ? "" : `:${encoded(report.name)}`;
  const prefix = nameIsGiven ? ofName : ofPath;
  const isPartial = tool !== "hadolint" && targets.length > 0;
  const chosen = isPartial ? `:${chosenTargets(targets)}` : "";
  const name = image.name.toWellFormed().replaceAll(/[%:]/g, encodeURIComponent);
  return `weighbridge${prefix}/${name}${chosen}/${tool}`;
}

/** Characters of targets, beyond which a hash stands for them. */
const TARGETS_LENGTH = 80;

function chosenTargets(targets: readonly string[]): string {
  const text = [...new Set(targets)].toSorted().map(encoded).join("+");
  return text.length > TARGETS_LENGTH ? hashOf(text) : text;
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
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
