import { BLOCK_BYTES, readOctal, TarError } from "./tar-header.ts";

const SPACE = 0x20;
const CHECKSUM_START = 148;
const CHECKSUM_END = 156;

/**
 * Checks the sum that a header carries of its own bytes.
 * @throws TarError when it is wrong.
 */
export function verifyChecksum(block: Uint8Array): void {
  const expected = readOctal(block, CHECKSUM_START, CHECKSUM_END);
  if (expected === sumOf(block)) return;
  // Old Sun tars summed signed bytes.
  if (expected === sumOfSigned(block)) return;
  throw new TarError("the header's checksum is wrong");
}

/**
 * Sums four bytes at a time, two and two in the halves of a number of 32 bits: 512 bytes fit. Byte by
 * byte it would take as long as all else that is done for an entry.
 */
function sumOf(block: Uint8Array): number {
  const words = new Uint32Array(block.buffer, block.byteOffset, BLOCK_BYTES / 4);
  let sums = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? 0;
    sums += (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff);
  }
  let sum = (sums >>> 16) + (sums & 0xffff);
  // The checksum's own eight bytes count as spaces.
  for (let at = CHECKSUM_START; at < CHECKSUM_END; at++) sum += SPACE - (block[at] ?? 0);
  return sum;
}

function sumOfSigned(block: Uint8Array): number {
  const signed = new Int8Array(block.buffer, block.byteOffset, BLOCK_BYTES);
  return signed.reduce((sum, byte, at) => sum + (isOfChecksum(at) ? SPACE : byte), 0);
}

function isOfChecksum(at: number): boolean {
  return at >= CHECKSUM_START && at < CHECKSUM_END;
}
