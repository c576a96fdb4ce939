import { type Problem, UserError } from "../errors.ts";

/** What a parser makes of a text: a value, or one sentence on what is wrong with it. */
export type Parsed<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "problem"; readonly what: string };

export function ok<T>(value: T): Parsed<T> {
  return { kind: "ok", value };
}

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

  get problems(): readonly Problem[] {
    return this.#problems;
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

  /** @throws UserError with all of them, the first fifty in full. */
  throwIfAny(): void {
    const more = this.#problems.length - SHOWN_PROBLEMS;
    const last: Problem[] = more > 0 ? [{ where: "inputs", what: `and ${more} more` }] : [];
    const shown = [...this.#problems.slice(0, SHOWN_PROBLEMS), ...last];
    if (shown.length > 0) throw new UserError(shown);
  }
}
