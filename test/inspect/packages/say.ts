import { posix } from "node:path";
import { openProbe } from "../../../src/inspect/packages/packages.ts";

/** What a probe says, with paths as text. */
export interface Spoken {
  readonly type: string;
  readonly name?: string;
  readonly version?: string;
  readonly files?: readonly string[];
  readonly folder?: string;
}

/** What a file at a path says of packages, given in pieces; undefined when nobody asks it. */
export function say(
  path: string,
  content: string | Uint8Array,
  { mode = 0o644, piece = 7 } = {},
): readonly Spoken[] | undefined {
  const bytes = Buffer.from(content);
  const { dir: folder, base: name } = posix.parse(path);
  const probe = openProbe({ folder, name, bytes: bytes.length, mode });
  for (let at = 0; at < bytes.length; at += piece) probe?.write(bytes.subarray(at, at + piece));
  return probe?.end().map(({ files, ...said }) => {
    return files === undefined ? said : { ...said, files: textsOf(files) };
  });
}

function textsOf(paths: Iterable<Uint8Array>): readonly string[] {
  return Array.from(paths, (path) => Buffer.from(path).toString());
}
