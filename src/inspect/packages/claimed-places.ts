import { ENTRY_KINDS, type LayerIndex } from "../layer/layer-index.ts";
import { nameBytes } from "../names.ts";
import { type Paths, type PathTable, ROOT } from "../paths.ts";

/** Stands for a path that an image does not have. */
export const ABSENT = 0xffffffff;

/**
 * Folders that became symbolic links when distributions merged what was apart: their packages may
 * still list the old paths. Those that others lead to come first.
 * https://wiki.debian.org/UsrMerge https://fedoraproject.org/wiki/Changes/Unify_bin_and_sbin
 */
const MERGED = [
  ["/usr/sbin", "/usr/bin"],
  ["/usr/lib64", "/usr/lib"],
  ["/bin", "/usr/bin"],
  ["/sbin", "/usr/sbin"],
  ["/lib", "/usr/lib"],
  ["/lib32", "/usr/lib32"],
  ["/lib64", "/usr/lib64"],
  ["/libx32", "/usr/libx32"],
] as const;

/** Finds what claims name among the paths of an image, and adds none to them. */
export class ClaimedPlaces {
  readonly #paths: PathTable;
  /** Where the content of merged folders is, by the path of the link. */
  readonly #merged = new Map<number, number>();

  constructor(paths: PathTable, layers: readonly LayerIndex[]) {
    this.#paths = paths;
    const links = mergedLinks(layers);
    for (const [link, target] of MERGED) {
      const from = links.has(link) ? this.#find(link) : ABSENT;
      const to = this.#find(target);
      if (from !== ABSENT && to !== ABSENT) this.#merged.set(from, to);
    }
  }

  /** For each path of a layer's `claimedPaths`, the path of the image, or `ABSENT`. */
  of(claimed: Paths): Uint32Array {
    const places = new Uint32Array(claimed.parents.length).fill(ABSENT);
    places[ROOT] = ROOT;
    // A folder comes before what is in it.
    for (let path = 1; path < places.length; path++) {
      const folder = places[claimed.parents[path] ?? ROOT] ?? ABSENT;
      if (folder === ABSENT) continue;
      places[path] = this.#step(folder, nameBytes(claimed.names, claimed.lastNames[path] ?? 0));
    }
    return places;
  }

  #find(path: string): number {
    const names = path.split("/").slice(1);
    return names.reduce(
      (folder, name) => (folder === ABSENT ? ABSENT : this.#step(folder, Buffer.from(name))),
      ROOT,
    );
  }

  #step(folder: number, name: Uint8Array): number {
    const place = this.#paths.find(folder, name) ?? ABSENT;
    return this.#merged.get(place) ?? place;
  }
}

/** Those of the folders above that are symbolic links in some layer. */
function mergedLinks(layers: readonly LayerIndex[]): ReadonlySet<string> {
  const known = new Set<string>(MERGED.map(([link]) => link));
  const links = new Set<string>();
  for (const layer of layers) {
    for (const link of linksNear(layer)) {
      if (known.has(link)) links.add(link);
    }
  }
  return links;
}

/** Symbolic links of a layer that stand in `/` or in a folder of it. */
function* linksNear({ entries, paths }: LayerIndex): Generator<string> {
  const symlink = ENTRY_KINDS.indexOf("symlink");
  for (let entry = 0; entry < entries.kinds.length; entry++) {
    if (entries.kinds[entry] !== symlink) continue;
    const path = entries.paths[entry] ?? ROOT;
    const folder = paths.parents[path] ?? ROOT;
    if (folder === ROOT) yield `/${lastName(paths, path)}`;
    else if (paths.parents[folder] === ROOT) {
      yield `/${lastName(paths, folder)}/${lastName(paths, path)}`;
    }
  }
}

function lastName({ names, lastNames }: Paths, path: number): string {
  return Buffer.from(nameBytes(names, lastNames[path] ?? 0)).toString("latin1");
}
