import { posix } from "node:path";
import { clipMiddle } from "../clip.ts";
import { inWords } from "../in-words.ts";
import type { MissingPath } from "../model/build.ts";
import type { Instruction, PlannedImage } from "../model/plan.ts";
import { parseCommand } from "../plan/command.ts";
import { plainImageError } from "../plan/image-error.ts";
import { shortReference } from "../plan/image-reference.ts";
import { referencesOf } from "../plan/stage-references.ts";
import type { Step } from "./progress/step-names.ts";
import type { FailedVertex } from "./progress/step-tracker.ts";
import { isPath, type ReadPath, readPaths } from "./read-paths.ts";

/** Characters of BuildKit's error that are shown as the reason. */
const REASON_CHARACTERS = 500;

/** Characters of an instruction in it. */
const INSTRUCTION_CHARACTERS = 80;

/**
 * Why a step failed, on one line, in the Dockerfile's own words: BuildKit writes a command as Go
 * would quote it, and a missing path as one that could not be summed up. It is as long as BuildKit's
 * own words: what is not to be shown is taken out of the whole before `clippedReason` cuts it.
 */
export function failureReason({ name, error, step }: FailedVertex): string {
  if (NOT_UTF8.test(error)) return UNSENDABLE_NAME;
  if (step === undefined) {
    return plainImageError(withoutBreaks(error.replace(/^failed to solve: /, "")));
  }
  const { image, instruction } = step;
  const exitCode = exitCodeIn(error);
  if (exitCode !== undefined) return `${quoted(instruction)} ended with exit code ${exitCode}`;
  const missing = notFound(error);
  if (missing !== undefined) return missingReason(image, instruction, missing);
  const unmatchedWords = unmatchedReason(image, instruction, error);
  if (unmatchedWords !== undefined) return unmatchedWords;
  const secret = /^secret (\S+): not found$/.exec(error)?.[1];
  if (secret !== undefined) return `${quoted(instruction)}: ${missingSecret(secret, instruction)}`;
  const plain = withoutMounts(plainImageError(withoutBreaks(error), imageOf(name, step)));
  return `${plain}${whoseImage(plain, step)}`;
}

/**
 * Names are texts to the protocol that sends a context, and BuildKit in Docker's engines checks that they
 * are: it refuses the whole message, and does not say which.
 */
const NOT_UTF8 = /failed to unmarshal the received message: string field contains invalid UTF-8/;

const UNSENDABLE_NAME =
  "a file name in a build context is not UTF-8, which the BuildKit of this engine cannot take; " +
  "`find . | LC_ALL=C.UTF-8 grep -axv '.*'` lists such names: rename them, leave them out by .dockerignore, " +
  "or use a builder of the docker-container driver";

/** Git writes several lines, and what stopped last is told on one of its own. */
function withoutBreaks(error: string): string {
  return error.replace(/\s*\n:\s*/g, ": ").replace(/\s*\n\s*/g, " ");
}

/** What a `RUN` asks for with `--mount=type=secret`. */
function missingSecret(id: string, instruction: Instruction): string {
  const which = isLiteral(id, instruction) ? `secret ${code(id)}` : "secret that it names";
  return `the ${which} was not given; \`secrets\`, \`secret-envs\` and \`secret-files\` are the inputs that give secrets`;
}

/** Whether the Dockerfile has it as it is: what a variable stands for is not told. */
function isLiteral(text: string, instruction: Instruction): boolean {
  return !instruction.text.includes("$") || instruction.text.includes(text);
}

/**
 * What is taken for an image, since no stage is called so, is most often meant to be one. Where it is
 * another image that could not be had, the name stands for that: it is a build context.
 */
function whoseImage(reason: string, { image, instruction }: Step): string {
  const pulled = /(?:^|: )the image (\S+) cannot be pulled: /.exec(reason)?.[1];
  // BuildKit names the nearest one, if it is near.
  const isTold = /\(did you mean .*\?\)$/.test(reason);
  if (pulled === undefined || isTold) return "";
  const command = parseCommand(instruction.text, "\\");
  const named = referencesOf(command).map(({ name }) => name);
  if (named.some((name) => shortReference(name) === pulled)) {
    return /^[\w-]+$/.test(pulled) ? noSuchStage(pulled, image) : "";
  }
  const [only, another] = named;
  if (only === undefined || another !== undefined) return "";
  return `; ${code(only)} is the build context that was given`;
}

function noSuchStage(name: string, { stages }: PlannedImage): string {
  const names = stages.filter((stage) => stage.name !== String(stage.index));
  const none = `; no stage is called ${code(name)}`;
  if (names.length === 0) return none;
  const verb = names.length === 1 ? "is" : "are";
  return `${none}: there ${verb} ${inWords(names.map((stage) => code(stage.name)))}`;
}

/**
 * `/var/lib/docker/buildkit/…/buildkit235462141/bin/sh` -> `/bin/sh`: where the builder has an image while
 * it copies is nobody's business, and another place each time.
 */
function withoutMounts(error: string): string {
  return error.replace(/(?<![^\s"])\/\S*\/buildkit(?:-mount)?\d+(?=\/)/g, "");
}

/** The image that a line asks for, if it does; the vertex of a question to a registry names it too. */
function imageOf(
  name: string,
  { stage: { base }, instruction: { keyword, text } }: Step,
): string | undefined {
  if (keyword === "FROM") return base.kind === "image" ? base.reference : undefined;
  const asked = /\] load metadata for (\S+)$/.exec(name)?.[1];
  return asked ?? /^#\s*syntax\s*=\s*(\S+)/i.exec(text)?.[1];
}

/** A reason with no more than its beginning and its end, which names the cause. */
export function clippedReason(reason: string): string {
  return clipMiddle(reason, REASON_CHARACTERS);
}

/** The exit code in BuildKit's error. The command stands before it, and can say the same. */
export function exitCodeIn(error: string): string | undefined {
  return /^.*did not complete successfully: exit code: (\d+)/s.exec(error)?.[1];
}

/** The path that BuildKit could not sum up, since it is not there. */
function notFound(error: string): string | undefined {
  return /failed to (?:calculate checksum|compute cache key).*"(.+)": not found$/s.exec(error)?.[1];
}

/** Where a step failed for a path that the build context lacks: which one. */
export function missingPath({ error, step }: FailedVertex): MissingPath | undefined {
  if (step === undefined) return undefined;
  const [pattern] = unmatched(step.instruction, error);
  if (pattern?.from === undefined && pattern?.path.includes("$") === false) {
    return { path: pattern.path, isPattern: true, instruction: quoted(step.instruction) };
  }
  const missing = notFound(error);
  if (missing === undefined) return undefined;
  const { told, from, isExpanded } = missingRead(missing, step.instruction);
  if (from !== undefined || isExpanded) return undefined;
  return { path: told, instruction: quoted(step.instruction) };
}

function missingReason(image: PlannedImage, instruction: Instruction, missing: string): string {
  const { told, from, isExpanded } = missingRead(missing, instruction);
  const path = isExpanded ? told : code(told);
  if (from !== undefined) return `${quoted(instruction)}: ${path} is not in ${code(from)}`;
  return `${quoted(instruction)}: ${path} is not in the build context ${code(image.context)}, or .dockerignore leaves it out`;
}

function unmatchedReason(
  { context }: PlannedImage,
  instruction: Instruction,
  error: string,
): string | undefined {
  const asked = unmatched(instruction, error);
  const [first] = asked;
  if (first === undefined) return undefined;
  const place = first.from === undefined ? `the build context ${code(context)}` : code(first.from);
  const names = asked.map(({ path }) => code(path)).join(" or ");
  return `${quoted(instruction)}: nothing in ${place} matches ${names}`;
}

const WILDCARD = /[*?[]/;

/**
 * The patterns of an instruction that no file matches, as an error says: where none does, BuildKit is
 * sent nothing of their folder either, and misses that.
 */
function unmatched(instruction: Instruction, error: string): readonly ReadPath[] {
  const told = withoutMounts(error);
  const folder = /(?:^|: )lstat (\/.*): no such file or directory$/s.exec(told)?.[1];
  if (folder === undefined) return [];
  const patterns = readPaths(instruction).filter(({ path }) => WILDCARD.test(path));
  const literal = patterns.filter(({ path }) => isInFolder(path, folder));
  return literal.length > 0 ? literal : patterns.filter(({ path }) => path.includes("$"));
}

/** Whether a pattern looks into a folder, which is absolute, or into one below it. */
function isInFolder(pattern: string, folder: string): boolean {
  const names = pattern.split("/");
  const first = names.findIndex((name) => WILDCARD.test(name));
  const start = posix.resolve("/", ...names.slice(0, first).filter((name) => name !== ""));
  return `${start}/`.startsWith(`${posix.resolve(folder)}/`);
}

/** What an instruction was to read and did not find. */
interface MissingRead {
  /** The path; where a variable stands for it, words that say which. */
  readonly told: string;
  readonly from: string | undefined;
  readonly isExpanded: boolean;
}

/** What BuildKit tells is absolute, and has the values of variables in it. */
function missingRead(missing: string, instruction: Instruction): MissingRead {
  const reads = readPaths(instruction);
  const literal = reads.find((read) => isPath(missing, read));
  const expanded = reads.filter(({ path }) => path.includes("$"));
  const [only] = literal === undefined && expanded.length === 1 ? expanded : [literal];
  const from = (only ?? reads[0])?.from;
  if (literal !== undefined || expanded.length === 0) {
    const told = from === undefined ? missing.replace(/^\//, "") : missing;
    return { told, from, isExpanded: false };
  }
  const told = only && `what ${code(only.path)} stands for`;
  return { told: told ?? "a path that it names by a variable", from, isExpanded: true };
}

/** An instruction as code, no longer than a few words. */
export function quoted({ text }: Instruction): string {
  return code(shorten(text.replaceAll(/\s+/g, " "), INSTRUCTION_CHARACTERS));
}

/** Between backticks, as linters write what is code. */
export function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
