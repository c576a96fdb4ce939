import type { Waste } from "../model/image.ts";
import type { ReportStage } from "../model/report.ts";

/** Dead bytes that came to be so in one way: written by one layer, made dead by another. */
export interface WasteGroup extends Pick<Waste, "kind" | "writtenBy" | "killedBy"> {
  /** Of one image: stages share the layers, and with them what is dead in them. */
  readonly bytes: number;
  readonly files: number;
  /** Largest first, as far as they are known by path. Hostile text. */
  readonly paths: readonly string[];
}

/** The same, and the stages whose images have it. */
export interface SharedWaste extends WasteGroup {
  readonly stages: readonly ReportStage[];
}

/** The dead bytes of one image by how they came to be so, the largest group first. */
export function groupWaste(waste: readonly Waste[]): readonly WasteGroup[] {
  const groups = Map.groupBy(waste, ({ kind, writtenBy, killedBy }) =>
    [kind, writtenBy.layer, killedBy.layer].join(" "),
  );
  return largestFirst(
    [...groups.values()].flatMap((items) => {
      const [first] = items;
      if (first === undefined) return [];
      const { kind, writtenBy, killedBy } = first;
      const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
      const files = items.reduce((sum, item) => sum + item.files, 0);
      const paths = items.flatMap(({ path }) => (path === undefined ? [] : [path]));
      return [{ kind, writtenBy, killedBy, bytes, files, paths }];
    }),
  );
}

/** Those of the stages of one Dockerfile, each group once. */
export function groupSharedWaste(stages: readonly ReportStage[]): readonly SharedWaste[] {
  const groups = new Map<string, SharedWaste>();
  for (const stage of stages) {
    for (const group of groupWaste(stage.waste)) {
      const key = [group.kind, group.writtenBy.digest, group.killedBy.digest].join(" ");
      const known = groups.get(key);
      const all = [...(known?.stages ?? []), stage];
      groups.set(key, { ...(known ?? group), stages: all });
    }
  }
  return largestFirst([...groups.values()]);
}

function largestFirst<T extends WasteGroup>(groups: readonly T[]): readonly T[] {
  return groups.toSorted((one, other) => other.bytes - one.bytes);
}
