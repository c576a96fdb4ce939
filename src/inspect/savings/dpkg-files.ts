// Files of Debian's package manager itself, found by their paths.

import type { PackageWeight } from "../boxes.ts";
import { ROOT } from "../paths.ts";
import type { ImageTree } from "../tree/layers.ts";

/** The number of the file that a container sees at a path; undefined when there is none. */
export function fileAt(
  { paths, filesAt }: ImageTree,
  names: readonly string[],
): number | undefined {
  let path: number | undefined = ROOT;
  for (const name of names) path = path === undefined ? path : paths.find(path, Buffer.from(name));
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

/** Bytes that the layer of a package has in dpkg's own files on it, which belong to no package. */
export function keptBytes(
  tree: ImageTree,
  { name, layer }: Pick<PackageWeight, "name" | "layer">,
): number {
  const names = [name, ...ARCHITECTURES.map((architecture) => `${name}:${architecture}`)];
  return names
    .flatMap((known) => KEPT.map((kind) => `${known}.${kind}`))
    .flatMap((file) => fileAt(tree, [...INFO_FOLDER, file]) ?? [])
    .filter((file) => tree.files.layers.at(file) === layer)
    .reduce((sum, file) => sum + tree.files.bytes.at(file), 0);
}
