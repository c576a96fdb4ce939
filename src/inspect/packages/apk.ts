// Alpine's packages: one file has them all, with the paths of each.
// https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2

import { fieldsOf } from "./fields.ts";
import { linesOf, paragraphsOf } from "./lines.ts";
import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";
import { wholeFile } from "./whole-file.ts";

/** Where it is, and where it is from Alpine 3.23 on. */
const FOLDERS = ["/lib/apk/db", "/usr/lib/apk/db"];

const FOLDER = "F:".charCodeAt(0);
const FILE = "R:".charCodeAt(0);
const COLON = ":".charCodeAt(0);

const SLASH = Buffer.from("/");

/** Opens a probe for apk's database. */
export function openApk(file: ArchiveFile): PackageProbe | undefined {
  if (file.name !== "installed" || !FOLDERS.includes(file.folder)) return undefined;
  return wholeFile(file, readInstalled);
}

function* readInstalled(content: Buffer): Generator<Said> {
  for (const paragraph of paragraphsOf(content)) {
    const { P: name, V: version } = fieldsOf(paragraph, ["P", "V"]);
    if (name && version) yield { type: "apk", name, version, files: filesOf(paragraph) };
  }
}

/** A folder is told once, and after it the names of the files in it. */
function* filesOf(paragraph: Buffer): Generator<Uint8Array> {
  let folder = Buffer.alloc(0);
  for (const line of linesOf(paragraph)) {
    if (line[1] !== COLON) continue;
    if (line[0] === FOLDER) folder = Buffer.from(line.subarray(2));
    if (line[0] === FILE) yield Buffer.concat([folder, SLASH, line.subarray(2)]);
  }
}
