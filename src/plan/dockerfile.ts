import { quoted } from "../inputs/wording.ts";
import { flagValue, plainWords, quotedWords } from "./command.ts";
import { type Directives, frontendOf } from "./directives.ts";
import { type Fault, MAX_FAULTS } from "./fault.ts";
import { isReference } from "./image-reference.ts";
import { instructionFault } from "./instruction-faults.ts";
import { type InstructionList, type ParsedInstruction, readInstructions } from "./instructions.ts";

/** An `ARG` above the first `FROM`. */
export interface GlobalArg {
  readonly name: string;
  /** As written: variables and quotes are still in it. */
  readonly value: string | undefined;
  readonly line: number;
}

/** One `FROM` and what belongs to it, as written: nothing is replaced yet. */
export interface ParsedStage {
  readonly index: number;
  /** What follows `AS`, as written. */
  readonly name: string | undefined;
  readonly base: string;
  readonly platform: string | undefined;
  /** The first is the `FROM`. */
  readonly instructions: readonly [ParsedInstruction, ...ParsedInstruction[]];
}

/** What a Dockerfile says. */
export interface Dockerfile {
  readonly directives: Directives;
  readonly globalArgs: readonly GlobalArg[];
  readonly stages: readonly ParsedStage[];
  /** What BuildKit would refuse, and where; the stages are then those that could be read. */
  readonly faults: readonly Fault[];
}

/**
 * Reads a Dockerfile as BuildKit's own frontend does, down to the lines that it counts for each
 * instruction. https://docs.docker.com/reference/dockerfile/
 * @param buildArgs which may ask for another frontend
 */
export function parseDockerfile(
  text: string,
  buildArgs: Readonly<Record<string, string>> = {},
): Dockerfile {
  const list = readInstructions(text);
  const { directives, instructions } = list;
  const firstFrom = instructions.findIndex(isFrom);
  const head = instructions.slice(0, firstFrom === -1 ? undefined : firstFrom);
  const stages = firstFrom === -1 ? [] : groupStages(instructions.slice(firstFrom));
  const faults = [
    ...list.faults,
    ...argumentFaults(list, frontendOf(directives, buildArgs)),
    ...head.flatMap(outsideFault),
    ...stages.flatMap(stageFaults),
    ...emptinessFaults(text, list),
  ];
  return {
    directives,
    globalArgs: head.flatMap((instruction) => globalArgs(instruction, directives.escapeCharacter)),
    stages,
    faults,
  };
}

function isFrom(instruction: ParsedInstruction): boolean {
  return instruction.keyword === "FROM";
}

function groupStages(instructions: readonly ParsedInstruction[]): readonly ParsedStage[] {
  const groups: [ParsedInstruction, ...ParsedInstruction[]][] = [];
  for (const instruction of instructions) {
    if (isFrom(instruction)) groups.push([instruction]);
    else groups.at(-1)?.push(instruction);
  }
  return groups.map((group, index) => {
    const { command } = group[0];
    const [base = "", , name] = plainWords(command.rest);
    return { index, name, base, platform: flagValue(command, "platform"), instructions: group };
  });
}

function globalArgs(instruction: ParsedInstruction, escapeCharacter: string): readonly GlobalArg[] {
  if (instruction.keyword !== "ARG") return [];
  return quotedWords(instruction.command.rest, escapeCharacter).map((word) => {
    const [name = "", ...value] = word.split("=");
    const line = instruction.lines.start;
    return { name, value: value.length === 0 ? undefined : value.join("="), line };
  });
}

const DOCKERS_OWN = /^(docker\.io\/)?docker\/dockerfile(-upstream)?\b/;

/** A frontend that is not Docker's may know other instructions. */
function argumentFaults(
  { directives, instructions }: InstructionList,
  frontend: string | undefined,
): readonly Fault[] {
  const { escapeCharacter } = directives;
  if (frontend !== undefined && !DOCKERS_OWN.test(frontend)) return [];
  const faults: Fault[] = [];
  for (const { command, lines } of instructions) {
    const what = instructionFault(command, escapeCharacter);
    if (what !== undefined) faults.push({ line: lines.start, what });
    if (faults.length > MAX_FAULTS) break;
  }
  return faults;
}

function outsideFault({ keyword, lines }: ParsedInstruction): readonly Fault[] {
  if (keyword === "ARG") return [];
  const what = `only ARG can stand above the first FROM, not ${quoted(keyword)}`;
  return [{ line: lines.start, what }];
}

function stageFaults(stage: ParsedStage): readonly Fault[] {
  const [from] = stage.instructions;
  const words = plainWords(from.command.rest);
  const line = from.lines.start;
  if (words.length !== 1 && (words.length !== 3 || words[1]?.toUpperCase() !== "AS")) {
    return [{ line, what: `FROM takes an image, or an image AS a name: ${quoted(from.text)}` }];
  }
  if (stage.name === undefined || isStageName(stage.name)) return [];
  const allowed = "a letter first, then letters, digits and single ., _ or - between them";
  return [{ line, what: `a stage cannot be called ${quoted(stage.name)}: ${allowed}` }];
}

/** BuildKit also reads a stage's name as an image's, to see whether a build context replaces it. */
function isStageName(name: string): boolean {
  const lower = name.toLowerCase();
  return /^[a-z][a-z0-9_.-]*$/.test(lower) && isReference(lower);
}

function emptinessFaults(text: string, { instructions }: InstructionList): readonly Fault[] {
  if (text === "") return [{ what: "the file is empty" }];
  if (instructions.length === 0) return [{ what: "the file has no instructions" }];
  return instructions.some(isFrom) ? [] : [{ what: "the file has no FROM, so there is no stage" }];
}
