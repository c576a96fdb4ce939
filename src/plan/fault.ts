import type { Problem } from "../errors.ts";

/** Something in a Dockerfile that BuildKit refuses. */
export interface Fault {
  /** Absent where it is about the whole file. */
  readonly line?: number;
  readonly what: string;
}

/** Of a file that is no Dockerfile at all, nobody reads more. */
export const MAX_FAULTS = 20;

/** Faults as problems for the user, each at `file:line`, in the order of their lines. */
export function problemsOf(file: string, faults: readonly Fault[]): readonly Problem[] {
  const problems = faults
    .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0))
    .slice(0, MAX_FAULTS)
    .map(({ line, what }) => ({ where: line === undefined ? file : `${file}:${line}`, what }));
  if (faults.length <= MAX_FAULTS) return problems;
  return [...problems, { where: file, what: "there is more wrong than these" }];
}
