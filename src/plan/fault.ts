import type { Problem } from "../errors.ts";

/** Something in a Dockerfile that BuildKit refuses. */
export interface Fault {
  /** Absent where it is about the whole file. */
  readonly line?: number;
  readonly what: string;
}

/** Faults as problems for the user, each at `file:line`, in the order of their lines. */
export function problemsOf(file: string, faults: readonly Fault[]): readonly Problem[] {
  return faults
    .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0))
    .map(({ line, what }) => ({ where: line === undefined ? file : `${file}:${line}`, what }));
}

/** A value in a message, with everything that does not print made visible, and never long. */
export function quoted(value: string): string {
  const short = value.length > 120 ? `${value.slice(0, 117)}...` : value;
  return JSON.stringify(short).replace(/[\u007f-\u009f\u2028\u2029]/g, visible);
}

function visible(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
