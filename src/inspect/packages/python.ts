// Python's packages. A wheel leaves a folder with its metadata and a record of all that it brought;
// eggs, which came before wheels, have several forms.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
// https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html

import { fieldsOf } from "./fields.ts";
import { linesOf } from "./lines.ts";
import type { ArchiveFile, PackageProbe } from "./packages.ts";
import { pathAlone, wholeFile } from "./whole-file.ts";

const WHEEL = ".dist-info";
const EGG_INFO = ".egg-info";
const EGG = ".egg/EGG-INFO";
const ZIPPED_EGG = /^([^-]+)-([^-]+)(?:-.*)?\.egg$/;

const SLASH = "/".charCodeAt(0);
const COMMA = ",".charCodeAt(0);
const QUOTE = '"'.charCodeAt(0);

/** Bytes of the longest path in quotes. */
const LONGEST_QUOTED = 8192;

/** Opens a probe for a file in which an installed Python package describes itself. */
export function openPython(file: ArchiveFile): PackageProbe | undefined {
  const { folder, name } = file;
  switch (name) {
    case "METADATA":
      return folder.endsWith(WHEEL) ? description(file, folder) : undefined;
    case "RECORD":
      return folder.endsWith(WHEEL) ? listing(file, parentOf(folder), recordedPaths) : undefined;
    case "PKG-INFO":
      if (folder.endsWith(EGG)) return description(file, parentOf(folder));
      return folder.endsWith(EGG_INFO) ? description(file, folder) : undefined;
    case "installed-files.txt":
      return folder.endsWith(EGG_INFO) ? listing(file, folder, linesOf) : undefined;
    case "SOURCES.txt":
      return folder.endsWith(EGG_INFO) ? listing(file, parentOf(folder), linesOf) : undefined;
    default:
      return name.endsWith(EGG_INFO) ? description(file) : zippedEgg(file);
  }
}

function parentOf(folder: string): string {
  return folder.slice(0, folder.lastIndexOf("/"));
}

function zippedEgg({ folder, name: fileName }: ArchiveFile): PackageProbe | undefined {
  if (!fileName.endsWith(".egg")) return undefined;
  const [, name, version] = ZIPPED_EGG.exec(fileName) ?? [];
  if (name === undefined || version === undefined) return undefined;
  return pathAlone({ type: "pypi", name, version, files: [Buffer.from(`${folder}/${fileName}`)] });
}

/** A package without a list of its files has at least the folder that describes it. */
function description(file: ArchiveFile, folder?: string): PackageProbe {
  return wholeFile(file, (content) => {
    const { Name: name, Version: version = "" } = fieldsOf(content, ["Name", "Version"]);
    if (!name) return [];
    const files = [Buffer.from(`${file.folder}/${file.name}`)];
    return [{ type: "pypi", name, version, files, ...(folder === undefined ? {} : { folder }) }];
  });
}

/** A list of paths, each from `folder` on if it does not begin with `/`. */
function listing(
  file: ArchiveFile,
  folder: string,
  read: (content: Buffer) => Iterable<Buffer>,
): PackageProbe {
  return wholeFile(file, (content) => [{ type: "pypi", files: pathsFrom(folder, read(content)) }]);
}

function* pathsFrom(folder: string, paths: Iterable<Buffer>): Generator<Uint8Array> {
  const start = Buffer.from(`${folder}/`);
  for (const path of paths) {
    if (path.length === 0) continue;
    yield path[0] === SLASH ? path : Buffer.concat([start, path]);
  }
}

/** A record is a table with commas; the path comes first, in quotes where it has a comma itself. */
function* recordedPaths(content: Buffer): Generator<Buffer> {
  for (const line of linesOf(content)) {
    if (line[0] === QUOTE) yield unquoted(line);
    else {
      const comma = line.indexOf(COMMA);
      yield comma === -1 ? line : line.subarray(0, comma);
    }
  }
}

function unquoted(line: Buffer): Buffer {
  const start = line.toString("latin1", 0, LONGEST_QUOTED);
  const [, quoted = ""] = /^"((?:[^"]|"")*)"/.exec(start) ?? [];
  return Buffer.from(quoted.replaceAll('""', '"'), "latin1");
}
