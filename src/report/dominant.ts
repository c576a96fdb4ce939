import type { GoalResult } from "../model/goal.ts";
import type { ReportStage } from "../model/report.ts";

/** What is most of a stage, or of what it wastes. Names and paths are hostile text. */
export type Dominant =
  | {
      readonly kind: "package";
      readonly name: string;
      readonly bytes: number;
      readonly line?: number;
    }
  | {
      readonly kind: "folder" | "wasted";
      readonly path: string;
      readonly bytes: number;
      readonly line?: number;
    };

/** What to look at first of a stage that misses a goal on size; undefined where nothing is known. */
export function dominantOf(stage: ReportStage, goal: GoalResult): Dominant | undefined {
  switch (goal.rule) {
    case "max-unpacked":
    case "max-download":
    case "min-reduction":
      return biggestOf(stage);
    case "max-wasted":
    case "max-own-wasted":
    case "min-efficiency":
      return mostWastedOf(stage);
    case "fail-on-severity":
      return undefined;
  }
}

/** A package says more than the folder that it is in, as long as it is most of it. */
function biggestOf({ packages, biggestFolders: [folder] }: ReportStage): Dominant | undefined {
  const [biggest] = packages.toSorted((one, other) => other.bytes - one.bytes);
  if (biggest !== undefined && 2 * biggest.bytes >= (folder?.bytes ?? 0)) {
    const { name, bytes, line } = biggest;
    return { kind: "package", name, bytes, ...(line !== undefined && { line }) };
  }
  return folder === undefined ? undefined : { kind: "folder", ...folder };
}

function mostWastedOf({ waste }: ReportStage): Dominant | undefined {
  const [biggest] = waste.toSorted((one, other) => other.bytes - one.bytes);
  if (biggest?.path === undefined) return undefined;
  const { path, bytes, writtenBy } = biggest;
  return {
    kind: "wasted",
    path,
    bytes,
    ...(writtenBy.line !== undefined && { line: writtenBy.line }),
  };
}
