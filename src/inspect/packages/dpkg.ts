// Debian's packages: names and versions in one file, the paths of each package in another.
// https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html#FILES

import { linesOf, paragraphsOf } from "./lines.ts";
import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";
import { wholeFile } from "./whole-file.ts";

const FOLDER = "/var/lib/dpkg";

/** Images without a package manager have a file a package here instead of one `status`. */
const STATUS_FOLDER = `${FOLDER}/status.d`;

/** Bytes of an MD5 sum in hexadecimal and the two characters behind it. */
const SUM_LENGTH = 34;

/** Opens a probe for a file of dpkg's database. */
export function openDpkg(file: ArchiveFile): PackageProbe | undefined {
  const { folder, name } = file;
  if (!folder.startsWith(FOLDER)) return undefined;
  if (folder === FOLDER && name === "status") return wholeFile(file, readStatus);
  if (folder === `${FOLDER}/info` && name.endsWith(".list")) {
    return wholeFile(file, (content) => [listed(name.slice(0, -".list".length), linesOf(content))]);
  }
  if (folder !== STATUS_FOLDER) return undefined;
  if (!name.endsWith(".md5sums")) return wholeFile(file, readStatus);
  const part = name.slice(0, -".md5sums".length);
  return wholeFile(file, (content) => [listed(part, pathsOfSums(content))]);
}

/** A package of which only the configuration is left is none that is installed. */
function* readStatus(content: Buffer): Generator<Said> {
  for (const paragraph of paragraphsOf(content, ["Package", "Status", "Version"])) {
    const { Package: name, Status: status, Version: version } = paragraph;
    if (name === undefined || version === undefined) continue;
    if (status !== undefined && !status.endsWith(" installed")) continue;
    yield { type: "deb", name, version };
  }
}

/** The same package of several architectures is one: it has one version, and shares its files. */
function listed(part: string, files: Iterable<Uint8Array>): Said {
  const [name = part] = part.split(":");
  return { type: "deb", name, files };
}

function* pathsOfSums(content: Buffer): Generator<Uint8Array> {
  for (const line of linesOf(content)) yield line.subarray(SUM_LENGTH);
}
