// What one run has to tell.

import type { BuildStep } from "./build.ts";
import type { Finding } from "./finding.ts";
import type { GoalResult, LintGoalResult, Verdict } from "./goal.ts";
import type { Advice, Box, InstalledPackage, Layer, PathSize, Sizes, Waste } from "./image.ts";

/** How far something was checked. */
export interface CheckStatus {
  readonly status: "checked" | "unavailable" | "off";
  readonly reason?: string;
}

/** The JSON report is this value: a contract with a schema and a version. */
export interface Report {
  readonly version: 1;
  readonly name: string;
  readonly verdict: Verdict;
  readonly images: readonly ReportImage[];
  /** What the reader should know: degradations, things found and not used. One sentence each. */
  readonly notes: readonly string[];
  /** Versions of what measured: `docker`, `buildx`, `buildkit`, `trivy`, `trivy-db`, `hadolint`. */
  readonly tools: Readonly<Record<string, string>>;
  /** Commit that was measured, where it is known. */
  readonly commit?: string;
}

/** What the report says of one Dockerfile. */
export interface ReportImage {
  readonly name: string;
  readonly dockerfile: string;
  readonly context: string;
  /** What was sent of its context in this run; absent where BuildKit did not ask for it. */
  readonly contextBytes?: number;
  readonly hadolint: CheckStatus;
  readonly buildkit: CheckStatus;
  /** Present where `fail-on-lint` is set. */
  readonly failOnLint?: LintGoalResult;
  /** Those outside any stage. */
  readonly findings: readonly Finding[];
  readonly stages: readonly ReportStage[];
}

/** One instruction as BuildKit ran it, and what it says in the Dockerfile. */
export interface ReportStep extends BuildStep {
  readonly instruction?: string;
}

/** Where a stage failed, and what the failing step wrote. */
export interface Failure {
  readonly line?: number;
  /** What the line says in the Dockerfile. */
  readonly instruction?: string;
  /** Oldest line first, with `… 120 lines …` where lines were left out. Hostile text. */
  readonly output: readonly string[];
  /** Indices of those that say most of why it failed, the best first. Absent: the last say most. */
  readonly telling?: readonly number[];
}

/** What the report says of one stage. What is absent was not measured. */
export interface ReportStage {
  readonly image: string;
  readonly name: string;
  readonly index: number;
  readonly line: number;
  readonly platform: string;
  readonly status: "built" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly reason?: string;
  /** Of a skipped stage: nobody asked for it, and its goals do not count. Else what it needs failed. */
  readonly leftOut?: true;
  /** Of a skipped stage: the names of those that it needs and that failed. */
  readonly failedNeeds?: readonly string[];
  /** Of a failed stage. */
  readonly failure?: Failure;
  readonly digest?: string;
  readonly unpacked?: number;
  readonly download?: number;
  /** Why no download is told of a stage that was weighed. */
  readonly downloadUnknown?: string;
  readonly own?: Sizes;
  readonly base?: Sizes;
  readonly live?: number;
  readonly wasted?: number;
  readonly efficiency?: number;
  readonly seconds?: number;
  readonly steps: readonly ReportStep[];
  readonly layers: readonly Layer[];
  readonly biggestFiles: readonly PathSize[];
  readonly biggestFolders: readonly PathSize[];
  readonly waste: readonly Waste[];
  readonly packages: readonly InstalledPackage[];
  readonly boxes: readonly Box[];
  readonly advice: readonly Advice[];
  readonly goals: readonly GoalResult[];
  readonly scan: CheckStatus;
  readonly findings: readonly Finding[];
}
