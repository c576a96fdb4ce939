import type { Problem } from "../errors.ts";

/** What a parser makes of a text: a value, or one sentence on what is wrong with it. */
export type Parsed<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "problem"; readonly what: string };

/** A value that could be read. */
export function ok<T>(value: T): Parsed<T> {
  return { kind: "ok", value };
}

/** Says why a text could not be read. */
export function problem(what: string): Parsed<never> {
  return { kind: "problem", what };
}

/** The same outcome with its value made into something else. */
export function mapped<T, U>(parsed: Parsed<T>, make: (value: T) => U): Parsed<U> {
  return parsed.kind === "ok" ? ok(make(parsed.value)) : parsed;
}

// A message with more than this is not read to its end.
const SHOWN_PROBLEMS = 50;

/** Gathers every problem while reading goes on. */
export class ProblemList {
  readonly #problems: Problem[] = [];

  /** The first fifty, and how many more there are. */
  get problems(): readonly Problem[] {
    const more = this.count - SHOWN_PROBLEMS;
    const last: Problem[] = more > 0 ? [{ where: "inputs", what: `and ${more} more` }] : [];
    return [...this.#problems.slice(0, SHOWN_PROBLEMS), ...last];
  }

  get count(): number {
    return this.#problems.length;
  }

  add(where: string, what: string): void {
    this.#problems.push({ where, what });
  }

  /** The value, or undefined once the problem is noted. */
  take<T>(where: string, parsed: Parsed<T>): T | undefined {
    if (parsed.kind === "ok") return parsed.value;
    this.add(where, parsed.what);
    return undefined;
  }
}
