import type { LayerBounds } from "../../model/inputs.ts";
import type { ArchiveReader } from "./archive-reader.ts";
import type { PackageLimits } from "./package-reader.ts";

/**
 * How much of a layer is read: all that a hostile one could exhaust. A layer beyond the bounds, which
 * the user may set, is refused; what is beyond the rest is left out. All layers of an image together
 * are held to the same bounds: see `ImageMeter`.
 */
export interface LayerLimits extends Required<LayerBounds>, PackageLimits {
  /** Bytes of the archive from which on `ratio` counts: a few zeros pack very well. */
  readonly ratioFrom: number;
}

/** Far above what images in use have. gzip cannot reach the ratio at all. */
export const LAYER_LIMITS: LayerLimits = {
  archive: 200e9,
  entries: 3e6,
  // Each takes some 20 microseconds. zstd:chunked has two a file.
  frames: 3e6,
  layers: 1000,
  names: 256e6,
  owners: 65_536,
  ratio: 2000,
  ratioFrom: 1e9,
  // Far more than the archives of a large Java program come to: of each, nine megabytes are held.
  packageBytes: 4e9,
  databaseBytes: 1e9,
  claims: 100_000,
  claimedPaths: 2e6,
  claimedNames: 64e6,
};

/** A layer or an image that is refused for its size, not for being damaged. */
export class LimitError extends Error {
  override readonly name = "LimitError";
}

/** What has been unpacked so far. */
export interface UnpackedSoFar {
  /** Bytes of what is packed. */
  readonly blobBytes: number;
  readonly archiveBytes: number;
}

/** What has been read of a layer so far. */
export interface ReadSoFar extends UnpackedSoFar {
  readonly archive: Pick<
    ArchiveReader,
    "unpacked" | "entryCount" | "pathCount" | "nameBytes" | "ownerCount"
  >;
}

/**
 * Checks what was read so far.
 * @throws LimitError, naming the limit and how to raise it.
 */
export function checkLimits(soFar: ReadSoFar, limits: LayerLimits): void {
  const { archive } = soFar;
  checkUnpacked(soFar, limits);
  if (archive.unpacked > limits.archive) throw unpacksToTooMuch(limits);
  if (Math.max(archive.entryCount, archive.pathCount) > limits.entries) {
    throw beyond("entries", limits, (limit) => `it has more than ${limit} files and folders`);
  }
  if (archive.nameBytes > limits.names) {
    throw beyond("names", limits, (limit) => `its names have more than ${limit} bytes`);
  }
  if (archive.ownerCount > limits.owners) {
    throw beyond("owners", limits, (limit) => `its files have more than ${limit} owners`);
  }
}

/**
 * Checks what was unpacked so far, whatever is in it.
 * @throws LimitError, naming the limit and how to raise it.
 */
export function checkUnpacked(
  { blobBytes, archiveBytes }: UnpackedSoFar,
  limits: LayerLimits,
): void {
  if (archiveBytes > limits.archive) throw unpacksToTooMuch(limits);
  if (archiveBytes > limits.ratioFrom && archiveBytes > limits.ratio * blobBytes) {
    throw beyond("ratio", limits, (limit) => `it unpacks to more than ${limit} times its size`);
  }
}

/**
 * Checks how many frames of zstd there were so far.
 * @throws LimitError, naming the limit and how to raise it.
 */
export function checkFrames(frames: number, limits: LayerLimits): void {
  if (frames <= limits.frames) return;
  throw beyond("frames", limits, (limit) => `it is packed in more than ${limit} frames`);
}

/**
 * Checks how many layers an image has.
 * @throws LimitError, naming the limit and how to raise it.
 */
export function checkLayerCount(layers: number, limits: Required<LayerBounds>): void {
  if (layers <= limits.layers) return;
  throw beyond("layers", limits, (limit) => `it has more than ${limit} layers`);
}

function unpacksToTooMuch(limits: LayerLimits): LimitError {
  return beyond("archive", limits, (limit) => `it unpacks to more than ${limit} bytes`);
}

/**
 * A refusal that names the limit and how to raise it.
 * @param say what there is more of than the limit
 */
export function beyond(
  name: keyof LayerBounds,
  limits: Required<LayerBounds>,
  say: (limit: number) => string,
): LimitError {
  const limit = limits[name];
  const how = `to allow more, raise it in layer-limits, such as to "${name}: ${2 * limit}"`;
  return new LimitError(`${say(limit)}, the limit "${name}"; ${how}`);
}
