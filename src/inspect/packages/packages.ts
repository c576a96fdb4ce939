// Who says what is installed: package managers leave databases, or records beside what they
// installed; binaries and archives carry what they were built of. One file here a format. A package
// may be told in parts, of which each layer can have others: `owners.ts` puts them together.

import type { PackageType } from "../../model/image.ts";
import type { PackageRelations } from "../layer/layer-index.ts";
import { openApk } from "./apk.ts";
import { openDpkg } from "./dpkg.ts";
import { openGem } from "./gem.ts";
import { openGo } from "./go.ts";
import { openJava } from "./java.ts";
import { openNpm } from "./npm.ts";
import { openPython } from "./python.ts";
import { openRpm } from "./rpm.ts";

/** A regular file of a layer, before its bytes are read. */
export interface ArchiveFile {
  /** The folder that it is in, resolved, from `/`; as text by `nameText`. */
  readonly folder: string;
  readonly name: string;
  readonly bytes: number;
  /** Permission bits. */
  readonly mode: number;
}

/** What a file says of a package, or of one part of it. Hostile text. */
export interface Said {
  readonly type: PackageType;
  readonly name?: string;
  readonly version?: string;
  /**
   * Paths of files that belong to it, from `/`, with `.` and `..` in them as they were told. To be
   * gone through once; as many as the file had room for: whoever keeps them has to count.
   */
  readonly files?: Iterable<Uint8Array>;
  /** How it came to be there and what it needs, where the package manager knows that. */
  readonly relations?: PackageRelations;
  /** A folder that belongs to it with all that no nearer package claims, from `/`. */
  readonly folder?: string;
}

/** Takes a file's bytes as they pass by, in any pieces, and keeps none of them as they are. */
export interface PackageProbe {
  /** The file is one that has to be read as a whole, and too large for it: it will say nothing. */
  readonly isTooLarge: boolean;
  /** Bytes that it holds on to until its end; it may let far more pass by. */
  readonly held: number;
  write(piece: Uint8Array): void;
  /** What the file said; nothing when it is damaged or says nothing of packages. Never throws. */
  end(): readonly Said[];
}

/** Opens a probe for a file that looks like one of its format. */
export type OpenProbe = (file: ArchiveFile) => PackageProbe | undefined;

/** What distributions keep: a few files that say what most of an image is. */
const DATABASES: readonly OpenProbe[] = [openDpkg, openApk, openRpm];

/** Programs come last: a file that can be executed may be any of the others. */
const FORMATS: readonly OpenProbe[] = [openNpm, openPython, openGem, openJava, openGo];

/** A probe for a file of a distribution's database of packages. */
export function openDatabase(file: ArchiveFile): PackageProbe | undefined {
  return firstOf(DATABASES, file);
}

/**
 * A probe for a file that may say something of packages; most files get none. Asked for every file
 * of every layer: it looks at the name before anything else.
 */
export function openProbe(file: ArchiveFile): PackageProbe | undefined {
  return openDatabase(file) ?? firstOf(FORMATS, file);
}

function firstOf(formats: readonly OpenProbe[], file: ArchiveFile): PackageProbe | undefined {
  for (const open of formats) {
    const probe = open(file);
    if (probe !== undefined) return probe;
  }
  return undefined;
}
