// rpm's own format for its database, which SUSE uses.
// https://github.com/rpm-software-management/rpm/blob/rpm-4.18.0-release/lib/backend/ndb/rpmpkg.c

const MAGIC = "RpmP";
const SLOT_MAGIC = "Slot";
const BLOB_MAGIC = "BlbS";

const PAGE_LENGTH = 4096;
/** Of slots, and of what stands before a blob. */
const HEADER_LENGTH = 16;
/** The file's own header takes the place of the first two slots. */
const FIRST_SLOT = 2 * HEADER_LENGTH;
/** Places in the file are counted in blocks. */
const BLOCK_LENGTH = 16;

/**
 * The blobs, each the header of a package, in the order of their slots.
 * @throws when the file is no such database, or damaged
 */
export function* ndbBlobs(file: Buffer): Generator<Buffer> {
  if (!hasMagic(file, 0, MAGIC)) throw new Error("no ndb database");
  const end = Math.min(file.length, file.readUInt32LE(12) * PAGE_LENGTH);
  let left = file.length;
  for (let slot = FIRST_SLOT; slot + HEADER_LENGTH <= end; slot += HEADER_LENGTH) {
    if (!hasMagic(file, slot, SLOT_MAGIC)) throw new Error("no slot");
    const number = file.readUInt32LE(slot + 4);
    if (number === 0) continue;
    const blob = file.readUInt32LE(slot + 8) * BLOCK_LENGTH;
    if (!hasMagic(file, blob, BLOB_MAGIC)) throw new Error("no blob");
    const start = blob + HEADER_LENGTH;
    const length = file.readUInt32LE(blob + 12);
    // Blobs that lie one over another would be read again and again.
    left -= length;
    if (left < 0) throw new Error("more blobs than bytes");
    yield file.subarray(start, start + length);
  }
}

function hasMagic(file: Buffer, at: number, magic: string): boolean {
  return file.toString("latin1", at, at + magic.length) === magic;
}
