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
