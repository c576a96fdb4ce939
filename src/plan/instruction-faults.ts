import { quoted, suggestion } from "../inputs/wording.ts";
import { type Command, parseArguments, plainWords, quotedWords } from "./command.ts";
import { heredocOf } from "./heredocs.ts";
import { fromFault } from "./stage-references.ts";

/** Says what is wrong with an instruction's arguments; undefined when nothing is. */
type Check = (command: Command, escapeCharacter: string) => string | undefined;

/**
 * What each instruction must have. Flags are BuildKit's to judge: each version knows more of them.
 * https://docs.docker.com/reference/dockerfile/
 */
const CHECKS: ReadonlyMap<string, Check> = new Map([
  ["ADD", sourcesAndDestination],
  ["ARG", argumentNames],
  ["CMD", jsonOrShell],
  ["COPY", sourcesAndDestination],
  ["ENTRYPOINT", jsonOrShell],
  ["ENV", namesAndValues],
  ["EXPOSE", something],
  // Read with the stages.
  ["FROM", () => undefined],
  ["HEALTHCHECK", healthcheck],
  ["LABEL", namesAndValues],
  ["MAINTAINER", something],
  ["ONBUILD", trigger],
  ["RUN", jsonOrShell],
  ["SHELL", jsonArray],
  ["STOPSIGNAL", something],
  ["USER", something],
  ["VOLUME", volumes],
  ["WORKDIR", something],
]);

/** Why BuildKit would refuse an instruction; undefined when it takes it as far as we can tell. */
export function instructionFault(command: Command, escapeCharacter: string): string | undefined {
  const check = CHECKS.get(command.keyword);
  if (check === undefined) return unknownInstruction(command.keyword);
  return fromFault(command) ?? check(command, escapeCharacter);
}

function unknownInstruction(keyword: string): string {
  return `unknown instruction ${quoted(keyword)}${suggestion(keyword, [...CHECKS.keys()])}`;
}

function something({ keyword, rest }: Command): string | undefined {
  return rest === "" ? `${keyword} takes an argument` : undefined;
}

function jsonOrShell({ rest }: Command): string | undefined {
  const parsed = parseArguments(rest);
  return parsed.kind === "fault" ? parsed.what : undefined;
}

function jsonArray({ keyword, rest }: Command): string | undefined {
  const parsed = parseArguments(rest);
  if (parsed.kind === "json" && parsed.values.length > 0) return undefined;
  return `${keyword} takes a JSON array of strings, such as ["/bin/sh", "-c"]`;
}

function sourcesAndDestination({ keyword, rest }: Command): string | undefined {
  const parsed = parseArguments(rest);
  if (parsed.kind === "fault") return parsed.what;
  const words = parsed.kind === "json" ? parsed.values : plainWords(rest);
  if (words.length < 2) return `${keyword} takes at least a source and a destination`;
  const isHeredoc = heredocOf(words.at(-1) ?? "") !== undefined;
  return isHeredoc ? `a here-document cannot be the destination of ${keyword}` : undefined;
}

function volumes(command: Command): string | undefined {
  const parsed = parseArguments(command.rest);
  if (parsed.kind === "shell") return something(command);
  if (parsed.kind === "fault") return parsed.what;
  if (parsed.values.length > 0 && parsed.values.every((path) => path.trim() !== ""))
    return undefined;
  return "VOLUME takes at least one path, and none that is empty";
}

function argumentNames({ rest }: Command, escapeCharacter: string): string | undefined {
  const words = quotedWords(rest, escapeCharacter);
  if (words.length === 0) return "ARG takes a name";
  return words.some((word) => word.startsWith("=")) ? "ARG takes a name before the =" : undefined;
}

function namesAndValues({ keyword, rest }: Command, escapeCharacter: string): string | undefined {
  const words = quotedWords(rest, escapeCharacter);
  const [first] = words;
  if (first === undefined) return `${keyword} takes a name and a value`;
  if (!first.includes("=")) {
    return plainWords(rest).length < 2 ? `${keyword} takes a name and a value` : undefined;
  }
  const bare = words.find((word) => !word.includes("="));
  if (bare !== undefined) return `${keyword} takes name=value, and ${quoted(bare)} has no =`;
  return words.some((word) => word.startsWith("="))
    ? `${keyword} takes a name before the =`
    : undefined;
}

function healthcheck({ rest }: Command): string | undefined {
  const type = plainWords(rest)[0]?.toUpperCase();
  const after = rest.slice(type?.length ?? 0).trim();
  switch (type) {
    case "NONE":
      return after === "" ? undefined : "HEALTHCHECK NONE takes no arguments";
    case "CMD": {
      const parsed = parseArguments(after);
      if (parsed.kind === "fault") return parsed.what;
      const isEmpty = parsed.kind === "json" ? parsed.values.length === 0 : after === "";
      return isEmpty ? "HEALTHCHECK CMD takes a command" : undefined;
    }
    default:
      return "HEALTHCHECK takes CMD and a command, or NONE";
  }
}

function trigger({ rest }: Command): string | undefined {
  const keyword = plainWords(rest)[0]?.toUpperCase();
  if (keyword === undefined) return "ONBUILD takes an instruction";
  const isForbidden = ["ONBUILD", "FROM", "MAINTAINER"].includes(keyword);
  return isForbidden ? `${keyword} cannot stand behind ONBUILD` : undefined;
}
