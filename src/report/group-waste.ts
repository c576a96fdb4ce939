import type { Waste } from "../model/image.ts";
import type { ReportStage } from "../model/report.ts";

/** Dead bytes that came to be so in one way: written by one layer, made dead by another. */
export interface WasteGroup extends Pick<Waste, "kind" | "writtenBy" | "killedBy"> {
  /** Of one image: stages share the layers, and with them what is dead in them. */
  readonly bytes: number;
  readonly files: number;
  /** Largest first, as far as they are known by path. Hostile text. */
  readonly paths: readonly string[];
  readonly stages: readonly ReportStage[];
}

/** The dead bytes of the stages of one Dockerfile, each group once, the largest first. */
export function groupWaste(stages: readonly ReportStage[]): readonly WasteGroup[] {
  const groups = new Map<string, WasteGroup>();
  for (const stage of stages) {
    for (const group of wasteOf(stage)) {
      const { kind, writtenBy, killedBy } = group;
      const key = [kind, writtenBy.digest, killedBy.digest].join(" ");
      const known = groups.get(key);
      const all = [...(known?.stages ?? []), stage];
      groups.set(key, { ...(known ?? group), stages: all });
    }
  }
  return [...groups.values()].toSorted((one, other) => other.bytes - one.bytes);
}

function wasteOf(stage: ReportStage): readonly WasteGroup[] {
  const groups = Map.groupBy(stage.waste, ({ kind, writtenBy, killedBy }) =>
    [kind, writtenBy.layer, killedBy.layer].join(" "),
  );
  return [...groups.values()].flatMap((waste) => {
    const [first] = waste;
    if (first === undefined) return [];
    const { kind, writtenBy, killedBy } = first;
    const bytes = waste.reduce((sum, item) => sum + item.bytes, 0);
    const files = waste.reduce((sum, item) => sum + item.files, 0);
    const paths = waste.flatMap(({ path }) => (path === undefined ? [] : [path]));
    return [{ kind, writtenBy, killedBy, bytes, files, paths, stages: [stage] }];
  });
}
