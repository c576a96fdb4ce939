// Several lines of a Dockerfile as one, where that does what they did.

import type { Instruction } from "../../model/plan.ts";
import { inOneCommand, readsNothing, type ShellRun, shellRun } from "./commands.ts";
import { workingFolder } from "./context-source.ts";
import { asLine, hasOtherShell, type Line, othersBetween, WITHOUT_EFFECT } from "./instructions.ts";
import { type MountObstacle, mountObstacle } from "./mounts.ts";
import { exportsOf } from "./settings.ts";
import { inCode, linesInWords, type SavingLayers } from "./words.ts";

/** What to write instead of two or more lines, in one. */
export interface JoinedRuns {
  readonly instead: string;
  /** It is all that the lines have been. */
  readonly isWhole: boolean;
  /** The lines that become one: what is run between them too, which may need what is done there. */
  readonly lines: readonly Line[];
  /** Those between that the one line has to stand before, since not all of it may be set by them. */
  readonly before: readonly Line[];
}

/** Several instructions as one `RUN`, where they are such as a shell reads one after the other. */
export function joinedRuns({ first, between, later, chain }: SavingLayers): JoinedRuns {
  const named = [first, ...between, later];
  const others = othersBetween(named, chain, WITHOUT_EFFECT);
  const settings = others.filter(({ keyword }) => SETTINGS.includes(keyword));
  const run = others.filter((other) => !settings.includes(other));
  const lines = inOrder([...named, ...run.map(asLine)]);
  const before = settings.map(asLine);
  const runs = lines.map(shellRun).filter((each) => each !== undefined);
  const areRuns = runs.length === lines.length;
  const obstacle = areRuns ? mountObstacle(runs, workingFolder({ first, chain })) : undefined;
  const isOne = areRuns && obstacle === undefined && !hasOtherShell(chain);
  const isSettable = !chain.some(isLogin);
  const command = isOne ? commandOf(lines, before, isSettable) : undefined;
  const instead = command && oneRun(runs, command);
  if (instead !== undefined) return { instead, isWhole: true, lines, before };
  return { instead: joinedInWords(named, others, lines, obstacle), isWhole: false, lines, before };
}

/** What a command behind it may need, and one before it may be led astray by. */
const SETTINGS = ["ARG", "ENV"];

function inOrder(lines: readonly Line[]): readonly Line[] {
  return lines.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
}

function oneRun(runs: readonly ShellRun[], command: string): string | undefined {
  // What one of them must not reach, or may do, the others must too.
  const isOneRule = new Set(runs.map(({ flags }) => rulesOf(flags))).size === 1;
  const flags = new Set(runs.flatMap((run) => run.flags));
  // Where a mount is may depend on what is set between.
  const isPlain = ![...flags].some((flag) => flag.includes("$"));
  return isOneRule && isPlain ? ["RUN", ...flags, command].join(" ") : undefined;
}

/** What the lines do, each with what was set before it; undefined where one command cannot do that. */
function commandOf(
  lines: readonly Line[],
  settings: readonly Line[],
  isSettable: boolean,
): string | undefined {
  const parts: string[] = [];
  let waiting = settings;
  for (const line of lines) {
    const part = inOneCommand([shellRun(line)?.command ?? ""]);
    if (part === undefined) return undefined;
    const isSet = (setting: Line) => (setting.line ?? 0) < (line.line ?? 0);
    if (mindsSettings(line)) {
      const exported = waiting.filter(isSet).map(({ instruction = "" }) => exportsOf(instruction));
      if (!exported.every((each) => each !== undefined)) return undefined;
      if (exported.length > 0 && !isSettable) return undefined;
      parts.push(...exported.flat());
      waiting = waiting.filter((setting) => !isSet(setting));
    }
    parts.push(part);
  }
  return parts.join(" && ");
}

/** Whether shells begin with what is set for everybody, over what an instruction sets. */
function isLogin({ keyword, text }: Instruction): boolean {
  return keyword === "SHELL" && /"(?:-[a-z]*l[a-z]*|--login)"/.test(text);
}

/** Whether what is set may have a line do something else. */
function mindsSettings(line: Line): boolean {
  return !readsNothing(line) || /[$~]/.test(line.instruction ?? "");
}

/** What is between the lines may be there for the last, or need what only the first one has done. */
function joinedInWords(
  [first, ...rest]: readonly Line[],
  others: readonly Instruction[],
  lines: readonly Line[],
  obstacle: MountObstacle | undefined,
): string {
  const mounts = obstacleWords(obstacle);
  if (others.length === 0) {
    const verb = rest.length > 1 ? "do" : "does";
    return `Do in line ${first?.line} what ${linesInWords(rest)} ${verb}${mounts}`;
  }
  if (others.every(isOfShell)) return `Do in one line what ${linesInWords(lines)} do${mounts}`;
  return inEarlierStage(first?.line, rest.at(-1)?.line);
}

/** That lines are left to another stage; a sentence. */
export function inEarlierStage(first = 0, last = 0): string {
  const copy = inCode("COPY --from=…");
  const range = last - first > 1 ? `${first} to ${last}` : `${first} and ${last}`;
  return `Do in an earlier stage what lines ${range} do, and take from there what is needed, with ${copy}.`;
}

/** What is to be heeded of mounts that one line then has; the end of a sentence, or more. */
function obstacleWords(obstacle: MountObstacle | undefined): string {
  if (obstacle === undefined) return ".";
  const place = inCode(obstacle.target);
  if (obstacle.kind === "home") {
    return `, but mount nothing at ${place} then, where it makes a home, and delete that before it ends.`;
  }
  return obstacle.kind === "two"
    ? `. Both mount something at ${place}: one of them has to mount it elsewhere then.`
    : `, but for what is mounted then at ${place}, which is neither deleted nor of the image.`;
}

function isOfShell({ keyword }: Instruction): boolean {
  return keyword === "RUN";
}

/** Flags such as `--network` and `--security`: all but mounts, which add up. */
function rulesOf(flags: readonly string[]): string {
  return flags
    .filter((flag) => !flag.startsWith("--mount"))
    .toSorted()
    .join(" ");
}
