import type { WasteKind } from "../../model/image.ts";
import { keepBiggest } from "./biggest.ts";
import type { ImageTree } from "./layers.ts";
import { DEATHS } from "./tree-files.ts";

/** What `Waste` tells, before the lines of the layers are known. Layers count from 0. */
export interface DeadBytes {
  /** Absent: all of this kind and these layers that has no item of its own. Hostile text. */
  readonly path?: string;
  readonly files: number;
  readonly bytes: number;
  readonly kind: WasteKind;
  readonly writtenBy: number;
  readonly killedBy: number;
}

/**
 * What no container can see: the largest files by path, largest first, then sums of the rest by
 * kind and layers, largest first. Empty files waste nothing, and are left out.
 */
export function findWaste(tree: ImageTree, mostPaths: number): readonly DeadBytes[] {
  const largest: DeadFile[] = [];
  const sums = new Map<string, DeadBytes>();
  for (let file = 0; file < tree.files.length; file++) {
    const dead = deadFile(tree, file);
    if (dead === undefined) continue;
    keepBiggest(largest, mostPaths, dead);
    count(sums, dead, 1);
  }
  for (const dead of largest) count(sums, dead, -1);
  const rest = [...sums.values()].filter(({ files }) => files > 0);
  return [
    ...largest.map(({ path, ...dead }) => ({ path: tree.paths.textOf(path), ...dead })),
    ...rest.sort((one, other) => other.bytes - one.bytes),
  ];
}

/** Bytes that a container can see; of a file with several names, once. */
export function liveBytes({ files }: ImageTree): number {
  let live = 0;
  for (let file = 0; file < files.length; file++) {
    if (files.killedBy.at(file) === 0) live += files.bytes.at(file);
  }
  return live;
}

type DeadFile = Omit<DeadBytes, "path"> & { readonly path: number };

function deadFile({ files }: ImageTree, file: number): DeadFile | undefined {
  const bytes = files.bytes.at(file);
  const death = DEATHS[files.deaths.at(file)];
  if (bytes === 0 || death === undefined || death === "alive") return undefined;
  return {
    path: files.paths.at(file),
    files: 1,
    bytes,
    kind: death,
    writtenBy: files.layers.at(file),
    killedBy: files.killedBy.at(file) - 1,
  };
}

/** Adds a file to the sum of its kind and layers, or takes it out of it again. */
function count(sums: Map<string, DeadBytes>, { path, ...dead }: DeadFile, times: 1 | -1): void {
  const key = `${dead.kind} ${dead.writtenBy} ${dead.killedBy}`;
  const sum = sums.get(key) ?? { ...dead, files: 0, bytes: 0 };
  sums.set(key, {
    ...sum,
    files: sum.files + times,
    bytes: sum.bytes + times * dead.bytes,
  });
}
