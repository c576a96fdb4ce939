// Debian's packages: names and versions in one file, the paths of each package in another.
// https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html#FILES

import type { PackageRelations } from "../layer/layer-index.ts";
import { fieldsOf } from "./fields.ts";
import { linesOf, paragraphsOf } from "./lines.ts";
import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";
import { wholeFile } from "./whole-file.ts";

const FOLDER = "/var/lib/dpkg";

/** Images without a package manager have a file a package here instead of one `status`. */
const STATUS_FOLDER = `${FOLDER}/status.d`;

const LIST = ".list";
const SUMS = ".md5sums";

/** An MD5 sum in hexadecimal and the two characters behind it. */
const SUM_LENGTH = 34;

/** Where apt keeps which packages nobody asked for. */
const STATES = { folder: "/var/lib/apt", name: "extended_states" };

/** Bytes of the longest list of packages that is read. */
const LONGEST_RELATION = 16_384;

/** Opens a probe for a file of dpkg's database. */
export function openDpkg(file: ArchiveFile): PackageProbe | undefined {
  const { folder, name } = file;
  if (folder === STATES.folder && name === STATES.name) return wholeFile(file, readStates);
  if (!folder.startsWith(FOLDER)) return undefined;
  if (folder === FOLDER && name === "status") return wholeFile(file, readStatus);
  if (folder === `${FOLDER}/info` && name.endsWith(LIST)) {
    return wholeFile(file, (content) => [part(name.slice(0, -LIST.length), linesOf(content))]);
  }
  if (folder !== STATUS_FOLDER) return undefined;
  if (!name.endsWith(SUMS)) return wholeFile(file, readStatus);
  return wholeFile(file, (content) => [part(name.slice(0, -SUMS.length), pathsOfSums(content))]);
}

/** A package of which only the configuration is left is none that is installed. */
function* readStatus(content: Buffer): Generator<Said> {
  for (const paragraph of paragraphsOf(content)) {
    const fields = fieldsOf(paragraph, ["Package", "Status", "Version"]);
    const { Package: name, Status: status, Version: version } = fields;
    const isInstalled = status === undefined || status.endsWith(" installed");
    if (!name || !version || !isInstalled) continue;
    yield { type: "deb", name, version, ...relationsOf(paragraph) };
  }
}

/** https://www.debian.org/doc/debian-policy/ch-relationships.html */
function relationsOf(paragraph: Buffer): Pick<Said, "relations"> {
  const wanted = ["Depends", "Pre-Depends", "Provides"] as const;
  const fields = fieldsOf(paragraph, wanted, LONGEST_RELATION);
  const requires = [...namesIn(fields.Depends), ...namesIn(fields["Pre-Depends"])];
  const provides = namesIn(fields.Provides);
  if (requires.length + provides.length === 0) return {};
  const relations: PackageRelations = {
    ...(requires.length > 0 && { requires }),
    ...(provides.length > 0 && { provides }),
  };
  return { relations };
}

/** `libc6 (>= 2.36), mawk | gawk` without versions and architectures. */
function namesIn(field = ""): readonly string[] {
  return field.split(",").flatMap((relation) => {
    const names = relation.split("|").flatMap((one) => NAME.exec(one)?.[1] ?? []);
    return names.length === 0 ? [] : [names.join("|")];
  });
}

const NAME = /^\s*([a-z0-9][a-z0-9+.-]{1,100})/;

function* readStates(content: Buffer): Generator<Said> {
  for (const paragraph of paragraphsOf(content)) {
    const { Package: name, "Auto-Installed": automatic } = fieldsOf(paragraph, [
      "Package",
      "Auto-Installed",
    ]);
    if (name && automatic === "1") yield { type: "deb", name, relations: { isAutomatic: true } };
  }
}

/** A package of two architectures, `libc6:i386`, is one here: both have one version. */
function part(told: string, files: Iterable<Uint8Array>): Said {
  const [name = told] = told.split(":");
  return { type: "deb", name, files };
}

function* pathsOfSums(content: Buffer): Generator<Uint8Array> {
  for (const line of linesOf(content)) yield line.subarray(SUM_LENGTH);
}
