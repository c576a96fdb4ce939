// Node's zstd decoder takes what follows a frame in the same chunk for garbage and leaves it out.
// A layer may have thousands of frames (zstd:chunked has one for each file), so chunks are cut
// where a frame ends. https://www.rfc-editor.org/rfc/rfc8878#section-3.1

/** Is told how many frames there were so far, and may throw. */
export type OnFrame = (frames: number) => void;

/** Gives the same bytes, no chunk of which goes beyond the end of a frame. */
export async function* cutAtFrames(
  chunks: AsyncIterable<Uint8Array>,
  onFrame: OnFrame,
): AsyncGenerator<Uint8Array> {
  const frames = new FrameReader(onFrame);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const end = frames.read(chunk, at);
      yield chunk.subarray(at, end);
      at = end;
    }
  }
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/** What the next bytes of a frame are. */
type Part =
  | "magic"
  /** How long a frame is that is to be skipped. */
  | "skippable size"
  | "descriptor"
  | "block header"
  /** Content, whose bytes say nothing about where the frame ends. */
  | "content"
  /** Past something that is no frame: the decoder will say so. */
  | "damaged";

/** Follows frames from part to part; of each part the length is known when it begins. */
class FrameReader {
  readonly #onFrame: OnFrame;
  #frames = 0;
  #part: Part = "magic";
  /** Bytes of this part that are still to come. */
  #missing = 4;
  /** The part's bytes so far, as a number with the lowest byte first. */
  #value = 0;
  #collected = 0;
  /** What comes after content; a frame ends where it is `magic`. */
  #next: Part = "magic";
  #hasChecksum = false;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  /** Reads until the end of a frame or of the chunk, and returns where that is. */
  read(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; ) {
      const taken = Math.min(this.#missing, chunk.length - at);
      if (this.#part !== "content") this.#collect(chunk.subarray(at, at + taken));
      this.#missing -= taken;
      at += taken;
      if (this.#missing === 0 && this.#finishPart()) return at;
    }
    return chunk.length;
  }

  #collect(bytes: Uint8Array): void {
    if (this.#part === "damaged") return;
    for (const byte of bytes) {
      this.#value += byte * 256 ** this.#collected;
      this.#collected++;
    }
  }

  /** Goes on to the next part; true when a frame has ended. */
  #finishPart(): boolean {
    const value = this.#value;
    switch (this.#part) {
      case "magic":
        if (value === MAGIC) this.#begin("descriptor", 1);
        else if ((value & 0xfffffff0) === SKIPPABLE_MAGIC) this.#begin("skippable size", 4);
        else this.#begin("damaged", Number.POSITIVE_INFINITY);
        return false;
      case "skippable size":
        return this.#skip(value, "magic");
      case "descriptor":
        this.#hasChecksum = (value & 0b100) !== 0;
        return this.#skip(headerBytesAfter(value), "block header");
      case "block header":
        return this.#readBlockHeader(value);
      case "content":
        return this.#follow();
      case "damaged":
        return false;
    }
  }

  #readBlockHeader(value: number): boolean {
    const isLast = (value & 1) === 1;
    const type = (value >> 1) & 0b11;
    const size = value >> 3;
    // A run of one byte is stored as that byte.
    const stored = type === 1 ? 1 : size;
    if (!isLast) return this.#skip(stored, "block header");
    return this.#skip(stored + (this.#hasChecksum ? 4 : 0), "magic");
  }

  #skip(bytes: number, next: Part): boolean {
    this.#next = next;
    this.#begin("content", bytes);
    return bytes === 0 && this.#follow();
  }

  #follow(): boolean {
    const isEnd = this.#next === "magic";
    if (isEnd) this.#onFrame(++this.#frames);
    this.#begin(this.#next, isEnd ? 4 : 3);
    return isEnd;
  }

  #begin(part: Part, bytes: number): void {
    this.#part = part;
    this.#missing = bytes;
    this.#value = 0;
    this.#collected = 0;
  }
}

/** Bytes of a frame's header after its descriptor: window, dictionary and content size. */
function headerBytesAfter(descriptor: number): number {
  const isSingleSegment = (descriptor & 0b100000) !== 0;
  const window = isSingleSegment ? 0 : 1;
  const dictionary = [0, 1, 2, 4][descriptor & 0b11] ?? 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return window + dictionary + contentSize;
}
