// Reads a tar archive as container engines do: what Go's archive/tar makes of odd bytes is what
// ends up in a container, so it is also what counts here. Where it ends an archive (two blocks of
// zeros) and what it ignores (global PAX headers, sizes of links and folders) are the same. What it
// refuses is refused, numbers and times included that mean nothing here; and a little more: sizes
// beyond 2^53, and records that are no PAX though no entry follows. https://pkg.go.dev/archive/tar
//
// Bytes pass by; nothing is ever extracted.

import type { PaxHeader } from "./pax.ts";
import {
  BodyMap,
  type ContentVisitor,
  HoledFile,
  LONGEST_MAP,
  type Stretches,
  stretchesOfBlock,
  stretchesOfHeader,
  tooLong,
} from "./sparse.ts";
import { verifyChecksum } from "./tar-checksum.ts";
import { describeEntry, type Extension, extend, type TarEntry } from "./tar-entry.ts";
import {
  BLOCK_BYTES,
  headerContinuesMap,
  headerSize,
  isZeroBlock,
  mapContinues,
  TarError,
  typeFlag,
  verifyNumbers,
} from "./tar-header.ts";

/** Takes what is in an archive: each entry, and after it, if it is a file, its bytes in order. */
export interface TarVisitor extends ContentVisitor {
  entry(entry: TarEntry): void;
}

/** Longest PAX header or GNU long name, in bytes: the engines' own limit. */
const LONGEST_EXTENSION = 1 << 20;

/** A file whose header was read, before its bytes are. */
interface OpenFile {
  /** With its holes. */
  readonly bytes: number;
  /** That follow in the archive. */
  readonly stored: number;
}

/** An archive is a sequence of parts, and the length of each is known when it begins. */
type Part =
  | "header"
  /** Of the entry that follows: a PAX header or a GNU long name. */
  | "extension"
  /** A block that goes on with the map of holes of an old GNU header. */
  | "header map"
  /** A block of a map of holes before the bytes of its file. */
  | "body map"
  /** Of a file. */
  | "content"
  /** A body that is of no use, and the padding after any body. */
  | "skipped"
  /** The block after one of zeros. */
  | "trailer"
  /** Past two blocks of zeros. What follows is no part of the archive. */
  | "end";

/** A tar archive is pushed in as it arrives, in pieces of any size; what is in it comes out. */
export class TarReader {
  readonly #visitor: TarVisitor;
  #part: Part = "header";
  /** Bytes of this part that are still to come. */
  #missing = BLOCK_BYTES;
  /** Where this part is collected, unless it is content or skipped. */
  #collected: Uint8Array;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  /** Padding at the end of what is skipped. */
  #padding = 0;
  #extensionFlag = "";
  #extension: Extension = {};
  #file: OpenFile = { bytes: 0, stored: 0 };
  /** Where the content goes, if the file has holes. */
  #holed: HoledFile | undefined;
  #headerMap: number[] = [];
  #mapBytes = 0;
  #bodyMap = new BodyMap();
  /** Bytes taken in. */
  #position = 0;

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor;
    this.#collected = this.#block;
  }

  /**
   * Takes the next piece.
   * @throws TarError when it cannot be the continuation of an archive.
   */
  write(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && this.#part !== "end"; ) {
      const end = Math.min(chunk.length, at + this.#missing);
      this.#take(chunk, at, end);
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
      case "header map":
      case "body map":
      case "content":
        return false;
      case "end":
        return true;
    }
  }

  #take(chunk: Uint8Array, start: number, end: number): void {
    if (this.#part === "skipped") return;
    const piece = chunk.subarray(start, end);
    if (this.#part !== "content") {
      this.#collected.set(piece, this.#collected.length - this.#missing);
    } else if (this.#holed === undefined) this.#visitor.content(piece);
    else this.#holed.write(piece);
  }

  #finishPart(): void {
    try {
      // A part may be empty, such as the padding of a file that needs none.
      while (this.#missing === 0 && this.#part !== "end") this.#readPart(this.#part);
    } catch (error) {
      throw error instanceof TarError ? this.#located(error) : error;
    }
  }

  #readPart(part: Exclude<Part, "end">): void {
    switch (part) {
      case "header":
        this.#readHeader();
        break;
      case "extension":
        this.#extension = extend(this.#extension, this.#extensionFlag, this.#collected);
        this.#skip(0, paddingAfter(this.#collected.length));
        break;
      case "header map":
        this.#readHeaderMap();
        break;
      case "body map":
        this.#readBodyMap();
        break;
      case "content":
        this.#skip(0, paddingAfter(this.#file.stored));
        break;
      case "skipped":
        this.#collect("header", this.#block);
        break;
      case "trailer":
        if (!isZeroBlock(this.#block)) {
          throw new TarError("a block of zeros stands between entries");
        }
        this.#part = "end";
        break;
    }
  }

  #readHeader(): void {
    if (isZeroBlock(this.#block)) {
      this.#collect("trailer", this.#block);
      return;
    }
    verifyChecksum(this.#block);
    verifyNumbers(this.#block);
    const flag = typeFlag(this.#block);
    if ("xgLK".includes(flag)) this.#startExtension(flag);
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
    const { pax } = this.#extension;
    const entry = describeEntry(flag, this.#block, this.#extension);
    const { bytes, stored } = entry;
    this.#extension = {};
    this.#file = { bytes, stored };
    this.#visitor.entry(entry);
    if (entry.kind === "file") this.#startFile(flag, pax);
    else this.#skip(stored, paddingAfter(stored));
  }

  #startFile(flag: string, pax: PaxHeader | undefined): void {
    if (flag === "S") {
      this.#headerMap = stretchesOfHeader(this.#block);
      this.#mapBytes = 0;
      this.#continueHeaderMap(headerContinuesMap(this.#block));
    } else if (pax?.sparse === undefined) {
      this.#holed = undefined;
      this.#startContent(this.#file.stored);
    } else if (pax.sparse.stretches === undefined) {
      this.#bodyMap = new BodyMap();
      this.#mapBytes = 0;
      this.#continueBodyMap();
    } else this.#startHoled(this.#file.stored, pax.sparse.stretches);
  }

  #continueHeaderMap(hasMore: boolean): void {
    if (!hasMore) this.#startHoled(this.#file.stored, this.#headerMap);
    else if (this.#mapBytes >= LONGEST_MAP) throw tooLong();
    else this.#collect("header map", this.#block);
  }

  #readHeaderMap(): void {
    this.#mapBytes += BLOCK_BYTES;
    this.#headerMap.push(...stretchesOfBlock(this.#block));
    this.#continueHeaderMap(mapContinues(this.#block));
  }

  #continueBodyMap(): void {
    if (this.#mapBytes + BLOCK_BYTES > this.#file.stored) {
      throw new TarError("a map of holes is longer than what is stored");
    }
    this.#collect("body map", this.#block);
  }

  #readBodyMap(): void {
    this.#mapBytes += BLOCK_BYTES;
    const stretches = this.#bodyMap.add(this.#block);
    if (stretches === undefined) this.#continueBodyMap();
    else this.#startHoled(this.#file.stored - this.#mapBytes, stretches);
  }

  #startHoled(stored: number, stretches: Stretches): void {
    this.#holed = new HoledFile(this.#visitor, this.#file.bytes, stored, stretches);
    this.#startContent(stored);
  }

  #startContent(bytes: number): void {
    this.#part = "content";
    this.#missing = bytes;
  }

  #skip(bytes: number, padding: number): void {
    this.#part = "skipped";
    this.#missing = bytes + padding;
    this.#padding = padding;
  }

  #collect(part: Part, into: Uint8Array): void {
    this.#part = part;
    this.#collected = into;
    this.#missing = into.length;
  }

  #located(error: TarError): TarError {
    return new TarError(`${error.message} (byte ${this.#position} of the archive)`);
  }
}

function paddingAfter(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}
