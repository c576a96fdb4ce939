// What linters and scanners say.

import type { LayerPlace } from "./image.ts";

/** The words of vulnerability scanners, in lower case, worst first. */
export const SEVERITIES = ["critical", "high", "medium", "low", "unknown"] as const;
/** How bad a vulnerability, a secret or a misconfiguration is. */
export type Severity = (typeof SEVERITIES)[number];

/** The words of linters, worst first. */
export const LINT_LEVELS = ["error", "warning", "info", "style"] as const;
/** How bad a linter takes a finding to be. */
export type LintLevel = (typeof LINT_LEVELS)[number];

/** Who found it. */
export type FindingTool = "hadolint" | "buildkit" | "trivy";

/** What Trivy looks for. */
export const SCAN_KINDS = ["vulnerability", "secret", "misconfiguration", "license"] as const;
/** What a finding of Trivy is about. */
export type ScanKind = (typeof SCAN_KINDS)[number];

/** What a vendor says of a vulnerability for which there is no fixed version. */
export const OUTLOOKS = ["will-not-fix", "deferred", "end-of-life"] as const;
export type Outlook = (typeof OUTLOOKS)[number];

/** One problem, at one Dockerfile line. */
export interface Finding {
  readonly tool: FindingTool;
  /** Of Trivy's findings; the linters' have none. */
  readonly kind?: ScanKind;
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
  /** Of a vulnerability without a fixed version, where its vendor has said more than that. */
  readonly outlook?: Outlook;
  /** Path inside the image, where the finding is about a file. */
  readonly path?: string;
  /**
   * Where the finding is about a file that a later layer deletes or overwrites: that layer. Whoever
   * pulls the image has the file all the same.
   */
  readonly killedBy?: LayerPlace;
  /** Score from 0.0 to 10.0, where the scanner gives one. */
  readonly cvss?: number;
}

/** A finding in an image, before lines are known: it names the layers that they belong to. */
export interface ImageFinding extends Omit<Finding, "line" | "killedBy"> {
  /** The layer that brought it in. */
  readonly layerDiffId?: string;
  /** Of a secret in the image's configuration: the entry of its history that has it, from 0. */
  readonly historyEntry?: number;
  /** See `Finding.killedBy`; from 0, lowest first. */
  readonly killedByLayer?: number;
}

/** What a checker says. *Not checked* is never an empty list. */
export type Checked<T> =
  | {
      readonly kind: "checked";
      readonly findings: readonly T[];
      /** What the reader should know of this check. One sentence each; hostile text. */
      readonly notes?: readonly string[];
      /** Rules of what was found and is listed in an ignore file, each once. Hostile text. */
      readonly ignored?: readonly string[];
    }
  | { readonly kind: "unavailable"; readonly tool: FindingTool; readonly reason: string }
  /** The inputs switched it off; or, with a reason, one sentence, the builder has no such checks. */
  | { readonly kind: "off"; readonly reason?: string };

/** What the linters say of one Dockerfile. */
export interface Lint {
  readonly hadolint: Checked<Finding>;
  readonly buildkit: Checked<Finding>;
}
