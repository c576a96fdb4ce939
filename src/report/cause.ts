import { stageCopiedFrom } from "../inspect/advice/copy-source.ts";
import type { Finding } from "../model/finding.ts";
import type { ReportImage, ReportStage } from "../model/report.ts";
import { secretPlace } from "./remedy.ts";

/**
 * The line that brought a finding of the scan into an image first: what one stage installs, others
 * copy, so the same problem stands at the lines that copy it too.
 */
export type CauseOf = (finding: Finding) => number | undefined;

/** Lines of causes, by problem. */
type Causes = Map<string, number>;

/** Where one problem of a base image is told that several stages stand on. */
type BaseCause = "the first FROM of it" | "each FROM of it";

/**
 * Finds the causes in an image. What a line copies from another stage was caused there; what a base
 * image has, by the first `FROM` of the same one, or each stage's by its own; all else by the line that it stands at, and where
 * nothing is known of that line, by the first that has the same problem.
 */
export function causesIn(
  { stages }: Pick<ReportImage, "stages">,
  baseCause: BaseCause = "the first FROM of it",
): CauseOf {
  const inAll: Causes = new Map();
  const inStages = new Map<ReportStage, Causes>();
  const inBases = new Map<string, Causes>();
  const causes = new Map<Finding, number>();
  for (const stage of stages.toSorted((one, other) => one.index - other.index)) {
    const before = [...inStages.keys()];
    const ofStage = causesOf(inStages, stage);
    const isShared = baseCause === "the first FROM of it";
    const ofBase = isShared ? causesOf(inBases, baseOf(stage)) : new Map<string, number>();
    for (const finding of stage.findings) {
      const key = problemKey(finding);
      const line = finding.line ?? stage.line;
      const layer = stage.layers.find((each) => each.line === line);
      const isOfBase = layer?.origin === "base";
      const source = layer && stageCopiedFrom(layer, before);
      const copied = source && inStages.get(source);
      const earlier = layer === undefined ? inAll : isOfBase ? ofBase : copied;
      const cause = earlier?.get(key) ?? line;
      for (const known of [inAll, ofStage, ...(isOfBase ? [ofBase] : [])]) {
        if (!known.has(key)) known.set(key, cause);
      }
      if (!causes.has(finding)) causes.set(finding, cause);
    }
  }
  return (finding) => causes.get(finding) ?? finding.line;
}

/** What tells one base image from another: its topmost layer. */
function baseOf({ layers }: ReportStage): string {
  return layers.findLast(({ origin }) => origin === "base")?.diffId ?? "";
}

function causesOf<Key>(all: Map<Key, Causes>, key: Key): Causes {
  const causes = all.get(key) ?? new Map<string, number>();
  all.set(key, causes);
  return causes;
}

/**
 * The same for one problem in whatever stages: rule, package, version and path; of a secret in the
 * image's configuration, the line that put it there.
 */
export function problemKey(finding: Finding): string {
  const { tool, rule, package: name, installed, path } = finding;
  return JSON.stringify([tool, rule, name, installed, secretPlace(finding) ?? path]);
}
