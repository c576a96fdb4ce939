import type { Consequence, Problem } from "../errors.ts";
import { plural } from "./format.ts";
import { escapeCode, escapeSentence } from "./markdown-escape.ts";
import { shortLine } from "./visible.ts";

/** A place that is a line of a file of the workspace. */
export interface FileLine {
  readonly file: string;
  readonly line: number;
}

/** The line that a problem's place names; undefined where it is an input, say. */
export function fileLineOf({ where }: Problem): FileLine | undefined {
  const [, file, line] = /^([^\s:]+):(\d+)$/.exec(where) ?? [];
  if (file === undefined || line === undefined) return undefined;
  const isOutside = file.startsWith("/") || file.split("/").includes("..");
  return isOutside ? undefined : { file, line: Number(line) };
}

const TEXT_LENGTH = 1_000;

/** The summary of a run with bad input: what to put right, by the place where it stands. */
export function renderBadInput(problems: readonly Problem[], consequence: Consequence): string {
  const verb = problems.length === 1 ? "has" : "have";
  const lines = inReadingOrder(problems).map(
    ({ where, what }) => `- ${code(where)}: ${escapeSentence(shortLine(what, TEXT_LENGTH))}`,
  );
  return [
    `### ❌ ${plural(problems.length, "thing")} ${verb} to be put right`,
    `${consequence.charAt(0).toUpperCase()}${consequence.slice(1)}.`,
    lines.join("\n"),
  ].join("\n\n");
}

function code(where: string): string {
  return escapeCode(shortLine(where, TEXT_LENGTH));
}

/** Problems as a person goes through them: the inputs in their order, then configuration files, by line, then Dockerfiles. */
export function inReadingOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((one, other) => {
    const [left, right] = [placeOf(one), placeOf(other)];
    if (left.rank !== right.rank) return left.rank - right.rank;
    if (left.file !== right.file) return left.file < right.file ? -1 : 1;
    return left.line - right.line;
  });
}

const INPUT = { rank: 0, file: "", line: 0 };

function placeOf({ where }: Problem): typeof INPUT {
  const [, path = where, line = "0"] = /^([^\s:]+):(\d+)$/.exec(where) ?? [];
  const isConfig = /\.ya?ml$/.test(path);
  if (path === where && !isConfig) return INPUT;
  return { rank: isConfig ? 1 : 2, file: path, line: Number(line) };
}
