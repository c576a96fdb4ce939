// The nouns. Plain readonly values that move from room to room; nothing here acts.
// Sizes are bytes as integers; times are seconds; lines count from 1.

// ---------------------------------------------------------------- plan

/** First and last line of an instruction in its Dockerfile. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** One instruction of a Dockerfile, `FROM` included. */
export interface Instruction {
  /** In capitals: `RUN`, `COPY`, `FROM`. */
  readonly keyword: string;
  readonly lines: LineRange;
  /** Its own text, continuation lines joined by one space, comments left out. */
  readonly text: string;
}

/** What a stage stands on. */
export type StageBase =
  | { readonly kind: "stage"; readonly index: number }
  /** `reference` as resolved; where a build context replaces the image, that context as given. */
  | { readonly kind: "image"; readonly reference: string }
  | { readonly kind: "scratch" };

/** Whether a stage is built in this run. */
export type StageDecision =
  /**
   * `target` is what `--target` is given: a name of the Dockerfile or one that we generated. Empty
   * for a last stage without a name, which is what is built when no target is given.
   */
  | { readonly kind: "build"; readonly target: string }
  | { readonly kind: "skip"; readonly reason: string };

/** One `FROM` of a Dockerfile. */
export interface Stage {
  /** Name of the image (the Dockerfile) that it belongs to. */
  readonly image: string;
  /** As written after `AS`, or its index as a string. */
  readonly name: string;
  /** Position in the Dockerfile, from 0. */
  readonly index: number;
  /** Line of its `FROM`. */
  readonly line: number;
  readonly base: StageBase;
  /** Indices of the stages that it needs directly: `FROM`, `COPY --from`, `RUN --mount=from`. */
  readonly needs: readonly number[];
  /** `os/arch[/variant]`. */
  readonly platform: string;
  /** Its instructions in order; the first is the `FROM`. */
  readonly instructions: readonly Instruction[];
  readonly decision: StageDecision;
}

/** A Dockerfile and its context: in inputs, one image. */
export interface PlannedImage {
  /** Unique in a run; default from the Dockerfile's path. */
  readonly name: string;
  /** Relative to the workspace, with forward slashes. */
  readonly dockerfile: string;
  /** Folder, relative to the workspace, with forward slashes. */
  readonly context: string;
  /** Text of the Dockerfile as it is on disk. */
  readonly text: string;
  /**
   * Text that is built instead, where a wanted stage cannot be addressed by `--target`: the same
   * lines with an `AS` added to some `FROM`s. Undefined when the Dockerfile is built as it is.
   */
  readonly generatedText?: string;
  readonly stages: readonly Stage[];
}

/** All that will be built. */
export interface Plan {
  readonly images: readonly PlannedImage[];
}

// ---------------------------------------------------------------- build

/** One instruction as BuildKit ran it. */
export interface BuildStep {
  readonly line: number;
  readonly seconds: number;
  readonly cached: boolean;
}

/** What became of a stage. A failed stage is a value, not an exception. */
export type StageBuild =
  | {
      readonly kind: "built";
      /** Digest of the platform manifest, which the layout's `index.json` lists itself. */
      readonly digest: string;
      /** Of its own steps. */
      readonly seconds: number;
      readonly steps: readonly BuildStep[];
    }
  | {
      readonly kind: "failed";
      /** Line of the instruction that failed, where it is known. */
      readonly line?: number;
      /** One line: what BuildKit says went wrong. */
      readonly reason: string;
      /** The end of the failing step's output, oldest line first. Hostile text. */
      readonly output: readonly string[];
      readonly seconds: number;
      readonly steps: readonly BuildStep[];
    }
  | { readonly kind: "skipped"; readonly reason: string };

/**
 * Which Dockerfile lines made which layer, by layer digest (diff ID on a graph store), over all
 * stages of one Dockerfile. Two instructions can make the very same layer: then both are listed.
 */
export type LayerLines = ReadonlyMap<string, readonly LineRange[]>;

// ---------------------------------------------------------------- inspect

/** A pair of sizes that are always told together. */
export interface Sizes {
  /** Bytes of regular files over all layers, dead ones included. */
  readonly unpacked: number;
  /** Bytes of the layer blobs; of a whole image, those and the configuration. */
  readonly download: number;
}

/** `own`: made by an instruction of the Dockerfile. `base`: inherited from the external image. */
export type LayerOrigin = "own" | "base";

/** One layer of a stage's image. */
export interface Layer extends Sizes {
  readonly digest: string;
  readonly diffId: string;
  readonly origin: LayerOrigin;
  /** Line of the instruction that made it; of a base layer, the external `FROM`. */
  readonly line?: number;
  /** That instruction's text, from the Dockerfile. */
  readonly instruction?: string;
}

/** A path inside the image and what it weighs. Hostile text. */
export interface PathSize {
  readonly path: string;
  readonly bytes: number;
  /** Line of the layer that brought most of it, where it is known. */
  readonly line?: number;
}

/** What the layout says of one stage. */
export interface StageImage extends Sizes {
  readonly digest: string;
  /** `os/arch[/variant]` of the image's configuration. */
  readonly platform: string;
  readonly own: Sizes;
  readonly base: Sizes;
  readonly layers: readonly Layer[];
  /** Largest first; a dozen or so. */
  readonly biggestFiles: readonly PathSize[];
  readonly biggestFolders: readonly PathSize[];
}

// ---------------------------------------------------------------- lint and scan

/** The words of vulnerability scanners, in lower case, worst first. */
export const SEVERITIES = ["critical", "high", "medium", "low", "unknown"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The words of linters, worst first. */
export const LINT_LEVELS = ["error", "warning", "info", "style"] as const;
export type LintLevel = (typeof LINT_LEVELS)[number];

export type FindingTool = "hadolint" | "buildkit" | "trivy";

/** One problem, at one Dockerfile line. */
export interface Finding {
  readonly tool: FindingTool;
  /** `DL3008`, `JSONArgsRecommended`, `CVE-2024-0001`, `private-key`. */
  readonly rule: string;
  readonly severity: Severity | LintLevel;
  /** Hostile text. */
  readonly message: string;
  /** What the rule is about, in words that are the same wherever it is found. Hostile text. */
  readonly title?: string;
  /** Page that explains the rule. */
  readonly help?: string;
  /** Absent where no line can be named. */
  readonly line?: number;
  /** Of a vulnerable package. */
  readonly package?: string;
  readonly installed?: string;
  readonly fixed?: string;
  /** Path inside the image, where the finding is about a file. */
  readonly path?: string;
  /** Score from 0.0 to 10.0, where the scanner gives one. */
  readonly cvss?: number;
}

/** A finding in an image, before its line is known: it names the layer that brought it in. */
export interface ImageFinding extends Omit<Finding, "line"> {
  readonly layerDiffId?: string;
}

/** What a checker says. *Not checked* is never an empty list. */
export type Checked<T> =
  | {
      readonly kind: "checked";
      readonly findings: readonly T[];
      /** What the reader should know of this check. One sentence each; hostile text. */
      readonly notes?: readonly string[];
    }
  | { readonly kind: "unavailable"; readonly tool: FindingTool; readonly reason: string }
  /** The inputs switched it off. */
  | { readonly kind: "off" };

/** What the linters say of one Dockerfile. */
export interface Lint {
  readonly hadolint: Checked<Finding>;
  readonly buildkit: Checked<Finding>;
}

// ---------------------------------------------------------------- measurement

/** All that one run knows of a stage before anything is judged. */
export interface MeasuredStage {
  readonly stage: Stage;
  readonly build: StageBuild;
  /** Undefined unless built. */
  readonly image?: StageImage;
  readonly scan: Checked<ImageFinding>;
}

export interface MeasuredImage {
  readonly plan: PlannedImage;
  readonly lint: Lint;
  readonly stages: readonly MeasuredStage[];
}

/** All that one run measured. */
export interface Measurement {
  readonly images: readonly MeasuredImage[];
}

// ---------------------------------------------------------------- goals and verdicts

/** A rule on a stage. */
export type Goal =
  | { readonly rule: "max-unpacked"; readonly limit: number }
  | { readonly rule: "max-download"; readonly limit: number }
  /** At least `limit` percent below `original` bytes unpacked. */
  | { readonly rule: "min-reduction"; readonly limit: number; readonly original: number }
  /** No finding at or above this severity. */
  | { readonly rule: "fail-on-severity"; readonly limit: Severity };

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

// ---------------------------------------------------------------- report

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

export interface ReportImage {
  readonly name: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly hadolint: CheckStatus;
  readonly buildkit: CheckStatus;
  /** Present where `fail-on-lint` is set. */
  readonly failOnLint?: LintGoalResult;
  /** Those outside any stage. */
  readonly findings: readonly Finding[];
  readonly stages: readonly ReportStage[];
}

export interface ReportStage {
  readonly image: string;
  readonly name: string;
  readonly index: number;
  readonly line: number;
  readonly platform: string;
  readonly status: "built" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly reason?: string;
  /** Of a failed stage. */
  readonly failure?: { readonly line?: number; readonly output: readonly string[] };
  readonly digest?: string;
  readonly unpacked?: number;
  readonly download?: number;
  readonly own?: Sizes;
  readonly base?: Sizes;
  readonly seconds?: number;
  readonly steps: readonly BuildStep[];
  readonly layers: readonly Layer[];
  readonly biggestFiles: readonly PathSize[];
  readonly biggestFolders: readonly PathSize[];
  readonly goals: readonly GoalResult[];
  readonly scan: CheckStatus;
  readonly findings: readonly Finding[];
}

// ---------------------------------------------------------------- inputs

/** An image as the user named it. */
export interface ImageInput {
  /** Given or derived from the Dockerfile's path. */
  readonly name: string;
  /** Relative to the workspace, forward slashes. */
  readonly file: string;
  /** Folder, relative to the workspace, forward slashes; `.` is the workspace itself. */
  readonly context: string;
  /** Where it was said, for messages: `input file`, `.github/weighbridge.yml:4`. */
  readonly where: string;
}

/** A secret given to the build. The value of `value` goes only into the child's environment. */
export type BuildSecret =
  | { readonly kind: "value"; readonly id: string; readonly value: string }
  | { readonly kind: "environment"; readonly id: string; readonly variable: string }
  | { readonly kind: "file"; readonly id: string; readonly path: string };

/** The rules that one key of the `goals` map sets. */
export interface GoalRules {
  readonly maxUnpacked?: number;
  readonly maxDownload?: number;
  readonly minReduction?: number;
  readonly original?: number;
  /** `none` takes a less specific rule back. */
  readonly failOnSeverity?: Severity | "none";
}

/** One entry of the `goals` map. */
export interface GoalEntry {
  /** Stage name or glob, or `image/stage`. */
  readonly pattern: string;
  readonly rules: GoalRules;
  readonly where: string;
  /**
   * Said in a configuration file for more Dockerfiles than this run has: that no stage is called
   * so is then no mistake.
   */
  readonly mayNameNoStage?: boolean;
}

export type Scanner = "vuln" | "secret" | "misconfig" | "license";

/** What the build room needs to know. */
export interface BuildInputs {
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly buildContexts: Readonly<Record<string, string>>;
  readonly secrets: readonly BuildSecret[];
  /** As `docker buildx build --ssh` takes them. */
  readonly ssh: readonly string[];
  readonly platform?: string;
  readonly builder?: string;
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
}

export interface LintInputs {
  readonly lint: boolean;
  readonly hadolintConfig?: string;
  readonly failOnLint: LintLevel | "off";
  readonly hadolintPath?: string;
}

export interface ScanInputs {
  readonly scanners: readonly Scanner[];
  /** What is reported. */
  readonly severity: readonly Severity[];
  readonly ignoreUnfixed: boolean;
  readonly trivyIgnoreFile?: string;
  readonly trivyPath?: string;
  /** Empty: Trivy's own sources. */
  readonly trivyDbRepository: readonly string[];
}

export interface PublishInputs {
  /** Key of the comment, the SARIF categories and the caches. */
  readonly name: string;
  /** Whether the user gave that name. */
  readonly nameIsGiven: boolean;
  readonly comment: "auto" | "always" | "never";
  readonly uploadSarif: "auto" | "never";
  readonly summary: boolean;
  readonly fail: boolean;
  readonly onUnknown: "fail" | "warn";
}

/** Everything the user asked for, checked. */
export interface Inputs {
  readonly images: readonly ImageInput[];
  /** Names, globs, `!name`; empty: every stage. */
  readonly targets: readonly string[];
  readonly goals: readonly GoalEntry[];
  readonly build: BuildInputs;
  readonly lint: LintInputs;
  readonly scan: ScanInputs;
  readonly publish: PublishInputs;
  /** Absolute path of the folder that is kept between runs. */
  readonly state: string;
}
