// What the user asked for, checked.

import type { LintLevel, Severity } from "./finding.ts";

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
  readonly maxWasted?: number;
  readonly maxOwnWasted?: number;
  readonly minEfficiency?: number;
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
  /** Given to the run itself, by an input or an option, and not in a configuration file. */
  readonly isGiven?: true;
  /** The pattern as an image of a configuration file has it, where `pattern` names that image too. */
  readonly written?: string;
  /**
   * Said in a configuration file for more Dockerfiles than this run has: that no stage is called
   * so is then no mistake.
   */
  readonly mayNameNoStage?: boolean;
}

/** What Trivy looks for, in its own words. */
export type Scanner = "vuln" | "secret" | "misconfig" | "license";

/** Where the steps of a build are kept outside of the builder. */
export type CacheInput =
  /** GitHub's cache where it can be had, else none. */
  | { readonly kind: "auto" }
  | { readonly kind: "gha" }
  /** Each Dockerfile has a tag of its own, which begins with the given one. */
  | { readonly kind: "registry"; readonly repository: string; readonly tag?: string }
  /** Absolute path; each Dockerfile has a folder of its own in it. */
  | { readonly kind: "local"; readonly folder: string }
  | { readonly kind: "off" };

/** What the build room needs to know. */
export interface BuildInputs {
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly buildContexts: Readonly<Record<string, string>>;
  readonly secrets: readonly BuildSecret[];
  /** As `docker buildx build --ssh` takes them. */
  readonly ssh: readonly string[];
  readonly platform?: string;
  readonly builder?: string;
  /** Undefined: not given, which is `auto` where neither of the next two is given. */
  readonly cache?: CacheInput;
  /** As `docker buildx build --cache-from` takes them. */
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  /** Which leg of a job's matrix this is, for the places of a cache. Undefined: there is none. */
  readonly matrix?: string;
  /** Of the builder that is made where the current one cannot cache. Undefined: the pinned one. */
  readonly buildkitImage?: string;
  readonly noCache: boolean;
  readonly pull: boolean;
}

/** What the lint room needs to know. */
export interface LintInputs {
  readonly lint: boolean;
  readonly hadolintConfig?: string;
  /** Where that was said, for messages: `input hadolint-config`, `--hadolint-config`. */
  readonly hadolintConfigPlace?: string;
  readonly failOnLint: LintLevel | "off";
}

/** What the scan room needs to know. */
export interface ScanInputs {
  readonly scanners: readonly Scanner[];
  /** What is reported. */
  readonly severity: readonly Severity[];
  readonly ignoreUnfixed: boolean;
  readonly trivyIgnoreFile?: string;
  /** Empty: Trivy's own sources. */
  readonly trivyDbRepository: readonly string[];
  /** Of the database that an image with Java archives needs. Empty: Trivy's own sources. */
  readonly trivyJavaDbRepository: readonly string[];
}

/** What the publish room needs to know. */
/** Which program of a tool is run. */
export type ToolInput =
  /** The release that weighbridge has the hashes of. */
  | { readonly kind: "pinned" }
  /** Another one, and the SHA-256 of its file for this machine. */
  | { readonly kind: "release"; readonly version: string; readonly sha256: string }
  /** One that is here, used as it is, and its own SHA-256 where it was given. */
  | { readonly kind: "path"; readonly path: string; readonly sha256?: string };

/** The programs that are not brought along. */
export interface ToolInputs {
  readonly trivy: ToolInput;
  readonly hadolint: ToolInput;
  /** Stands in for `https://github.com`; without a slash at the end. */
  readonly mirror?: string;
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

/**
 * How much a layer, and all layers of an image together, may hold before they are refused, where
 * that is not the usual.
 */
export interface LayerBounds {
  /** Bytes of a layer once unpacked, those of its archive and those of its files. */
  readonly archive?: number;
  /** Entries; and paths, with folders that have no entry. */
  readonly entries?: number;
  /** Frames of zstd that a layer is packed in. */
  readonly frames?: number;
  /** Layers of an image. */
  readonly layers?: number;
  /** Bytes of all distinct file and folder names. */
  readonly names?: number;
  /** Distinct owners. */
  readonly owners?: number;
  /** Times that the archive may be as large as its blob. */
  readonly ratio?: number;
}

/** Everything the user asked for, checked. */
export interface Inputs {
  readonly images: readonly ImageInput[];
  /** Names, globs, `!name`; empty: every stage. */
  readonly targets: readonly string[];
  readonly goals: readonly GoalEntry[];
  /** Rules from dive's own configuration, for the last stage of every Dockerfile. */
  readonly diveRules: GoalRules;
  readonly build: BuildInputs;
  /** Whether code of strangers may be built where secrets and a token that may write are. */
  readonly allowUntrustedCheckout: boolean;
  readonly lint: LintInputs;
  readonly scan: ScanInputs;
  readonly tools: ToolInputs;
  readonly publish: PublishInputs;
  readonly layerLimits: LayerBounds;
  /** Absolute path of the folder that is kept between runs. */
  readonly state: string;
}
