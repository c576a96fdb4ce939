import { clipMiddle } from "../clip.ts";
import { inWords } from "../in-words.ts";
import type { MissingPath } from "../model/build.ts";
import type { Instruction, PlannedImage } from "../model/plan.ts";
import { parseCommand, quotedWords } from "../plan/command.ts";
import { plainImageError } from "../plan/image-error.ts";
import type { Step } from "./progress/step-names.ts";
import type { FailedVertex } from "./progress/step-tracker.ts";

/** Characters of BuildKit's error that are shown as the reason. */
const REASON_CHARACTERS = 500;

/** Characters of an instruction in it. */
const INSTRUCTION_CHARACTERS = 80;

/**
 * Why a step failed, on one line, in the Dockerfile's own words: BuildKit writes a command as Go
 * would quote it, and a missing path as one that could not be summed up.
 */
export function failureReason({ name, error, step }: FailedVertex): string {
  if (step === undefined) {
    const plain = plainImageError(withoutBreaks(error.replace(/^failed to solve: /, "")));
    return clipMiddle(plain, REASON_CHARACTERS);
  }
  const { image, instruction } = step;
  const exitCode = exitCodeIn(error);
  if (exitCode !== undefined) return `${quoted(instruction)} ended with exit code ${exitCode}`;
  const missing = notFound(error);
  if (missing !== undefined) return missingReason(image, instruction, missing);
  const secret = /^secret (\S+): not found$/.exec(error)?.[1];
  if (secret !== undefined) return `${quoted(instruction)}: ${missingSecret(secret, instruction)}`;
  const plain = withoutMounts(plainImageError(withoutBreaks(error), imageOf(name, step)));
  return `${clipMiddle(plain, REASON_CHARACTERS)}${noSuchStage(plain, step)}`;
}

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

/** What is taken for an image, since no stage is called so, is most often meant to be one. */
function noSuchStage(reason: string, { image, instruction }: Step): string {
  const from = /\bfrom=([\w-]+)(?=[\s,]|$)/.exec(instruction.text)?.[1];
  // BuildKit names the nearest one, if it is near.
  const isTold = /\(did you mean .*\?\)$/.test(reason);
  if (from === undefined || isTold || !reason.includes(" cannot be pulled: ")) return "";
  const names = image.stages.filter(({ name, index }) => name !== String(index));
  const none = `; no stage is called ${code(from)}`;
  if (names.length === 0) return none;
  const verb = names.length === 1 ? "is" : "are";
  return `${none}: there ${verb} ${inWords(names.map(({ name }) => code(name)))}`;
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
  const path = notFound(error)?.replace(/^\//, "");
  if (step === undefined || path === undefined || isFromElsewhere(step.instruction))
    return undefined;
  if (!isLiteral(path, step.instruction)) return undefined;
  return { path, instruction: quoted(step.instruction) };
}

function isFromElsewhere({ text }: Instruction): boolean {
  return FROM_ELSEWHERE.test(text);
}

/** `COPY --from=builder`, `RUN --mount=from=tools`. */
const FROM_ELSEWHERE = /[-,]from=([^\s,]+)/;

function missingReason(image: PlannedImage, instruction: Instruction, missing: string): string {
  const from = FROM_ELSEWHERE.exec(instruction.text)?.[1];
  if (from !== undefined) {
    return `${quoted(instruction)}: ${named(missing, instruction)} is not in ${code(from)}`;
  }
  const path = named(missing.replace(/^\//, ""), instruction);
  return `${quoted(instruction)}: ${path} is not in the build context ${code(image.context)}, or .dockerignore leaves it out`;
}

/** A path as the Dockerfile says it. */
function named(path: string, instruction: Instruction): string {
  if (isLiteral(path, instruction)) return code(path);
  const { keyword, rest } = parseCommand(instruction.text, "\\");
  const sources = keyword === "RUN" ? [] : quotedWords(rest, "\\").slice(0, -1);
  const [word, ...others] = sources.filter((each) => each.includes("$"));
  return word === undefined || others.length > 0
    ? "a path that it names by a variable"
    : `what ${code(word)} stands for`;
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
