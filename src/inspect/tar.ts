// Reads a tar archive as container engines do: what Go's archive/tar makes of odd bytes is what
// ends up in a container, so it is also what counts here. Where it ends an archive (two blocks of
// zeros), what it ignores (global PAX headers, sizes of links and folders) and what it refuses are
// the same. https://pkg.go.dev/archive/tar
//
// Headers only: bodies are skipped, nothing is ever extracted.

import { type Extension, readPax } from "./pax.ts";
import {
  BLOCK_BYTES,
  hasBody,
  headerContinuesMap,
  headerGid,
  headerLinkTarget,
  headerMode,
  headerPath,
  headerSize,
  headerUid,
  isZeroBlock,
  kindOf,
  mapContinues,
  sparseSize,
  TarError,
  type TarKind,
  typeFlag,
  verifyChecksum,
} from "./tar-header.ts";

/** An entry of the archive. Its bytes are the reader's own: copy what outlives the call. */
export interface TarEntry {
  readonly kind: TarKind;
  /** As it stands in the archive, in whatever encoding: `./etc/hosts`, `../x`, `usr/`. */
  readonly path: Uint8Array;
  /** Of a symbolic or a hard link; of all else empty. */
  readonly linkTarget: Uint8Array;
  /** Of a file, holes of sparse ones included; of all else zero. */
  readonly bytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Longest PAX header, GNU long name or map of holes, in bytes: the engines' own limit. */
const LONGEST_EXTENSION = 1 << 20;

const NOTHING = new Uint8Array(0);

/** An archive is a sequence of parts, and the length of each is known when it begins. */
type Part =
  | "header"
  /** Of the entry that follows: a PAX header or a GNU long name. */
  | "extension"
  /** A block of an old GNU sparse file's map of holes. */
  | "map"
  /** A body, and the padding after it. */
  | "skipped"
  /** The block after one of zeros. */
  | "trailer"
  /** Past two blocks of zeros. What follows is no part of the archive. */
  | "end";

/** A tar archive is pushed in as it arrives, in pieces of any size; entries come out. */
export class TarReader {
  readonly #onEntry: (entry: TarEntry) => void;
  #part: Part = "header";
  /** Bytes of this part that are still to come. */
  #missing = BLOCK_BYTES;
  /** Where this part is collected, unless it is skipped. */
  #collected: Uint8Array;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  /** Padding at the end of what is skipped. */
  #padding = 0;
  #extensionFlag = "";
  #extension: Extension = {};
  #mapBlocks = 0;
  /** Bytes of the body after a map of holes. */
  #mappedBody = 0;
  /** Bytes taken in. */
  #position = 0;

  constructor(onEntry: (entry: TarEntry) => void) {
    this.#onEntry = onEntry;
    this.#collected = this.#block;
  }

  /**
   * Takes the next piece.
   * @throws TarError when it cannot be the continuation of an archive.
   */
  write(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && this.#part !== "end"; ) {
      const end = Math.min(chunk.length, at + this.#missing);
      if (this.#part !== "skipped") {
        this.#collected.set(chunk.subarray(at, end), this.#collected.length - this.#missing);
      }
      this.#missing -= end - at;
      this.#position += end - at;
      at = end;
      if (this.#missing === 0) this.#finishPart();
    }
  }

  /**
   * Says that no more comes.
   * @throws TarError when something is missing.
   */
  end(): void {
    if (!this.#mayEnd()) throw this.#located(new TarError("the archive is cut off"));
  }

  /** Missing padding and missing zeros harm nobody. */
  #mayEnd(): boolean {
    switch (this.#part) {
      case "header":
      case "trailer":
        return this.#missing === BLOCK_BYTES;
      case "skipped":
        return this.#missing <= this.#padding;
      case "extension":
      case "map":
        return false;
      case "end":
        return true;
    }
  }

  #finishPart(): void {
    try {
      this.#readPart();
    } catch (error) {
      throw error instanceof TarError ? this.#located(error) : error;
    }
  }

  #readPart(): void {
    switch (this.#part) {
      case "header":
        this.#readHeader();
        break;
      case "extension":
        this.#extension = extended(this.#extension, this.#extensionFlag, this.#collected);
        this.#skip(0, paddingAfter(this.#collected.length));
        break;
      case "map":
        this.#readMap();
        break;
      case "skipped":
        this.#collect("header", this.#block);
        break;
      case "trailer":
        if (!isZeroBlock(this.#block))
          throw new TarError("a block of zeros stands between entries");
        this.#part = "end";
        break;
      case "end":
        break;
    }
  }

  #readHeader(): void {
    if (isZeroBlock(this.#block)) {
      this.#collect("trailer", this.#block);
      return;
    }
    verifyChecksum(this.#block);
    const flag = typeFlag(this.#block);
    if (flag === "x" || flag === "L" || flag === "K") this.#startExtension(flag);
    else if (flag === "g") this.#skipBody(headerSize(this.#block));
    else this.#readEntry(flag);
  }

  #startExtension(flag: string): void {
    const size = headerSize(this.#block);
    if (size > LONGEST_EXTENSION) {
      throw new TarError(`an extension header is longer than ${LONGEST_EXTENSION} bytes`);
    }
    this.#extensionFlag = flag;
    this.#collect("extension", new Uint8Array(size));
  }

  #readEntry(flag: string): void {
    const block = this.#block;
    const extension = this.#extension;
    this.#extension = {};
    const path = extension.path ?? headerPath(block);
    const kind = kindOf(flag, path);
    const stored = hasBody(kind) ? (extension.size ?? headerSize(block)) : 0;
    const whole = flag === "S" ? sparseSize(block) : (extension.sparseSize ?? stored);
    this.#onEntry({
      kind,
      path,
      linkTarget: linkTarget(kind, extension, block),
      bytes: kind === "file" ? whole : 0,
      mode: headerMode(block),
      uid: extension.uid ?? headerUid(block),
      gid: extension.gid ?? headerGid(block),
    });
    if (flag === "S" && headerContinuesMap(block)) this.#startMap(stored);
    else this.#skipBody(stored);
  }

  #startMap(bodyBytes: number): void {
    this.#mappedBody = bodyBytes;
    this.#mapBlocks = 0;
    this.#collect("map", this.#block);
  }

  #readMap(): void {
    this.#mapBlocks++;
    if (this.#mapBlocks * BLOCK_BYTES > LONGEST_EXTENSION) {
      throw new TarError(`a map of holes is longer than ${LONGEST_EXTENSION} bytes`);
    }
    if (mapContinues(this.#block)) this.#collect("map", this.#block);
    else this.#skipBody(this.#mappedBody);
  }

  #skipBody(bytes: number): void {
    this.#skip(bytes, paddingAfter(bytes));
  }

  #skip(bytes: number, padding: number): void {
    this.#part = "skipped";
    this.#missing = bytes + padding;
    this.#padding = padding;
    if (this.#missing === 0) this.#finishPart();
  }

  #collect(part: Part, into: Uint8Array): void {
    this.#part = part;
    this.#collected = into;
    this.#missing = into.length;
    if (this.#missing === 0) this.#finishPart();
  }

  #located(error: TarError): TarError {
    return new TarError(`${error.message} (byte ${this.#position} of the archive)`);
  }
}

/** What is known of the next entry once another extension header is read. */
function extended(known: Extension, flag: string, body: Uint8Array): Extension {
  switch (flag) {
    case "L":
      return { ...known, path: untilNul(body) };
    case "K":
      return { ...known, linkTarget: untilNul(body) };
    default:
      return { ...known, ...readPax(body) };
  }
}

function linkTarget(kind: TarKind, extension: Extension, block: Uint8Array): Uint8Array {
  const isLink = kind === "symlink" || kind === "hardlink";
  return isLink ? (extension.linkTarget ?? headerLinkTarget(block)) : NOTHING;
}

function untilNul(body: Uint8Array): Uint8Array {
  const end = body.indexOf(0);
  return end === -1 ? body : body.subarray(0, end);
}

function paddingAfter(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}
