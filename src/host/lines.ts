import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into lines. */
export interface LineSplitter {
  push(bytes: Uint8Array): void;
  /** Hands over the last line, if it did not end in a line feed. */
  end(): void;
}

/** Calls `onLine` for every line, without its line break. Characters may span chunks. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder("utf8");
  // Pieces of a line that is not yet whole: joined once, so that long lines stay cheap.
  let pieces: string[] = [];

  const flush = (last: string) => {
    const line = pieces.join("") + last;
    pieces = [];
    onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  return {
    push(bytes) {
      const parts = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      const lines = parts.split("\n");
      const rest = lines.pop() ?? "";
      for (const line of lines) flush(line);
      if (rest !== "") pieces.push(rest);
    },
    end() {
      const rest = decoder.end();
      if (rest !== "" || pieces.length > 0) flush(rest);
    },
  };
}
