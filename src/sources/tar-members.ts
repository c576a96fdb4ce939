// Looking at single files of an archive that lies on disk: its headers are read, one after the
// other, and what is between them only when it is asked for.

import { posix } from "node:path";
import { messageOf, ToolError } from "../errors.ts";
import type { Files } from "../host/host.ts";
import { quoted } from "../inputs/wording.ts";
import { TarReader } from "../tar/tar.ts";
import type { TarEntry } from "../tar/tar-entry.ts";
import { BLOCK_BYTES, isZeroBlock, TarError } from "../tar/tar-header.ts";
import { wrong } from "./choose-image.ts";
import type { Members } from "./members.ts";

type ArchiveFiles = Pick<Files, "stat" | "readStream">;

/** A file of the archive, or another name of one. */
type Member =
  | { readonly kind: "file"; readonly start: number; readonly bytes: number }
  | { readonly kind: "link"; readonly target: string };

/** An archive of an image has a few hundred; one of a root file system has very many. */
const MOST_MEMBERS = 20_000;

/**
 * Finds the files of an archive that is not packed.
 * @throws UserError when it is no archive at all; ToolError when it is damaged
 */
export async function openTar(
  host: { readonly files: ArchiveFiles },
  path: string,
): Promise<Members> {
  const found = await findMembers(host.files, path);
  const fileAt = (member: string) => follow(found, member);
  return {
    name: path,
    bytesOf: async (member) => fileAt(member)?.bytes,
    read(member, { start, end } = { start: 0, end: Number.POSITIVE_INFINITY }) {
      const file = fileAt(member);
      if (file === undefined) throw new Error(`${path} has no ${member}`);
      const last = file.start + Math.min(end, file.bytes);
      return host.files.readStream(path, { start: file.start + start, end: last });
    },
  };
}

async function findMembers(
  files: ArchiveFiles,
  path: string,
): Promise<ReadonlyMap<string, Member>> {
  const members = new Map<string, Member>();
  const take = (entry: FoundEntry) => {
    if (entry.member !== undefined) members.set(normal(entry.path), entry.member);
    if (members.size <= MOST_MEMBERS) return;
    throw wrong(
      `${quoted(path)} has more than ${MOST_MEMBERS} files: it is no archive of an image`,
    );
  };
  const archive = { path, bytes: (await files.stat(path))?.bytes ?? 0 };
  let next: number | undefined = 0;
  while (next !== undefined) next = await readEntries(files, archive, next, take);
  return members;
}

interface FoundEntry {
  readonly path: string;
  /** Undefined when it is neither a file nor a link. */
  readonly member: Member | undefined;
  /** Where its content ends. */
  readonly contentEnd: number;
  /** Where the next header begins. */
  readonly end: number;
}

/** An archive on disk. */
interface Archive {
  readonly path: string;
  readonly bytes: number;
}

/** Reading on is faster than beginning anew somewhere else, up to about so many bytes. */
const FAR = 256 * 1024;

/**
 * Reads headers from here on, until one is followed by much that is of no interest.
 * @returns where the next header is; undefined at the end of the archive
 */
async function readEntries(
  files: ArchiveFiles,
  { path, bytes }: Archive,
  start: number,
  onEntry: (entry: FoundEntry) => void,
): Promise<number | undefined> {
  let at = start;
  let header = start;
  const found: FoundEntry[] = [];
  let reader = readerInto(found, () => at + BLOCK_BYTES);
  for await (const block of blocksFrom(files, path, start)) {
    if (at === header && isZeroBlock(block)) return undefined;
    if (at >= header) writeBlock(reader, block, path, at);
    at += BLOCK_BYTES;
    const entry = found.pop();
    if (entry === undefined) continue;
    onEntry(entry);
    if (entry.contentEnd > bytes) throw failed(path, "it is cut off");
    header = entry.end;
    if (header - at > FAR) return header;
    reader = readerInto(found, () => at + BLOCK_BYTES);
  }
  // Less than a header: of an archive that has begun. As Go, which needs no padding at the end.
  const isRest = header > 0 && bytes > header;
  if (at > header || isRest) throw failed(path, "it is cut off");
  return undefined;
}

/** @param end where the block ends that is being read */
function readerInto(found: FoundEntry[], end: () => number): TarReader {
  return new TarReader({
    entry: (entry) => void found.push(locate(entry, end())),
    content() {},
    hole() {},
  });
}

function writeBlock(reader: TarReader, block: Uint8Array, path: string, at: number): void {
  try {
    reader.write(block);
  } catch (error) {
    if (at === 0) throw wrong(`${quoted(path)} is no archive: ${messageOf(error)}`);
    throw failed(path, messageOf(error), error);
  }
}

async function* blocksFrom(
  files: ArchiveFiles,
  path: string,
  start: number,
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const piece of files.readStream(path, { start, end: Number.POSITIVE_INFINITY })) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    for (; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES) {
      yield bytes.subarray(at, at + BLOCK_BYTES);
    }
    rest = bytes.subarray(at);
  }
}

/** @param start where what is in the entry begins */
function locate({ kind, path, linkTarget, bytes, stored }: TarEntry, start: number): FoundEntry {
  // No part of it could be found without its map, and tools that write images store none so.
  if (kind === "file" && stored !== bytes) throw new TarError("a file has holes");
  const name = textOf(path);
  const contentEnd = start + stored;
  const end = start + Math.ceil(stored / BLOCK_BYTES) * BLOCK_BYTES;
  const ends = { contentEnd, end };
  switch (kind) {
    case "file":
      return { path: name, member: { kind: "file", start, bytes }, ...ends };
    // Old archives have a layer that comes twice once, and links to it.
    case "hardlink":
      return { path: name, member: { kind: "link", target: textOf(linkTarget) }, ...ends };
    case "symlink": {
      const target = posix.join(posix.dirname(name), textOf(linkTarget));
      return { path: name, member: { kind: "link", target }, ...ends };
    }
    default:
      return { path: name, member: undefined, ...ends };
  }
}

/** Links to links are followed this often. */
const MOST_LINKS = 5;

function follow(
  members: ReadonlyMap<string, Member>,
  path: string,
): Extract<Member, { kind: "file" }> | undefined {
  let member = members.get(normal(path));
  for (let links = 0; member?.kind === "link" && links < MOST_LINKS; links++) {
    member = members.get(normal(member.target));
  }
  return member?.kind === "file" ? member : undefined;
}

/** `./a//b` and `/a/b` are `a/b`. */
function normal(path: string): string {
  return posix.normalize(`/${path}`).slice(1);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function failed(path: string, why: string, cause?: unknown): ToolError {
  const message = `The archive ${path} cannot be read: ${why}`;
  return new ToolError(message, { command: `read ${path}`, cause });
}
