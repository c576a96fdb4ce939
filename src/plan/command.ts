/** `--name=value` in front of an instruction's arguments. */
export interface Flag {
  readonly name: string;
  /** Undefined when there is no `=`. */
  readonly value: string | undefined;
}

/** An instruction taken apart. */
export interface Command {
  /** In capitals. */
  readonly keyword: string;
  readonly flags: readonly Flag[];
  /** What follows the flags. */
  readonly rest: string;
}

/** A list of arguments in one of the two forms that Dockerfiles have. */
export type Arguments =
  | { readonly kind: "json"; readonly values: readonly string[] }
  | { readonly kind: "shell" }
  | { readonly kind: "fault"; readonly what: string };

/** Blanks that divide arguments. Others of Unicode, such as the no-break space, do not. */
const BLANKS = /[\t\v\f\r ]+/;
const NO_BLANK = /[^\t\v\f\r ]|$/;

/** Takes an instruction's text apart. */
export function parseCommand(text: string, escapeCharacter: string): Command {
  const trimmed = text.trim();
  const blanks = BLANKS.exec(trimmed);
  if (blanks === null) return { keyword: trimmed.toUpperCase(), flags: [], rest: "" };
  const keyword = trimmed.slice(0, blanks.index).toUpperCase();
  return {
    keyword,
    ...splitFlags(trimmed.slice(blanks.index + blanks[0].length), escapeCharacter),
  };
}

/** Value of a flag, of the last one where it repeats. */
export function flagValue(command: Command, name: string): string | undefined {
  return command.flags.findLast((flag) => flag.name === name)?.value;
}

/** Arguments divided at blanks, quotes and all. */
export function plainWords(rest: string): readonly string[] {
  return rest === "" ? [] : rest.split(BLANKS);
}

/** Arguments divided at blanks that are not quoted or escaped; quotes and escapes stay. */
export function quotedWords(rest: string, escapeCharacter: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let position = 0; position < rest.length; position += 1) {
    let character = rest.charAt(position);
    if (quote === "" && /\s/.test(character)) {
      if (word !== "") words.push(word);
      word = "";
      continue;
    }
    if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = "";
    else if (character === escapeCharacter && quote !== "'") {
      // At the very end it stands for nothing.
      if (position + 1 === rest.length) continue;
      word += character;
      position += 1;
      character = rest.charAt(position);
    }
    word += character;
  }
  return word === "" ? words : [...words, word];
}

/** Reads `["a", "b"]`. Whatever is no JSON array is in shell form. */
export function parseArguments(rest: string): Arguments {
  if (!rest.startsWith("[")) return { kind: "shell" };
  try {
    const values: unknown = JSON.parse(rest);
    if (!Array.isArray(values)) return { kind: "shell" };
    if (values.every((value) => typeof value === "string")) return { kind: "json", values };
    return { kind: "fault", what: "an array of arguments holds strings only" };
  } catch {
    return { kind: "shell" };
  }
}

function splitFlags(
  text: string,
  escapeCharacter: string,
): { flags: readonly Flag[]; rest: string } {
  const flags: Flag[] = [];
  let position = 0;
  for (;;) {
    position += text.slice(position).search(NO_BLANK);
    if (!text.startsWith("--", position)) return { flags, rest: text.slice(position).trim() };
    const { word, end } = readFlag(text, position, escapeCharacter);
    position = end;
    if (word === "--") return { flags, rest: text.slice(position).trim() };
    flags.push(parseFlag(word));
  }
}

/** Reads one flag up to the next blank that is neither quoted nor escaped, without its quotes. */
function readFlag(
  text: string,
  start: number,
  escapeCharacter: string,
): { word: string; end: number } {
  let word = "";
  let quote = "";
  let position = start;
  for (; position < text.length; position += 1) {
    const character = text.charAt(position);
    if (quote === "" && BLANKS.test(character)) break;
    if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = "";
    else if (character === escapeCharacter) {
      position += 1;
      word += text.charAt(position);
    } else word += character;
  }
  return { word, end: position };
}

function parseFlag(word: string): Flag {
  const equals = word.indexOf("=");
  if (equals === -1) return { name: word.slice(2), value: undefined };
  return { name: word.slice(2, equals), value: word.slice(equals + 1) };
}
