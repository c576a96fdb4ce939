// Reading options as they were typed, whichever a command has: what is unknown, needs a value, or
// is given too often is a problem, and all of them are told.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import type { Problem } from "../errors.ts";
import { parseFlag } from "./values.ts";
import { quoted, suggestion } from "./wording.ts";

/** What can be typed of an option. */
export interface OptionForm {
  readonly takesValue: boolean;
  readonly short?: string;
  /** Whether it may be given more than once. */
  readonly isList: boolean;
}

/** The options of a command, by name. */
export type OptionForms = ReadonlyMap<string, OptionForm>;

/** An option as it was typed; of a flag, the value is `true` or `false` where none was typed. */
export interface TypedOption {
  readonly name: string;
  /** As typed, with its dashes. */
  readonly rawName: string;
  readonly value: string | undefined;
  readonly isInline: boolean;
}

/** What was typed. */
export interface TypedLine {
  readonly options: readonly TypedOption[];
  /** What is no option, in order. */
  readonly words: readonly string[];
  /** Flags, as typed, with such a word right behind them: it may be meant for their value. */
  readonly flagsBeforeWords: readonly string[];
}

/** Takes arguments apart. `true` or `false` behind a flag is its value; a folder is `./false`. */
export function readTyped(args: readonly string[], forms: OptionForms): TypedLine {
  const { tokens } = parseArgs({
    args: [...args],
    options: parseOptions(forms),
    strict: false,
    tokens: true,
  });
  const words = new Map<number, string>();
  for (const token of tokens) if (token.kind === "positional") words.set(token.index, token.value);
  const options = tokens
    .filter((token) => token.kind === "option")
    .map((token): TypedOption => {
      const option = namedOption(token, forms);
      const next = words.get(token.index + 1) ?? "";
      if (token.value !== undefined || !isFlag(option, forms) || !isFlagValue(next)) return option;
      words.delete(token.index + 1);
      return namedOption({ ...token, value: next }, forms);
    });
  const before = tokens.filter(
    (token) =>
      token.kind === "option" &&
      forms.get(token.name)?.takesValue === false &&
      words.has(token.index + 1),
  );
  const flagsBeforeWords = before.flatMap((token) => ("rawName" in token ? [token.rawName] : []));
  return { options, words: [...words.values()], flagsBeforeWords };
}

function isFlag({ name }: TypedOption, forms: OptionForms): boolean {
  return forms.get(name)?.takesValue === false;
}

function isFlagValue(word: string): boolean {
  return parseFlag(word).kind === "ok";
}

/** Whether every option is one of the command's: else nobody can tell what a word belongs to. */
export function knowsAll({ options }: TypedLine, forms: OptionForms): boolean {
  return options.every(({ name }) => forms.has(name));
}

/**
 * All that is wrong with the options by themselves.
 * @param problemOf what is wrong with the value of an option
 * @param hintOf what is done in place of an option that there is not, as it was typed
 */
export function typedProblems(
  { options }: TypedLine,
  forms: OptionForms,
  problemOf: (name: string, value: string) => string | undefined,
  hintOf: (rawName: string) => string | undefined = () => undefined,
): readonly Problem[] {
  const wrong = options.flatMap((option) =>
    forms.has(option.name) || negatedBy(option.name, forms) !== undefined
      ? optionProblems(option, forms, problemOf)
      : [noSuchOption(option, forms, hintOf)],
  );
  return [...wrong, ...repeatProblems(options, forms)];
}

/** The values of an option, in the order in which they were typed; empty ones are left out. */
export function valuesOf({ options }: TypedLine, name: string): readonly string[] {
  return options.flatMap((option) => (option.name === name && option.value ? [option.value] : []));
}

/** Whether a flag was switched on. */
export function isOn(typed: TypedLine, name: string): boolean {
  return valuesOf(typed, name).some((value) => value.toLowerCase() === "true");
}

function parseOptions(forms: OptionForms): ParseArgsOptionsConfig {
  return Object.fromEntries(
    [...forms].map(([name, { takesValue, short }]) => {
      const type = takesValue ? "string" : "boolean";
      return [name, { type, multiple: true, ...(short !== undefined && { short }) }];
    }),
  );
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function namedOption(
  { name, rawName, value, inlineValue }: OptionToken,
  forms: OptionForms,
): TypedOption {
  const isInline = inlineValue === true;
  const takesValue = forms.get(name)?.takesValue;
  if (takesValue === false) return { name, rawName, value: value ?? "true", isInline };
  const positive = negatedBy(name, forms);
  if (positive !== undefined && value === undefined) {
    return { name: positive, rawName, value: "false", isInline };
  }
  return { name, rawName, value, isInline };
}

/** What may be typed behind two dashes, `no-` in front of a flag included. */
export function optionNames(forms: OptionForms): readonly string[] {
  const flags = [...forms].filter(([, { takesValue }]) => !takesValue);
  return [...forms.keys(), ...flags.map(([name]) => `no-${name}`)];
}

/** The flag that `--no-` in front of its name switches off. */
function negatedBy(name: string, forms: OptionForms): string | undefined {
  const positive = name.startsWith("no-") ? name.slice("no-".length) : "";
  return !forms.has(name) && forms.get(positive)?.takesValue === false ? positive : undefined;
}

/** Of the short names that Docker has, those that are long ones here. */
const SHORT_ELSEWHERE: Readonly<Record<string, string>> = { f: "file", o: "out" };

function noSuchOption(
  { name, rawName }: TypedOption,
  forms: OptionForms,
  hintOf: (rawName: string) => string | undefined,
): Problem {
  // What needs a value is switched off by nothing, and no other flag is meant.
  const isNegatedValue = name.startsWith("no-") && forms.has(name.slice("no-".length));
  const known = isNegatedValue ? [...forms.keys()] : optionNames(forms);
  const names = known.map((option) => `--${option}`);
  const long = rawName === `-${name}` ? (SHORT_ELSEWHERE[name] ?? "") : "";
  const meant = forms.has(long) ? `; did you mean "--${long}"?` : suggestion(rawName, names);
  return { where: rawName, what: `there is no such option${hintOf(rawName) ?? meant}` };
}

function optionProblems(
  { name, rawName, value, isInline }: TypedOption,
  forms: OptionForms,
  problemOf: (name: string, value: string) => string | undefined,
): readonly Problem[] {
  const positive = negatedBy(name, forms);
  if (positive !== undefined) {
    return [{ where: rawName, what: `takes no value; allowed are ${rawName} and --${positive}` }];
  }
  const isForgotten = !isInline && value !== undefined && looksLikeOption(value, forms);
  if (value === undefined || isForgotten) {
    const what = isForgotten ? `needs a value, and ${quoted(value)} is an option` : "needs a value";
    return [{ where: rawName, what }];
  }
  const what = problemOf(name, value);
  return what === undefined ? [] : [{ where: rawName, what }];
}

function looksLikeOption(value: string, forms: OptionForms): boolean {
  const [name = ""] = value.slice("--".length).split("=");
  return value.startsWith("--") && forms.has(name);
}

function repeatProblems(options: readonly TypedOption[], forms: OptionForms): readonly Problem[] {
  const groups = Map.groupBy(options, ({ name }) => name);
  return [...groups]
    .filter(([name, typed]) => typed.length > 1 && forms.get(name)?.isList === false)
    .map(([name]) => ({ where: `--${name}`, what: "is given more than once" }));
}
