// Lines that delete what the build context then no longer has: some fail where there is nothing.

import type { Stage } from "../../model/plan.ts";
import { isInstalledFolder } from "./copy-source.ts";

/** A command that fails where what it deletes is not there. */
export interface FailingDeletion {
  readonly line: number;
  /** What it deletes by name, as written; undefined where that cannot be told apart. Hostile text. */
  readonly operand?: string;
}

/** The commands of a `RUN`, roughly; those of a here-document are one, as its lines are not kept apart. */
export function commandsIn(text: string): readonly string[] {
  return text.split(/&&|\|\||;/);
}

/** Whether a command does nothing but delete. */
export function isDeletion(command: string): boolean {
  return isForced(command) || removalWords(command) !== undefined;
}

/** Whether a command that does nothing but delete does not mind where there is nothing. */
export function isForced(command: string): boolean {
  const words = removalWords(command);
  if (words !== undefined) return words.some((word) => FORCE.test(word));
  if (!FIND.test(command) || /\s-(?:exec|execdir|ok|okdir)\s+(?!rm\s)/.test(command)) return false;
  return /\s(?:-delete|-exec\s+rm)(?:\s|$)/.test(command);
}

const FORCE = /^(?:-[A-Za-z]*f[A-Za-z]*|--force)$/;
const START = String.raw`^\s*(?:RUN\s+(?:--\S+\s+)*)?(?:sudo\s+)?`;
const REMOVAL = new RegExp(`${START}(?:rm|rmdir)\\s+(.*)$`, "is");
/** It fails where a folder is missing that it is to look into, but not where it finds nothing. */
const FIND = new RegExp(`${START}find\\s+(?:(?:\\.|/)\\s+)?-`, "is");

/** The options and operands of a `rm`. */
function removalWords(command: string): readonly string[] | undefined {
  return REMOVAL.exec(command)?.[1]?.trim().split(/\s+/);
}

/** Commands that would fail if a folder, or files of an ending, were not there. */
export function failingDeletions(
  subject: string,
  stages: readonly Stage[],
): readonly FailingDeletion[] {
  return stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ keyword }) => keyword === "RUN")
    .flatMap(({ text, lines }) =>
      commandsIn(text)
        .filter((command) => !isForced(command))
        .flatMap((command) => removalWords(command) ?? [])
        .filter((word) => !word.startsWith("-") && mayName(subject, word))
        .map((word) => deletionOf(subject, word, lines.start)),
    );
}

function deletionOf(subject: string, word: string, line: number): FailingDeletion {
  // What a line fills by itself may be there all the same.
  const isTold = isNamedIn(subject, word) && !isInstalledFolder(subject);
  return { line, ...(isTold && /^[\w@%+:.$/-]+$/.test(word) && { operand: word }) };
}

/** Whether an operand is of that name, below it, or a pattern that may stand for it. */
function mayName(subject: string, word: string): boolean {
  const bare = word.replace(/["']/g, "");
  if (/[`{}()]/.test(bare.replace(VARIABLE, ""))) return true;
  return isNamedIn(subject, bare) || bare.split("/").some((each) => isPatternFor(subject, each));
}

function isNamedIn(subject: string, word: string): boolean {
  return subject.startsWith("*")
    ? word.endsWith(subject.slice(1))
    : word.split("/").includes(subject);
}

const VARIABLE = /\$\{\w+\}|\$\w+/g;

/** Whether a name with signs that stand for others may stand for this one. */
export function isPatternFor(subject: string, name: string): boolean {
  const pattern = name.replace(VARIABLE, "*");
  if (!/[*?[]/.test(pattern)) return false;
  const [start = ""] = pattern.split(/[*?[]/);
  const end = pattern.split(/[*?\]]/).at(-1) ?? "";
  return subject.startsWith(start) && subject.endsWith(end);
}
