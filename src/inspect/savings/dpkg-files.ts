// Files of Debian's package manager itself, found by their paths.

import type { PackageWeight } from "../boxes.ts";
import { ROOT } from "../paths.ts";
import type { ImageTree } from "../tree/layers.ts";

/** The number of the file that a container sees at a path; undefined when there is none. */
export function fileAt(tree: ImageTree, names: readonly string[]): number | undefined {
  return fileOf(tree, pathAt(tree, names));
}

function pathAt(
  { paths }: ImageTree,
  names: readonly string[],
  from: number | undefined = ROOT,
): number | undefined {
  let path: number | undefined = from;
  for (const name of names) path = path === undefined ? path : paths.find(path, Buffer.from(name));
  return path;
}

function fileOf({ filesAt }: ImageTree, path: number | undefined): number | undefined {
  const file = path === undefined ? -1 : filesAt.at(path) - 1;
  return file === -1 ? undefined : file;
}

const INFO_FOLDER = ["var", "lib", "dpkg", "info"];

/** What dpkg keeps of a package: lists, sums, scripts. https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html#FILES */
const KEPT = [
  ...["list", "md5sums", "conffiles", "config", "templates", "triggers", "shlibs", "symbols"],
  ...["preinst", "postinst", "prerm", "postrm"],
];

/** As it stands behind the name of a package that can be there for several of them. */
const ARCHITECTURES = [
  ...["amd64", "arm64", "armel", "armhf", "i386", "mips64el", "ppc64el", "riscv64", "s390x"],
];

/** Tells the bytes that the layer of a package has in dpkg's own files on it, which belong to no package. */
export function keptBytesIn(
  tree: ImageTree,
): (of: Pick<PackageWeight, "name" | "layer">) => number {
  const folder = pathAt(tree, INFO_FOLDER);
  if (folder === undefined) return () => 0;
  return ({ name, layer }) => {
    const names = [name, ...ARCHITECTURES.map((architecture) => `${name}:${architecture}`)];
    return names
      .flatMap((known) => KEPT.map((kind) => `${known}.${kind}`))
      .flatMap((file) => fileOf(tree, pathAt(tree, [file], folder)) ?? [])
      .filter((file) => tree.files.layers.at(file) === layer)
      .reduce((sum, file) => sum + tree.files.bytes.at(file), 0);
  };
}

const QUESTIONS = ".templates";
const DEBCONF_FOLDER = ["var", "cache", "debconf"];
/** All of what packages ask, what was answered, and each as it was before. https://manpages.debian.org/bookworm/debconf-doc/debconf.7.en.html */
const DEBCONF_FILES = ["templates.dat", "templates.dat-old", "config.dat", "config.dat-old"];

/**
 * Bytes that a layer has of debconf's files if they are there only for packages that could be spared:
 * they are written anew, whole and with a copy of what they were, for any package that asks something.
 */
export function debconfBytes(tree: ImageTree, layer: number, spared: ReadonlySet<string>): number {
  const { files, paths } = tree;
  const folder = pathAt(tree, INFO_FOLDER);
  let asking = 0;
  for (let file = 0; file < files.length; file++) {
    const path = files.paths.at(file);
    if (files.layers.at(file) !== layer || paths.parentOf(path) !== folder) continue;
    const name = paths.nameOf(path);
    if (!name.endsWith(QUESTIONS)) continue;
    const [known = ""] = name.slice(0, -QUESTIONS.length).split(":");
    // What was removed since has asked too.
    if (files.killedBy.at(file) !== 0 || !spared.has(known)) return 0;
    asking++;
  }
  if (asking === 0) return 0;
  return DEBCONF_FILES.flatMap((name) => fileAt(tree, [...DEBCONF_FOLDER, name]) ?? [])
    .filter((file) => files.layers.at(file) === layer)
    .reduce((sum, file) => sum + files.bytes.at(file), 0);
}
