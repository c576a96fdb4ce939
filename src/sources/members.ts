import { join, normalize } from "node:path";
import { ToolError } from "../errors.ts";
import type { ByteRange, Files } from "../host/host.ts";

/** The files of a folder or an archive, by path, with forward slashes and without a first one. */
export interface Members {
  /** How it is called in messages. */
  readonly name: string;
  /** Undefined when there is no such file. */
  bytesOf(path: string): Promise<number | undefined>;
  /** Throws, when it is read, if there is no such file. */
  read(path: string, range?: ByteRange): AsyncIterable<Uint8Array>;
}

/** The files of a folder. */
export function folderMembers(
  { files }: { readonly files: Pick<Files, "stat" | "readStream"> },
  folder: string,
): Members {
  // What is in the folder says which files are meant: never any outside of it.
  const pathOf = (path: string) => join(folder, normalize(`/${path}`));
  return {
    name: folder,
    async bytesOf(path) {
      const stat = await files.stat(pathOf(path));
      return stat?.kind === "file" ? stat.bytes : undefined;
    },
    read: (path, range) => files.readStream(pathOf(path), range),
  };
}

/** No document of an image is larger: `index.json`, `manifest.json`, a configuration. */
const LARGEST_DOCUMENT = 8 * 1024 * 1024;

/**
 * Reads a small file.
 * @throws ToolError when it is missing or larger than a document can be
 */
export async function readWhole(members: Members, path: string): Promise<Buffer> {
  const bytes = await members.bytesOf(path);
  if (bytes === undefined) throw unusable(members, path, "is missing");
  if (bytes > LARGEST_DOCUMENT) throw unusable(members, path, `has ${bytes} bytes`);
  const pieces: Uint8Array[] = [];
  for await (const piece of members.read(path)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/**
 * Reads a small file of JSON.
 * @throws ToolError when it is missing, too large or no JSON
 */
export async function readJson(members: Members, path: string): Promise<unknown> {
  const text = (await readWhole(members, path)).toString("utf8");
  try {
    const document: unknown = JSON.parse(text);
    return document;
  } catch (cause) {
    throw unusable(members, path, "is no JSON", cause);
  }
}

function unusable(members: Members, path: string, why: string, cause?: unknown): ToolError {
  const message = `${path} of ${members.name} cannot be used: it ${why}`;
  return new ToolError(message, { command: `read ${members.name}`, cause });
}
