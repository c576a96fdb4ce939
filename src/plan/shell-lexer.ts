import { quoted } from "../inputs/wording.ts";
import { replaced, withoutPrefix, withoutSuffix } from "./shell-pattern.ts";

/** How a text is read. */
export interface ShellRules {
  /** The character that takes the meaning from the one behind it. */
  readonly escapeCharacter: string;
  /** Value of a variable, undefined when it is not set. Without this, variables stay as written. */
  readonly lookUp?: (name: string) => string | undefined;
  /** Quotes and escape characters stay in the result. */
  readonly verbatim?: boolean;
}

/** What became of a text. */
export type ShellText =
  | {
      readonly kind: "text";
      readonly text: string;
      /** Variables that it names and that are not set, each once. */
      readonly unset: readonly string[];
      /** The text divided at blanks that are neither quoted nor escaped. */
      readonly words: readonly string[];
    }
  | { readonly kind: "fault"; readonly what: string };

/** Longest text that comes out: four times what a line of a Dockerfile can hold. Our own bound. */
const MAX_LENGTH = 262_144;

/** Longest value and pattern that are matched: their product is the work. Our own bound. */
const MAX_MATCHED = 1_024;

/** Deepest nesting of `${a:-${b:-…}}`. Our own bound. */
const MAX_DEPTH = 100;

/**
 * Takes quotes off and replaces variables, as a Dockerfile's `FROM` and `ARG` do it.
 * https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function readShellText(text: string, rules: ShellRules): ShellText {
  return new ShellLexer(text, rules).read();
}

/** A part of the result; `isOpen`: blanks in it divide words. */
interface Part {
  readonly text: string;
  readonly isOpen: boolean;
}

class ShellLexer {
  readonly #characters: readonly string[];
  readonly #rules: ShellRules;
  readonly #unset = new Set<string>();
  #position = 0;
  #depth = 0;
  #length = 0;
  #fault: string | undefined;

  constructor(text: string, rules: ShellRules) {
    this.#characters = [...text];
    this.#rules = rules;
  }

  read(): ShellText {
    const parts: Part[] = [];
    while (!this.#atEnd()) parts.push(this.#part(this.#rules.verbatim ?? false));
    if (this.#fault !== undefined) return { kind: "fault", what: this.#fault };
    const text = parts.map((part) => part.text).join("");
    return { kind: "text", text, unset: [...this.#unset], words: wordsOf(parts) };
  }

  #part(keepEscapes: boolean): Part {
    switch (this.#peek()) {
      case "'":
        return { text: this.#singleQuoted(), isOpen: false };
      case '"':
        return { text: this.#doubleQuoted(keepEscapes), isOpen: false };
      case "$":
        return { text: this.#variable(), isOpen: true };
      case "<":
        return { text: this.#heredocSign(), isOpen: false };
      case this.#rules.escapeCharacter: {
        const escapeCharacter = this.#take();
        return { text: (keepEscapes ? escapeCharacter : "") + this.#take(), isOpen: false };
      }
      default:
        return { text: this.#take(), isOpen: true };
    }
  }

  #singleQuoted(): string {
    const quote = this.#take();
    let text = "";
    while (!this.#atEnd() && this.#peek() !== quote) text += this.#take();
    if (this.#take() === "") this.#fail(`a ' has no other ' that ends it`);
    return this.#rules.verbatim ? quote + text + quote : text;
  }

  #doubleQuoted(keepEscapes: boolean): string {
    const { escapeCharacter, verbatim } = this.#rules;
    const quote = this.#take();
    let text = "";
    while (!this.#atEnd() && this.#peek() !== quote) {
      if (this.#peek() === "$") text += this.#variable();
      else if (this.#peek() === escapeCharacter) text += this.#escapedInQuotes(keepEscapes);
      else text += this.#take();
    }
    if (this.#take() === "") this.#fail(`a " has no other " that ends it`);
    return verbatim ? quote + text + quote : text;
  }

  /** Between double quotes, the escape character has a meaning before `"`, `$` and itself only. */
  #escapedInQuotes(keepEscape: boolean): string {
    const { escapeCharacter } = this.#rules;
    this.#take();
    const next = this.#peek();
    if (next === undefined) return "";
    const hasMeaning = ['"', "$", escapeCharacter].includes(next);
    return (keepEscape ? escapeCharacter : "") + (hasMeaning ? this.#take() : escapeCharacter);
  }

  /** `<<` takes the blanks behind it along: what follows them names a here-document. */
  #heredocSign(): string {
    let text = this.#take();
    if (this.#peek() !== "<") return text;
    text += this.#take();
    while (["\t", "\r", " "].includes(this.#peek() ?? "")) text += this.#take();
    return text;
  }

  #variable(): string {
    this.#take();
    if (this.#peek() !== "{") {
      const name = this.#name();
      return name === "" ? "$" : this.#plainValue(name, `$${name}`);
    }
    this.#take();
    if ("{}:".includes(this.#peek() ?? "}")) return this.#fail("${ is followed by no name");
    const name = this.#name();
    const operator = this.#take();
    if (operator === "}") return this.#plainValue(name, `\${${name}}`);
    if (operator === "/") return this.#replacement(name);
    return this.#modified(name, operator);
  }

  #plainValue(name: string, asWritten: string): string {
    if (this.#rules.lookUp === undefined) return asWritten;
    return this.#value(name) ?? "";
  }

  /** `${name-word}` and the like; a `:` before the sign makes an empty value count as unset. */
  #modified(name: string, operator: string): string {
    const colon = operator === ":" ? ":" : "";
    const sign = colon === "" ? operator : this.#take();
    const isPattern = sign === "#" || sign === "%";
    if ((colon === "" && !"+-?#%".includes(sign)) || (colon !== "" && isPattern)) {
      return this.#fail(`\${${name}${colon}${sign} is no substitution that Dockerfiles know`);
    }
    const word = this.#until("}", isPattern);
    const { lookUp } = this.#rules;
    if (lookUp === undefined) return `\${${name}${colon}${sign}${word}}`;
    const value = lookUp(name);
    const isSet = value !== undefined && (colon === "" || value !== "");
    switch (sign) {
      case "-":
        return isSet ? this.#grown(value) : word;
      case "+":
        return isSet ? word : "";
      case "?":
        return isSet ? this.#grown(value) : this.#fail(requirement(name, word, colon !== ""));
      case "#":
      case "%":
        return this.#trimmed(name, sign, word);
      default:
        return this.#fail(`\${${name}:${sign} is no substitution that Dockerfiles know`);
    }
  }

  #trimmed(name: string, sign: string, word: string): string {
    const longest = word.startsWith(sign);
    const pattern = longest ? word.slice(1) : word;
    const value = this.#matchable(name, pattern);
    const trim = sign === "#" ? withoutPrefix : withoutSuffix;
    return trim(value, pattern, longest) ?? this.#badPattern(pattern);
  }

  #replacement(name: string): string {
    const everywhere = this.#peek() === "/";
    if (everywhere) this.#take();
    const pattern = this.#until("/", true);
    const by = this.#until("}", true);
    if (this.#rules.lookUp === undefined) return `\${${name}/${pattern}/${by}}`;
    const value = this.#matchable(name, pattern + by);
    const result = replaced(value, { pattern, by, everywhere });
    return result === undefined ? this.#badPattern(pattern) : this.#grown(result);
  }

  #matchable(name: string, pattern: string): string {
    const value = this.#value(name) ?? "";
    if (value.length <= MAX_MATCHED && pattern.length <= MAX_MATCHED) return value;
    return this.#fail(`the value of ${name} or a pattern for it is too long`);
  }

  #badPattern(pattern: string): string {
    return this.#fail(`${quoted(pattern)} is no pattern: \\ stands before *, ?, }, / and \\ only`);
  }

  #until(stop: string, keepEscapes: boolean): string {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) return this.#fail("substitutions are nested too deeply");
    let text = "";
    while (!this.#atEnd() && this.#peek() !== stop) text += this.#part(keepEscapes).text;
    this.#depth -= 1;
    if (this.#take() === "") return this.#fail(`\${ has no ${stop}`);
    return text;
  }

  /** Digits, one special parameter, or letters, digits and `_`. */
  #name(): string {
    const first = this.#peek() ?? "";
    if ("@*#?-$!".includes(first)) return this.#take();
    const allowed = /\p{Nd}/u.test(first) ? /\p{Nd}/u : /[\p{L}\p{Nd}_]/u;
    let name = "";
    while (allowed.test(this.#peek() ?? "")) name += this.#take();
    return name;
  }

  #value(name: string): string | undefined {
    const value = this.#rules.lookUp?.(name);
    if (value === undefined) this.#unset.add(name);
    return value === undefined ? undefined : this.#grown(value);
  }

  /** Doubling a value in each of a hundred lines must not fill the memory. */
  #grown(value: string): string {
    this.#length += value.length;
    return this.#length > MAX_LENGTH ? this.#fail("it becomes too long") : value;
  }

  /** The first thing wrong ends the reading. */
  #fail(what: string): string {
    this.#fault ??= what;
    this.#position = this.#characters.length;
    return "";
  }

  #atEnd(): boolean {
    return this.#position >= this.#characters.length;
  }

  #peek(): string | undefined {
    return this.#characters[this.#position];
  }

  /** Empty at the end. */
  #take(): string {
    const character = this.#characters[this.#position] ?? "";
    if (character !== "") this.#position += 1;
    return character;
  }
}

function requirement(name: string, word: string, alsoEmpty: boolean): string {
  return `${name}: ${word || (alsoEmpty ? "is not allowed to be empty" : "is not allowed to be unset")}`;
}

function wordsOf(parts: readonly Part[]): readonly string[] {
  const words: string[] = [];
  let word = "";
  const endWord = () => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (const { text, isOpen } of parts) {
    if (!isOpen) {
      word += text;
      continue;
    }
    for (const [index, open] of text.split(/\s/).entries()) {
      if (index > 0) endWord();
      word += open;
    }
  }
  endWord();
  return words;
}
