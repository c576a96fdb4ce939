import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into lines. */
export interface LineSplitter {
  push(bytes: Uint8Array): void;
  /** Hands over the last line, if it did not end in a line feed. */
  end(): void;
}

/** What is kept of one line: twice the 16 MB that BuildKit sends in one message at the most. */
const LINE_CHARACTERS = 32_000_000;

/**
 * Calls `onLine` for every line, without its line break. Characters may span chunks. Of a line that
 * does not end, only the beginning is kept.
 */
export function createLineSplitter(
  onLine: (line: string) => void,
  most: number = LINE_CHARACTERS,
): LineSplitter {
  const decoder = new StringDecoder("utf8");
  // Pieces of a line that is not yet whole: joined once, so that long lines stay cheap.
  let pieces: string[] = [];
  let length = 0;

  const keep = (piece: string) => {
    const room = most - length;
    if (piece === "" || room <= 0) return;
    pieces.push(piece.slice(0, room));
    length += Math.min(piece.length, room);
  };
  const flush = (last: string) => {
    keep(last);
    const line = pieces.join("");
    pieces = [];
    length = 0;
    onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  return {
    push(bytes) {
      const parts = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      const lines = parts.split("\n");
      const rest = lines.pop() ?? "";
      for (const line of lines) flush(line);
      keep(rest);
    },
    end() {
      const rest = decoder.end();
      if (rest !== "" || pieces.length > 0) flush(rest);
    },
  };
}
