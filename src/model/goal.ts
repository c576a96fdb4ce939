// What is wished for, and how things stand to it.

import type { LintLevel, Severity } from "./finding.ts";

/** A rule on a stage. */
export type Goal =
  | { readonly rule: "max-unpacked"; readonly limit: number }
  | { readonly rule: "max-download"; readonly limit: number }
  /** Most bytes that a container cannot see. */
  | { readonly rule: "max-wasted"; readonly limit: number }
  /** Most bytes that own layers made dead, in percent of what own layers carry. */
  | { readonly rule: "max-own-wasted"; readonly limit: number }
  /** Least share of the bytes that a container can see, in percent. */
  | { readonly rule: "min-efficiency"; readonly limit: number }
  /** At least `limit` percent below `original` bytes unpacked. */
  | { readonly rule: "min-reduction"; readonly limit: number; readonly original: number }
  /** No finding at or above this severity. */
  | { readonly rule: "fail-on-severity"; readonly limit: Severity };

/** `unknown`: what a goal is about could not be measured. */
export type Verdict = "pass" | "fail" | "unknown";

/** A goal and how the stage stands to it. */
export interface GoalResult {
  readonly rule: Goal["rule"];
  /** Bytes, percent, or a severity's word. */
  readonly limit: number | Severity;
  /** The same unit as the limit. For a severity, the worst one found, or `none`. Absent: unknown. */
  readonly actual?: number | Severity | "none";
  /** For `min-reduction`: bytes unpacked that it is measured from. */
  readonly original?: number;
  readonly verdict: Verdict;
  /** Why it is unknown. */
  readonly reason?: string;
}

/** How a Dockerfile stands to `fail-on-lint`: no lint finding at or above a level. */
export interface LintGoalResult {
  readonly limit: LintLevel;
  /** The worst level found, or `none`. Absent: unknown. */
  readonly actual?: LintLevel | "none";
  readonly verdict: Verdict;
  /** Why it is unknown. */
  readonly reason?: string;
}
