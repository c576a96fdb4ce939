// Programs that Go built: the linker writes into each of them what it was built of.
// https://pkg.go.dev/debug/buildinfo

import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";

const ANYONE_EXECUTES = 0o111;

const ELF = Buffer.from("\x7fELF", "latin1");

/**
 * What stands before and after the text about modules, in all versions of Go that have modules.
 * https://github.com/golang/go/blob/go1.24.0/src/cmd/go/internal/modload/build.go#L27
 */
const START = Buffer.from("3077af0c9274080241e1c107e6d618e6", "hex");
const END = Buffer.from("f932433186182072008242104116d8f2", "hex");

/** A part of it that is rare in programs. So few bytes are looked for at the speed of memory. */
const RARE_AT = 2;
const RARE = START.subarray(RARE_AT, 5);

/** Bytes of the longest such text: some programs are made of a thousand modules. */
const LONGEST = 2 ** 20;

/** What Go calls a version that nobody gave. */
const NO_VERSION = "(devel)";

/** Opens a probe for a program. */
export function openGo(file: ArchiveFile): PackageProbe | undefined {
  if ((file.mode & ANYONE_EXECUTES) === 0 || file.bytes < ELF.length) return undefined;
  return new GoProbe(`${file.folder}/${file.name}`);
}

/** Looks for the text in what passes by, and keeps no more than that. */
class GoProbe implements PackageProbe {
  readonly isTooLarge = false;
  readonly held = 0;
  readonly #path: string;
  #state: "beginning" | "searching" | "reading" | "done" = "beginning";
  /** While searching, the end of what passed by, where the searched may have begun. */
  #kept: Buffer = Buffer.alloc(0);
  /** What is read of the text, as much as is filled. */
  #text: Buffer = Buffer.alloc(0);
  #textBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  write(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    switch (this.#state) {
      case "beginning":
        this.#begin(Buffer.concat([this.#kept, bytes]));
        break;
      case "searching":
        this.#search(bytes);
        break;
      case "reading":
        this.#read(bytes);
        break;
      case "done":
        break;
    }
  }

  end(): readonly Said[] {
    const text = this.#state === "done" ? this.#text.toString("utf8", 0, this.#textBytes) : "";
    return moduleOf(text, this.#path);
  }

  #begin(bytes: Buffer): void {
    this.#kept = bytes;
    if (bytes.length < ELF.length) return;
    this.#kept = Buffer.alloc(0);
    this.#state = "done";
    if (!bytes.subarray(0, ELF.length).equals(ELF)) return;
    this.#state = "searching";
    this.#search(bytes);
  }

  #search(bytes: Buffer): void {
    const overlap = START.length - 1;
    const seam = Buffer.concat([this.#kept, bytes.subarray(0, overlap)]);
    const inSeam = indexOfStart(seam);
    const inBytes = inSeam === -1 ? indexOfStart(bytes) : -1;
    if (inSeam === -1 && inBytes === -1) {
      this.#kept = Buffer.concat([this.#kept, bytes.subarray(-overlap)]).subarray(-overlap);
      return;
    }
    const start = inSeam === -1 ? inBytes : inSeam - this.#kept.length;
    this.#state = "reading";
    this.#text = Buffer.alloc(LONGEST);
    this.#read(bytes.subarray(start + START.length));
  }

  /** Looks at each byte once, in however small pieces they come. */
  #read(bytes: Buffer): void {
    const seam = Math.max(0, this.#textBytes - END.length + 1);
    const length = this.#textBytes + bytes.copy(this.#text, this.#textBytes);
    const end = this.#text.subarray(0, length).indexOf(END, seam);
    if (end === -1 && length < LONGEST) {
      this.#textBytes = length;
      return;
    }
    this.#textBytes = Math.max(0, end);
    this.#state = "done";
  }
}

function indexOfStart(bytes: Buffer): number {
  let rare = bytes.indexOf(RARE, RARE_AT);
  while (rare !== -1) {
    const start = rare - RARE_AT;
    if (bytes.subarray(start, start + START.length).equals(START)) return start;
    rare = bytes.indexOf(RARE, rare + 1);
  }
  return -1;
}

/** The main module, or the package that was built where there was no module. */
function moduleOf(text: string, path: string): readonly Said[] {
  const [, module, version = ""] = /^mod\t([^\t\n]+)(?:\t([^\t\n]*))?/m.exec(text) ?? [];
  const [, built] = /^path\t([^\t\n]+)/m.exec(text) ?? [];
  const name = module ?? built;
  if (name === undefined) return [];
  const known = version === NO_VERSION ? "" : version;
  return [{ type: "golang", name, version: known, files: [Buffer.from(path)] }];
}
