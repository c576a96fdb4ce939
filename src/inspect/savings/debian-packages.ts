// What apt installed that nobody asked for by name: Debian's package manager keeps which packages
// those are, and what each requires.

import type { AdviceRule } from "../../model/image.ts";
import type { PackageWeight } from "../boxes.ts";
import type { LayerIndex, PackageClaim } from "../layer/layer-index.ts";
import type { ImageTree } from "../tree/layers.ts";
import { isBuildTool } from "./build-tools.ts";
import { debconfBytes, fileAt, keptBytesIn } from "./dpkg-files.ts";
import type { Saving } from "./saving.ts";

/** A package as the last layer knows it that changed the list of packages. */
interface Installed {
  readonly name: string;
  readonly requires: readonly string[];
  readonly provides: readonly string[];
  readonly isAutomatic: boolean;
}

/**
 * Two sets of packages that could be spared: those that are there only because others recommend
 * them, and compilers with what only they require. The second has none of the first.
 */
export function debianSavings(
  tree: ImageTree,
  layers: readonly LayerIndex[],
  weights: readonly PackageWeight[],
): readonly Saving[] {
  const installed = installedPackages(tree, layers);
  if (installed.length === 0) return [];
  const asked = installed.filter(({ isAutomatic }) => !isAutomatic);
  const expected = installed.filter(({ name }) => EXPECTED.includes(name));
  const wanted = [...asked, ...expected];
  const required = requiredBy(wanted, installed);
  const requiredByAsked = requiredBy(asked, installed);
  const needed = expected.filter(({ name }) => !requiredByAsked.has(name));
  const wantedForRunning = wanted.filter(({ name }) => !isBuildTool(name));
  const requiredForRunning = requiredBy(wantedForRunning, installed);
  const isRecommended = ({ name }: PackageWeight) => !required.has(name);
  const isForBuilding = ({ name }: PackageWeight) =>
    required.has(name) && !requiredForRunning.has(name);
  const known = new Set(installed.map(({ name }) => name));
  const debian = weights.filter(({ type, name }) => type === "deb" && known.has(name));
  const keptBytes = keptBytesIn(tree);
  const recommended = debian.filter(isRecommended);
  const spared = new Set(recommended.map(({ name }) => name));
  return [
    ...savingsOf("recommended-packages", recommended, keptBytes).map((saving) => {
      const { layer } = saving;
      const bytes = saving.bytes + debconfBytes(tree, layer, spared);
      return { ...saving, bytes, ...neededIn(layer, needed, debian) };
    }),
    ...savingsOf("build-tools", debian.filter(isForBuilding), keptBytes),
  ];
}

/** What is asked for without a word, by whoever fetches something or compiles. */
const EXPECTED: readonly string[] = ["ca-certificates", "libc6-dev"];

/** Those of the packages that a layer brought. */
function neededIn(
  layer: number,
  needed: readonly Installed[],
  weights: readonly PackageWeight[],
): Pick<Saving, "neededPackages"> {
  const brought = new Set(weights.filter((one) => one.layer === layer).map(({ name }) => name));
  const names = needed.map(({ name }) => name).filter((name) => brought.has(name));
  return names.length === 0 ? {} : { neededPackages: names };
}

function installedPackages(tree: ImageTree, layers: readonly LayerIndex[]): readonly Installed[] {
  const automatic = new Set(statesOf(tree, layers).map(({ name }) => name));
  return claimsOfLast(layers, hasRequirements).flatMap(({ name, version, relations = {} }) => {
    if (name === undefined || version === undefined) return [];
    const { requires = [], provides = [] } = relations;
    return [{ name, requires, provides, isAutomatic: automatic.has(name) }];
  });
}

/**
 * The packages that nobody asked for. The file that a container sees says so, be it that there are none
 * any more; where there is no such file, the last that there was.
 */
function statesOf(tree: ImageTree, layers: readonly LayerIndex[]): readonly PackageClaim[] {
  const file = fileAt(tree, STATES_FILE);
  const claims =
    file === undefined
      ? claimsOfLast(layers, isAutomatic)
      : layers[tree.files.layers.at(file)]?.claims;
  return claims?.filter(isAutomatic) ?? [];
}

const STATES_FILE = ["var", "lib", "apt", "extended_states"];

/** What the last layer says of packages that says such a thing of any. */
function claimsOfLast(
  layers: readonly LayerIndex[],
  isSuch: (claim: PackageClaim) => boolean,
): readonly PackageClaim[] {
  return layers.findLast(({ claims }) => claims.some(isSuch))?.claims ?? [];
}

function isAutomatic({ relations }: PackageClaim): boolean {
  return relations?.isAutomatic === true;
}

function hasRequirements({ relations }: PackageClaim): boolean {
  return relations?.requires !== undefined;
}

/** Packages, and what they require, directly or not. Of alternatives, all that are there. */
function requiredBy(
  roots: readonly Installed[],
  installed: readonly Installed[],
): ReadonlySet<string> {
  const providers = Map.groupBy(
    installed.flatMap((one) => [one.name, ...one.provides].map((name) => ({ name, one }))),
    ({ name }) => name,
  );
  const found = new Set(roots);
  for (const { requires } of found) {
    for (const name of requires.flatMap((requirement) => requirement.split("|"))) {
      for (const { one } of providers.get(name) ?? []) found.add(one);
    }
  }
  return new Set([...found].map(({ name }) => name));
}

/** One a layer, with what dpkg has on the packages there. */
function savingsOf(
  rule: AdviceRule,
  weights: readonly PackageWeight[],
  keptBytes: ReturnType<typeof keptBytesIn>,
): readonly Saving[] {
  return [...Map.groupBy(weights, ({ layer }) => layer)].map(([layer, packages]) => ({
    rule,
    subject: namesOf(packages),
    bytes: packages.reduce((sum, each) => sum + each.bytes + keptBytes(each), 0),
    files: packages.length,
    layer,
    paths: [],
  }));
}

/** Packages that are told by name. */
const MOST_NAMES = 12;

function namesOf(packages: readonly PackageWeight[]): string {
  const names = packages.toSorted((one, other) => other.bytes - one.bytes).map(({ name }) => name);
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}
