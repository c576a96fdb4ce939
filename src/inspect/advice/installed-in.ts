// Where lines install packages of Node.js: what is in another folder of that name stays as it is copied.

import { posix } from "node:path";
import type { Instruction } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import { readsNothing } from "./commands.ts";
import { argumentsOf, isInstalledHere } from "./copy-source.ts";
import type { SavingLayers } from "./words.ts";

/** The name of the folder that packages are installed into. */
export const NODE_MODULES = "node_modules";

/** The outermost folder of packages that a path is in; undefined where there is none. */
export function packageFolder(path: string): string | undefined {
  const names = path.split("/");
  const at = names.indexOf(NODE_MODULES);
  return at === -1 ? undefined : names.slice(0, at + 1).join("/");
}

/**
 * Whether an image would have a folder of packages without the copy that has it: a line installs into
 * that very folder, or copies it from another stage, before anything could miss it.
 */
export function isInstalledIn(
  folder: string,
  { first, chain }: Pick<SavingLayers, "first" | "chain">,
): boolean {
  const { line: copied = 0 } = first;
  const makers = chain.filter((each) => makes(folder, each, chain)).map(({ lines }) => lines.start);
  const maker = Math.min(...makers);
  return Number.isFinite(maker) && !isUsedBetween(copied, maker, chain);
}

/** Whether a folder of packages is gone again before anything that is run has seen it. */
export function isGoneUnused({ first, later, chain }: SavingLayers): boolean {
  const [start = 0, end = 0] = [first.line, later.line];
  return !isUsedBetween(start, end, chain) && readsNothing(later);
}

/**
 * Whether another stage runs what may need packages, which it has of the build context: no line installs
 * them there.
 */
export function isMissedByOthers({ chain, image: { stages } }: SavingLayers): boolean {
  return stages.some(({ index, instructions }) => {
    const whole = chainOf(stages, index).flatMap((stage) => stage.instructions);
    const isOther = instructions.some((instruction) => !chain.includes(instruction));
    const copies = whole.some(
      ({ keyword, text }) => /^(?:COPY|ADD)$/.test(keyword) && !FROM.test(text),
    );
    const uses = whole.some(
      ({ keyword, text }) => STARTING.test(keyword) && USES_PACKAGES.test(text),
    );
    return isOther && copies && uses && !isInstalledHere(NODE_MODULES, { chain: whole });
  });
}

const FROM = /\s--from=/;
const STARTING = /^(?:RUN|CMD|ENTRYPOINT)$/;

function isUsedBetween(start: number, end: number, chain: readonly Instruction[]): boolean {
  return chain.some(({ keyword, lines, text }) => {
    const isBetween = start < lines.start && lines.start < end;
    return keyword === "RUN" && isBetween && USES_PACKAGES.test(text);
  });
}

/** What may need packages: all but what installs other things. */
const USES_PACKAGES =
  /\b(?:node|npx|bunx|tsc|webpack|vite|next|ng|make)\b|\b(?:npm|yarn|pnpm|bun)\s(?!config\b|set\b|(?:install|i|add)\s+(?:-g|--global)\b)|(?:^RUN|&&|;|\bsh)\s+\.{1,2}\/\S/;

function makes(folder: string, instruction: Instruction, chain: readonly Instruction[]): boolean {
  const { keyword, text } = instruction;
  const from = workingFolder(instruction, chain);
  if (keyword === "RUN") {
    return foldersInstalledIn(text, from).includes(posix.dirname(folder));
  }
  const isCopied = keyword === "COPY" && FROM.test(text);
  return isCopied && resolved(from, argumentsOf(text).at(-1) ?? "") === folder;
}

/** The folder in which an instruction is run; a base image's own is taken for `/`. */
function workingFolder({ lines }: Instruction, chain: readonly Instruction[]): string | undefined {
  return chain
    .filter(({ keyword, lines: { start } }) => keyword === "WORKDIR" && start < lines.start)
    .toSorted((one, other) => one.lines.start - other.lines.start)
    .map(({ text }) => text.replace(/^\S+\s+/, "").trim())
    .reduce(resolved, "/" as string | undefined);
}

/** Undefined where a shell would have to say which. */
function resolved(folder: string | undefined, path: string): string | undefined {
  if (!/^[\w@%+=:,./-]+$/.test(path) || path === "-") return undefined;
  if (path.startsWith("/")) return posix.resolve(path);
  return folder === undefined ? undefined : posix.resolve(folder, path);
}

/** The folders in which a `RUN` has a package manager install what a project names. */
function foldersInstalledIn(text: string, from: string | undefined): readonly string[] {
  const outer: (string | undefined)[] = [];
  let folder = from;
  const found: string[] = [];
  for (const command of commandsOf(text)) {
    if (command.startsWith("(")) outer.push(folder);
    const words = command.replace(/[()]/g, " ").trim().split(/\s+/);
    const [name = "", operand = ""] = words;
    if (name === "cd" || name === "pushd") folder = resolved(folder, operand);
    if (name === "popd") folder = undefined;
    const place = placeOfInstall(words, folder);
    if (place !== undefined) found.push(place);
    if (command.endsWith(")") && outer.length > 0) folder = outer.pop();
  }
  return found;
}

/** Its commands, without what a shell has before them. */
function commandsOf(text: string): readonly string[] {
  const command = text.replace(/^RUN\s+(?:--\S+\s+)*/i, "").replace(/["',[\]]+/g, " ");
  const before = /^(?:(?:then|else|do|sudo|time|corepack|[A-Za-z_]\w*=\S*|[{!])\s+)+/;
  return command.split(/&&|\|\||[;|\n]/).map((each) => each.trim().replace(before, ""));
}

const MANAGERS = /^(?:\S*\/)?(?:npm|pnpm|yarn|bun)$/;
const INSTALLS = ["ci", "i", "install", "clean-install", "add"];
const PLACES = ["--prefix", "-C", "--cwd", "--dir"];
/** With these, nothing is put into the folder. */
const ELSEWHERE =
  /^(?:-g|--global|--location=global|--dry-run|--package-lock-only|--lockfile-only)$/;

/** Where a command installs the packages of a project; undefined where it does not, or who knows where. */
function placeOfInstall(
  [name = "", ...words]: readonly string[],
  folder: string | undefined,
): string | undefined {
  if (!MANAGERS.test(name) || words.some((word) => ELSEWHERE.test(word))) return undefined;
  const given = words.flatMap((word, at) => {
    const [flag = "", value = words[at + 1] ?? ""] = word.split("=");
    return PLACES.includes(flag) ? [value] : [];
  });
  const [asked = /yarn$/.test(name) ? "install" : ""] = words.filter(
    (word) => !word.startsWith("-") && !given.includes(word),
  );
  if (!INSTALLS.includes(asked)) return undefined;
  const [place = "."] = given;
  return resolved(folder, place);
}
