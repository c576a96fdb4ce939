// The files of an archive one after another, for those who have to wait for something at each: the
// reader itself waits for nobody.

import { TarReader } from "./tar.ts";
import type { TarEntry } from "./tar-entry.ts";
import { TarError } from "./tar-header.ts";

/** A file of an archive, as it passes by. */
export interface TarFile {
  /** As it stands in the archive. Hostile text. */
  readonly path: string;
  /** Its bytes as they come, until the next file is asked for. What is not read is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The files of an archive, in its order; links and folders are passed over.
 * @throws TarError when it cannot be read, is cut off, or has a file with holes
 */
export async function* tarFiles(archive: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const pieces = archive[Symbol.asyncIterator]();
  try {
    const parts = new Parts(pieces);
    for (let part = await parts.take(); part !== undefined; part = await parts.take()) {
      if (part.kind === "file") yield { path: part.path, content: parts.content() };
    }
  } finally {
    await pieces.return?.();
  }
}

/** What the reader makes of a piece: the beginning of a file, or bytes of the one that has begun. */
type Part =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "content"; readonly bytes: Uint8Array };

class Parts {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #reader: TarReader;
  /** Those of one piece, at the most. */
  readonly #waiting: Part[] = [];

  constructor(pieces: AsyncIterator<Uint8Array>) {
    this.#pieces = pieces;
    this.#reader = new TarReader({
      entry: ({ kind, path }: TarEntry) => {
        if (kind !== "file") return;
        this.#waiting.push({ kind: "file", path: Buffer.from(path).toString("utf8") });
      },
      content: (bytes) => void this.#waiting.push({ kind: "content", bytes }),
      // It may be endless.
      hole() {
        throw new TarError("a file has holes");
      },
    });
  }

  /** The next part; undefined at the end of the archive. */
  async take(): Promise<Part | undefined> {
    await this.#fill();
    return this.#waiting.shift();
  }

  /** The bytes of the file that has begun. */
  async *content(): AsyncGenerator<Uint8Array> {
    for (;;) {
      await this.#fill();
      const [next] = this.#waiting;
      if (next?.kind !== "content") return;
      this.#waiting.shift();
      yield next.bytes;
    }
  }

  async #fill(): Promise<void> {
    while (this.#waiting.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done === true) {
        this.#reader.end();
        return;
      }
      this.#reader.write(value);
    }
  }
}
