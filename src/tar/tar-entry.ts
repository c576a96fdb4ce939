import { checkPax, type PaxHeader, readPax } from "./pax.ts";
import {
  hasBody,
  headerGid,
  headerLinkTarget,
  headerMode,
  headerPath,
  headerSize,
  headerUid,
  kindOf,
  sparseSize,
  TarError,
  type TarKind,
} from "./tar-header.ts";

const NOTHING = new Uint8Array(0);

/** An entry of the archive. Its bytes are the reader's own: copy what outlives the call. */
export interface TarEntry {
  readonly kind: TarKind;
  /** As it stands in the archive, in whatever encoding: `./etc/hosts`, `../x`, `usr/`. */
  readonly path: Uint8Array;
  /** Of a symbolic or a hard link; of all else empty. */
  readonly linkTarget: Uint8Array;
  /** Of a file, holes of sparse ones included; of all else zero. */
  readonly bytes: number;
  /** Bytes that follow the header, without what fills up the last block. */
  readonly stored: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** What stands for its extended attributes; 0: it has none. */
  readonly attributes: number;
}

/** What headers before an entry say of it. */
export interface Extension {
  readonly pax?: PaxHeader;
  /** GNU's, for which a header has no room; undefined where it is empty. */
  readonly longPath?: Uint8Array | undefined;
  readonly longTarget?: Uint8Array | undefined;
}

/** What is known of the next entry once another header before it is read: of a kind, the last. */
export function extend(known: Extension, flag: string, body: Uint8Array): Extension {
  switch (flag) {
    case "L":
      return { ...known, longPath: untilNul(body) };
    case "K":
      return { ...known, longTarget: untilNul(body) };
    case "g":
      // To engines it is an entry, which they ignore: whatever was said before it was said of it.
      checkPax(body);
      return {};
    default:
      return { ...known, pax: readPax(body) };
  }
}

/**
 * What a header and those before it say together.
 * @throws TarError when one of its numbers is none.
 */
export function describeEntry(flag: string, block: Uint8Array, extension: Extension): TarEntry {
  const { pax, longPath } = extension;
  const path = pax?.sparse?.path ?? longPath ?? pax?.path ?? headerPath(block);
  const kind = kindOf(flag, path);
  if (pax?.sparse !== undefined && !hasBody(kind)) {
    throw new TarError("what is no file has holes");
  }
  // Looked at before the name is, and though a record may have another.
  const claimed = hasBody(kindOf(flag, NOTHING)) ? headerSize(block) : 0;
  const stored = hasBody(kind) ? (pax?.size ?? claimed) : 0;
  const whole = flag === "S" ? sparseSize(block) : (pax?.sparse?.size ?? stored);
  return {
    kind,
    path,
    linkTarget: linkTarget(kind, extension, block),
    bytes: kind === "file" ? whole : 0,
    stored,
    mode: headerMode(block),
    uid: pax?.uid ?? headerUid(block),
    gid: pax?.gid ?? headerGid(block),
    attributes: pax?.attributes ?? 0,
  };
}

function linkTarget(kind: TarKind, { pax, longTarget }: Extension, block: Uint8Array): Uint8Array {
  const isLink = kind === "symlink" || kind === "hardlink";
  return isLink ? (longTarget ?? pax?.linkTarget ?? headerLinkTarget(block)) : NOTHING;
}

function untilNul(body: Uint8Array): Uint8Array | undefined {
  const end = body.indexOf(0);
  const text = end === -1 ? body : body.subarray(0, end);
  return text.length === 0 ? undefined : text;
}
