import { placeOf } from "../inspect/account.ts";
import type { Finding, ImageFinding } from "../model/finding.ts";
import type { InstalledPackage, Layer, StageImage } from "../model/image.ts";
import type { LineRange, Stage } from "../model/plan.ts";

/**
 * Gives each finding of a stage's image the line of the instruction whose layer brought it in: the
 * external `FROM` for what the base image brought. Where no layer is named, as of a license, that of
 * the package which it is about; else none.
 */
export function placeFindings(
  findings: readonly ImageFinding[],
  { layers, packages, historyLines = [] }: Pick<StageImage, "layers" | "packages" | "historyLines">,
): readonly Finding[] {
  const lines = linesOfLayers(layers);
  const packageLines = linesOfPackages(packages);
  return findings.map(({ layerDiffId, killedByLayer, historyEntry, ...finding }) => {
    const { package: name = "" } = finding;
    const line =
      layerDiffId === undefined
        ? (historyLines[historyEntry ?? -1] ?? packageLines.get(name))
        : lines.get(layerDiffId);
    const isKilled = killedByLayer !== undefined && killedByLayer < layers.length;
    return {
      ...finding,
      ...(line !== undefined && { line }),
      ...(isKilled && { killedBy: placeOf(killedByLayer, layers) }),
    };
  });
}

/** Of equal layers, the lowest in the image counts: what it brought is there already. */
function linesOfLayers(layers: readonly Layer[]): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const { diffId, line } of layers) {
    if (line !== undefined && !lines.has(diffId)) lines.set(diffId, line);
  }
  return lines;
}

/** Of those that are there once: of several of one name it is not known which is meant. */
function linesOfPackages(packages: readonly InstalledPackage[]): ReadonlyMap<string, number> {
  const byName = Map.groupBy(packages, ({ name }) => name);
  const lines = [...byName].flatMap(([name, [one, ...others]]) => {
    return one?.line === undefined || others.length > 0 ? [] : [[name, one.line] as const];
  });
  return new Map(lines);
}

/** Findings of a linter, by the stage that they are in. */
export interface LintPlaces {
  /** One list a stage, in the order of the stages. */
  readonly inStages: readonly (readonly Finding[])[];
  /** About the whole file, or about what stands before the first `FROM`. */
  readonly outside: readonly Finding[];
}

/** Sorts the findings of a linter into the stages whose instructions they are about. */
export function placeLint(findings: readonly Finding[], stages: readonly Stage[]): LintPlaces {
  const inStages: Finding[][] = stages.map(() => []);
  const outside: Finding[] = [];
  const spans = stages.map(spanOf);
  for (const finding of findings) {
    const { line } = finding;
    const index = spans.findIndex(
      (span) => line !== undefined && span.start <= line && line <= span.end,
    );
    (inStages[index] ?? outside).push(finding);
  }
  return { inStages, outside };
}

/** From the `FROM` to the end of the last instruction: comments in between belong to the stage. */
function spanOf(stage: Stage): LineRange {
  const end = stage.instructions.at(-1)?.lines.end ?? stage.line;
  return { start: stage.line, end };
}
