// Red Hat's, SUSE's and others' packages: one database, which rpm kept in three formats over time.
// https://rpm.org/docs/4.20.x/man/rpm.8

import { berkeleyValues } from "./berkeley-hash.ts";
import { ndbBlobs } from "./ndb.ts";
import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";
import { readRpmHeader } from "./rpm-header.ts";
import { sqliteRows } from "./sqlite-table.ts";
import { wholeFile } from "./whole-file.ts";

/** Where it was first, where Fedora, RHEL and SUSE have it now, where images made by ostree do. */
const FOLDERS = ["/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm"];

/** Bytes of the largest database that is read: a package takes some 100 KB of it. */
const LARGEST = 128 * 2 ** 20;

type ReadHeaders = (database: Buffer) => Iterable<Buffer>;

const FORMATS: Readonly<Record<string, ReadHeaders>> = {
  "rpmdb.sqlite": sqliteHeaders,
  "Packages.db": ndbBlobs,
  Packages: berkeleyValues,
};

/** Opens a probe for rpm's database. */
export function openRpm(file: ArchiveFile): PackageProbe | undefined {
  if (!FOLDERS.includes(file.folder)) return undefined;
  const readHeaders = Object.hasOwn(FORMATS, file.name) ? FORMATS[file.name] : undefined;
  if (readHeaders === undefined) return undefined;
  return wholeFile(file, (content) => readPackages(readHeaders(content)), LARGEST);
}

function* readPackages(headers: Iterable<Buffer>): Generator<Said> {
  for (const header of headers) {
    const said = readIfWhole(header);
    if (said !== undefined) yield said;
  }
}

/** Some databases have a record that is no package; one that is damaged spoils no other. */
function readIfWhole(header: Buffer): Said | undefined {
  try {
    return readRpmHeader(header);
  } catch {
    return undefined;
  }
}

function* sqliteHeaders(database: Buffer): Generator<Buffer> {
  for (const row of sqliteRows(database, "Packages")) {
    const header = row.at(-1);
    if (Buffer.isBuffer(header)) yield header;
  }
}
