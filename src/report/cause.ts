import type { Finding } from "../model/finding.ts";
import type { ReportImage, ReportStage } from "../model/report.ts";

/**
 * The line that brought a finding of the scan into an image first: what one stage installs, others
 * copy, so the same problem stands at the lines that copy it too.
 */
export type CauseOf = (finding: Finding) => number | undefined;

/** Lines of causes, by problem. */
type Causes = Map<string, number>;

/**
 * Finds the causes in an image. What a line copies from another stage was caused there; what a base
 * image has, by the first `FROM` of the same one; all else by the line that it stands at, and where
 * nothing is known of that line, by the first that has the same problem.
 */
export function causesIn({ stages }: Pick<ReportImage, "stages">): CauseOf {
  const inAll: Causes = new Map();
  const inStages = new Map<string, Causes>();
  const inBases = new Map<string, Causes>();
  const causes = new Map<Finding, number>();
  for (const stage of stages.toSorted((one, other) => one.index - other.index)) {
    const ofStage: Causes = new Map();
    const ofBase = causesOf(inBases, baseOf(stage));
    for (const finding of stage.findings) {
      const key = problemKey(finding);
      const line = finding.line ?? stage.line;
      const origin = originOf(stage, line);
      const earlier = {
        base: ofBase,
        stage: inStages.get(origin.from ?? ""),
        line: undefined,
        unknown: inAll,
      }[origin.kind];
      const cause = earlier?.get(key) ?? line;
      if (origin.kind === "base" && !ofBase.has(key)) ofBase.set(key, cause);
      if (!ofStage.has(key)) ofStage.set(key, cause);
      if (!inAll.has(key)) inAll.set(key, cause);
      if (!causes.has(finding)) causes.set(finding, cause);
    }
    // A stage can be called by its name and by its number; of two of one name, the later counts.
    inStages.set(stage.name.toLowerCase(), ofStage);
    inStages.set(String(stage.index), ofStage);
  }
  return (finding) => causes.get(finding) ?? finding.line;
}

/** Where what stands at a line comes from: the base image, another stage, or the line itself. */
interface Origin {
  readonly kind: "base" | "stage" | "line" | "unknown";
  /** The other stage. */
  readonly from?: string;
}

function originOf({ layers }: ReportStage, line: number): Origin {
  const layer = layers.find((each) => each.line === line);
  if (layer === undefined) return { kind: "unknown" };
  if (layer.origin === "base") return { kind: "base" };
  const [, from] = /^\s*COPY\s(?:.*\s)?--from=(\S+)/is.exec(layer.instruction ?? "") ?? [];
  return from === undefined ? { kind: "line" } : { kind: "stage", from: from.toLowerCase() };
}

/** What tells one base image from another: its topmost layer. */
function baseOf({ layers }: ReportStage): string {
  return layers.findLast(({ origin }) => origin === "base")?.diffId ?? "";
}

function causesOf(all: Map<string, Causes>, key: string): Causes {
  const causes = all.get(key) ?? new Map<string, number>();
  all.set(key, causes);
  return causes;
}

/** The same for one problem in whatever stages: rule, package, version and path. */
export function problemKey({ tool, rule, package: name, installed, path }: Finding): string {
  return JSON.stringify([tool, rule, name, installed, path]);
}
