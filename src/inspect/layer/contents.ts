import { crc32 } from "node:zlib";

/**
 * Makes out what stands for one file after another, as their bytes pass by: the CRC-32 of the bytes,
 * which begins with what stands for extended attributes. It takes a third of the time that SHA-256
 * does, and every byte of every layer goes through it. Files are only ever compared with files of as
 * many bytes: two different ones are taken for the same once in four billion times, and whoever makes
 * that happen on purpose gets wrong advice on an image of their own.
 */
export class ContentsReader {
  /** Bytes of the file that are still to come. */
  #missing = 0;
  /** Of those that have come. */
  #sum = 0;

  /**
   * Begins a file of so many bytes. Gives its number if that is already known.
   * @param attributes what stands for its extended attributes: who changes them writes another file
   */
  start(bytes: number, attributes: number): number | undefined {
    this.#missing = bytes;
    this.#sum = attributes;
    return bytes === 0 ? attributes : undefined;
  }

  /** Takes the file's next bytes. Gives its number with the last of them. */
  write(piece: Uint8Array): number | undefined {
    this.#sum = crc32(piece, this.#sum);
    return this.#take(piece.length);
  }

  /**
   * Takes a hole, for whose zeros its length stands, since it may be endless: a file has the same
   * number in all forms of sparse files, and another one where its zeros are stored.
   */
  skip(bytes: number): number | undefined {
    this.#sum = crc32(`hole of ${bytes} bytes`, this.#sum);
    return this.#take(bytes);
  }

  #take(bytes: number): number | undefined {
    this.#missing -= bytes;
    return this.#missing === 0 ? this.#sum : undefined;
  }
}
