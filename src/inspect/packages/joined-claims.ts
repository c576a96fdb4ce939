import type { PackageType } from "../../model/image.ts";
import type { LayerIndex, PackageClaim } from "../layer/layer-index.ts";
import type { PathTable } from "../paths.ts";
import { ABSENT, ClaimedPlaces } from "./claimed-places.ts";

/** A package; one without a version has an empty one. */
export interface PackageIdentity {
  readonly type: PackageType;
  readonly name: string;
  readonly version: string;
}

/** What a file says of a package, with the package's name and version wherever those were told. */
export interface JoinedClaim {
  readonly identity: PackageIdentity;
  /** Paths of the image: the file that says so, the files it lists, the folder it claims. */
  readonly source: number;
  readonly files: Uint32Array;
  /** `ABSENT`: none, or none that the image has. */
  readonly folder: number;
}

/** A claim in the paths of the image, before it is known of which package. */
interface Part extends Omit<JoinedClaim, "identity"> {
  readonly type: PackageType;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly layer: number;
}

const NO_FILES = new Uint32Array(0);

/** Where each package has a file with the name under which its files are listed. */
const STATUS_FOLDER = "/var/lib/dpkg/status.d/";

/** What all layers say of packages, in their order; without what nobody gives a name to. */
export function* joinedClaims(
  paths: PathTable,
  layers: readonly LayerIndex[],
): Generator<JoinedClaim> {
  const parts = [...partsOf(paths, layers)];
  const described = new DescribedPackages(paths, parts);
  for (const part of parts) {
    const identity = described.identityOf(part);
    if (identity === undefined) continue;
    const { source, files, folder } = part;
    yield { identity, source, files, folder };
  }
}

function* partsOf(paths: PathTable, layers: readonly LayerIndex[]): Generator<Part> {
  const claimedPlaces = new ClaimedPlaces(paths, layers);
  for (const [layer, { claims, claimedPaths }] of layers.entries()) {
    const places = claimedPlaces.of(claimedPaths);
    for (const claim of claims) yield partOf(claim, places, layer);
  }
}

function partOf(claim: PackageClaim, places: Uint32Array, layer: number): Part {
  const place = (path: number | undefined) =>
    path === undefined ? ABSENT : (places[path] ?? ABSENT);
  return {
    type: claim.type,
    name: claim.name,
    version: claim.version,
    layer,
    source: place(claim.source),
    files: claim.files?.map(place).filter((path) => path !== ABSENT) ?? NO_FILES,
    folder: place(claim.folder),
  };
}

/** A package as a layer describes it. */
interface Described {
  readonly layer: number;
  readonly identity: PackageIdentity;
}

/** Packages by what the parts of one have in common: its name, or the folder that describes it. */
class DescribedPackages {
  readonly #paths: PathTable;
  /** One of a layer, in the order of the layers. */
  readonly #byKey = new Map<string, Described[]>();

  constructor(paths: PathTable, parts: readonly Part[]) {
    this.#paths = paths;
    for (const { type, name, version, layer, source } of parts) {
      if (name === undefined || version === undefined) continue;
      const described = { layer, identity: { type, name, version } };
      for (const key of this.#keysOf(type, name, source)) {
        const others = this.#byKey.get(key) ?? [];
        this.#byKey.set(key, others);
        // The last word of a layer counts.
        if (others.at(-1)?.layer === layer) others.pop();
        others.push(described);
      }
    }
  }

  /** Undefined when there is no name. */
  identityOf({ type, name, version, layer, source }: Part): PackageIdentity | undefined {
    if (name !== undefined && version !== undefined) return { type, name, version };
    const key = name === undefined ? this.#folderKey(type, source) : nameKey(type, name);
    const described = this.#byKey.get(key) ?? [];
    const nearest = described.findLast((one) => one.layer <= layer) ?? described[0];
    return nearest?.identity ?? (name === undefined ? undefined : { type, name, version: "" });
  }

  #keysOf(type: PackageType, name: string, source: number): readonly string[] {
    if (type === "pypi") return [this.#folderKey(type, source)];
    if (type !== "deb" || source === ABSENT) return [nameKey(type, name)];
    const file = this.#paths.textOf(source);
    if (!file.startsWith(STATUS_FOLDER)) return [nameKey(type, name)];
    return [nameKey(type, name), nameKey(type, file.slice(STATUS_FOLDER.length))];
  }

  #folderKey(type: PackageType, source: number): string {
    return `${type} in ${source === ABSENT ? ABSENT : this.#paths.parentOf(source)}`;
  }
}

function nameKey(type: PackageType, name: string): string {
  return `${type} named ${name}`;
}
