import type { Waste } from "../model/image.ts";
import type { ReportStage } from "../model/report.ts";
import { ascending } from "./ascending.ts";

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
  /** Lines of the Dockerfile that wrote it, and that made it dead, in any of them, ascending. */
  readonly writtenAt: readonly number[];
  readonly killedAt: readonly number[];
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
  const groups = new Map<string, OpenGroup>();
  for (const stage of stages) {
    for (const group of groupWaste(stage.waste)) {
      const key = [group.kind, group.writtenBy.digest, group.killedBy.digest].join(" ");
      const known = groups.get(key) ?? { group, stages: [], writtenAt: [], killedAt: [] };
      groups.set(key, known);
      known.stages.push(stage);
      known.writtenAt.push(group.writtenBy.line);
      known.killedAt.push(group.killedBy.line);
    }
  }
  return largestFirst([...groups.values()].map(closed));
}

interface OpenGroup {
  readonly group: WasteGroup;
  readonly stages: ReportStage[];
  readonly writtenAt: (number | undefined)[];
  readonly killedAt: (number | undefined)[];
}

function closed({ group, stages, writtenAt, killedAt }: OpenGroup): SharedWaste {
  return { ...group, stages, writtenAt: ascending(writtenAt), killedAt: ascending(killedAt) };
}

function largestFirst<T extends WasteGroup>(groups: readonly T[]): readonly T[] {
  return groups.toSorted((one, other) => other.bytes - one.bytes);
}
