// Parsers of single values: a flag, a word out of a few, a line of text, a platform.
import { ok, type Parsed, problem } from "./parsed.ts";
import { choiceOf, quoted, suggestion } from "./wording.ts";

/**
 * A boolean of YAML 1.2's core schema, as the runner's own toolkit reads them:
 * https://yaml.org/spec/1.2.2/#10212-boolean
 */
export function parseFlag(text: string): Parsed<boolean> {
  if (/^(?:true|True|TRUE)$/.test(text)) return ok(true);
  if (/^(?:false|False|FALSE)$/.test(text)) return ok(false);
  return problem(`${quoted(text)} is not a boolean; allowed are true and false`);
}

/** One of a few words. */
export function parseWord<T extends string>(text: string, allowed: readonly T[]): Parsed<T> {
  const word = allowed.find((candidate) => candidate === text);
  if (word !== undefined) return ok(word);
  const hint = suggestion(text, allowed);
  return problem(`${quoted(text)} is not allowed; it is ${choiceOf(allowed)}${hint}`);
}

/** The same for words that scanners write in capitals. */
export function parseWordInAnyCase<T extends string>(
  text: string,
  allowed: readonly T[],
): Parsed<T> {
  const word = allowed.find((candidate) => candidate === text.toLowerCase());
  return word === undefined ? parseWord(text, allowed) : ok(word);
}

/** Text of one line without control characters, of at most so many characters. */
export function parseLine(text: string, mostCharacters = 4096): Parsed<string> {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) {
    return problem(`${quoted(text)} holds a line break or another control character`);
  }
  const { length } = [...text];
  if (length > mostCharacters) {
    return problem(`${quoted(text)} has ${length} characters; allowed are ${mostCharacters}`);
  }
  return ok(text);
}

/** Systems and architectures that BuildKit builds for, in Go's words. */
const SYSTEMS = ["linux", "windows"] as const;
const ARCHITECTURES = [
  "386",
  "amd64",
  "arm",
  "arm64",
  "loong64",
  "mips64",
  "mips64le",
  "ppc64le",
  "riscv64",
  "s390x",
] as const;

/** One platform, `os/arch` or `os/arch/variant`. */
export function parsePlatform(text: string): Parsed<string> {
  if (/[,\s]/.test(text) && text.split(/[,\s]+/).every((part) => PLATFORM.test(part))) {
    return problem(
      `${quoted(text)} is more than one platform: a size belongs to one; ` +
        "use a matrix with a leg for each, and give each leg its own name",
    );
  }
  const [, system = "", architecture = ""] = PLATFORM.exec(text) ?? [];
  if (system === "") return problem(`${quoted(text)} is not a platform; ${PLATFORM_FORM}`);
  const part = partProblem(system, SYSTEMS) ?? partProblem(architecture, ARCHITECTURES);
  return part === undefined ? ok(text) : problem(`${quoted(text)} is not a platform: ${part}`);
}

const PLATFORM = /^([a-z0-9]+)\/([a-z0-9_]+)(?:\/[a-z0-9.]+)?$/;
const PLATFORM_FORM = "it is os/arch or os/arch/variant, such as linux/arm64";

function partProblem(part: string, known: readonly string[]): string | undefined {
  const parsed = parseWord(part, known);
  return parsed.kind === "ok" ? undefined : parsed.what;
}
