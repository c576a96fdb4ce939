import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { systemCodeOf } from "../errors.ts";
import { globFiles } from "./glob.ts";
import type { ByteRange, FileStat, Files } from "./host.ts";
import { halfWrittenName } from "./leftovers.ts";
import { takeLock } from "./lock.ts";
import { makeFolders } from "./make-folders.ts";
import { markOf } from "./owner.ts";
import { makeTemporaryFolder } from "./temporary.ts";

/** What the files of a host depend on. */
export interface FilesSettings {
  /** Absolute path that relative paths start from. */
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  /** Stops what takes long: reading a stream, waiting for a lock. Default: nothing does. */
  readonly signal?: AbortSignal;
}

/** The real file system. */
export function createFiles({ workspace, env, signal }: FilesSettings): Files {
  const absolute = (path: string) => resolve(workspace, path);
  const stoppable = signal === undefined ? {} : { signal };
  return {
    readText: (path) => readText(absolute(path)),
    readStream: (path, range) => readRange(absolute(path), range, stoppable),
    writeText: (path, text) => writeAtomically(absolute(path), text),
    writeStream: (path, bytes) => writeAtomically(absolute(path), bytes),
    stat: (path) => statOf(absolute(path)),
    list: (folder) => namesIn(absolute(folder)),
    async makeFolder(path) {
      await makeFolders(absolute(path));
    },
    remove: (path) => fs.rm(absolute(path), { recursive: true, force: true, maxRetries: 3 }),
    touch: (path) => touchFile(absolute(path)),
    rename: (from, to) => fs.rename(absolute(from), absolute(to)),
    link: (from, to) => linkOrCopy(absolute(from), absolute(to)),
    linkOnly: (from, to) => linkOnly(absolute(from), absolute(to)),
    symlink: (target, path) => fs.symlink(target, absolute(path)),
    linkTarget: (path) => targetOf(absolute(path)),
    realPath: (path) => fs.realpath(absolute(path)),
    glob: (patterns) => globFiles(workspace, patterns),
    temporaryFolder: (prefix, parent) =>
      makeTemporaryFolder(prefix, env, parent && absolute(parent)),
    lock: (path, options) => takeLock(absolute(path), { ...options, ...stoppable }),
  };
}

async function readText(path: string): Promise<string> {
  await using handle = await openFile(path);
  return await handle.readFile("utf8");
}

/** Four times Node's own: each piece costs a round trip to the thread that reads. */
const PIECE_BYTES = 256 * 1024;

function readRange(
  path: string,
  range: ByteRange | undefined,
  stoppable: { readonly signal?: AbortSignal },
): AsyncIterable<Uint8Array> {
  const options = { highWaterMark: PIECE_BYTES, ...stoppable };
  if (range === undefined) return streamOf(path, options);
  // Node's own range includes its end, so that it cannot say "nothing".
  const { start, end } = range;
  return start < end ? streamOf(path, { start, end: end - 1, ...options }) : Readable.from([]);
}

async function* streamOf(
  path: string,
  options: Parameters<fs.FileHandle["createReadStream"]>[0],
): AsyncGenerator<Uint8Array> {
  const handle = await openFile(path);
  yield* handle.createReadStream(options);
}

/** A pipe that nobody writes into would be waited for without end, in a thread that nothing stops. */
async function openFile(path: string): Promise<fs.FileHandle> {
  const handle = await fs.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const status = await handle.stat();
  if (status.isFile() || status.isDirectory()) return handle;
  await handle.close();
  throw Object.assign(new Error(`EINVAL: not a regular file, read '${path}'`), { code: "EINVAL" });
}

/** Writes beside the target, then takes its place, so that nobody ever reads half a file. */
async function writeAtomically(
  path: string,
  content: string | AsyncIterable<Uint8Array>,
): Promise<void> {
  await makeFolders(dirname(path));
  await replace(path, (beside) => fs.writeFile(beside, content));
}

async function replace(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  const beside = `${path}.${halfWrittenName(markOf(process.pid))}`;
  try {
    await write(beside);
    await fs.rename(beside, path);
  } catch (error) {
    await fs.rm(beside, { force: true });
    throw withPath(error, path);
  }
}

/** Of a write that finds no room, Node does not say where. */
function withPath(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || systemCodeOf(error) === undefined || "path" in error)
    return error;
  error.message = `${error.message} '${path}'`;
  return error;
}

async function statOf(path: string): Promise<FileStat | undefined> {
  try {
    const status = await fs.stat(path);
    return {
      kind: status.isFile() ? "file" : status.isDirectory() ? "folder" : "other",
      bytes: status.size,
      modifiedMilliseconds: status.mtimeMs,
    };
  } catch (error) {
    if (isNothingThere(error)) return undefined;
    throw error;
  }
}

async function touchFile(path: string): Promise<void> {
  const now = new Date();
  await fs.utimes(path, now, now).catch(() => {});
}

async function targetOf(path: string): Promise<string | undefined> {
  try {
    return await fs.readlink(path);
  } catch (error) {
    // What is there and is no link is an invalid argument.
    if (isNothingThere(error) || systemCodeOf(error) === "EINVAL") return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await fs.readdir(folder)).sort();
  } catch (error) {
    if (isNothingThere(error)) return [];
    throw error;
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  if (await linkOnly(from, to)) return;
  await replace(to, (beside) => fs.copyFile(from, beside));
}

async function linkOnly(from: string, to: string): Promise<boolean> {
  try {
    await fs.link(from, to);
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "EEXIST") return true;
    if (code === undefined || !CANNOT_LINK.has(code)) throw error;
    return false;
  }
}

/** Another disk, a file system without hard links, too many of them, or not our file. */
const CANNOT_LINK = new Set(["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

function isNothingThere(error: unknown): boolean {
  const code = systemCodeOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}
