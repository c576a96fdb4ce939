import { join } from "node:path";
import { ToolError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import { howItEnded } from "./failure.ts";
import { hashOfFile } from "./file-hash.ts";
import { examineTool, type Tool } from "./find-tool.ts";
import type { ReleaseHashes } from "./pinned.ts";
import type { ReleaseFile, ToolName } from "./releases.ts";

/** What fetching a tool needs of a host. */
export type FetchHost = Pick<Host, "exec" | "files" | "env" | "download" | "log">;

/** What to fetch, from where, and what it must be. */
export interface FetchRequest {
  readonly name: ToolName;
  readonly version: string;
  readonly file: ReleaseFile;
  readonly hashes: ReleaseHashes;
  /** Absolute path of the folder that keeps tools between runs. */
  readonly folder: string;
  /** Stands in for `https://github.com`; without a slash at the end. The hash stays the authority. */
  readonly mirror?: string;
}

/**
 * A tool of a release: kept from an earlier run or downloaded. Either way it is hashed on every run,
 * and what does not have the right hash is never run. Where the hash of the program itself is known,
 * the program is what is kept. Where only that of its archive is, the archive is, and the program is
 * unpacked from it anew. Of each tool one version is kept.
 */
export async function fetchTool(host: FetchHost, request: FetchRequest): Promise<Tool> {
  const { name, version, hashes } = request;
  const kept = `${name}-${version}-${hashes.sha256.slice(0, 16)}`;
  const folder = join(request.folder, kept);
  const program = join(folder, name);
  const sha256 = programHash(request);
  if (sha256 !== undefined && (await hasHash(host, program, sha256))) {
    return await examineKept(host, request, program, sha256);
  }
  const failure = await makeProgram(host, request, folder);
  if (failure !== undefined) return { kind: "missing", name, reason: failure };
  for (const other of await host.files.list(request.folder)) {
    const isOther = other.startsWith(`${name}-`) && other !== kept;
    if (isOther) await host.files.remove(join(request.folder, other));
  }
  return examineTool(host, name, program, sha256);
}

/** What brought the folder here may have dropped the right to run what is in it. */
async function examineKept(
  host: FetchHost,
  { name }: FetchRequest,
  program: string,
  sha256: string,
): Promise<Tool> {
  const tool = await examineTool(host, name, program, sha256);
  if (tool.kind === "found") return tool;
  await runHelper(host, "chmod", ["755", program]);
  return await examineTool(host, name, program, sha256);
}

/** The hash that the program must have; undefined where only that of its archive is known. */
function programHash({ file, hashes }: FetchRequest): string | undefined {
  switch (file.kind) {
    case "program":
      return hashes.sha256;
    case "tar.gz":
      return hashes.programSha256;
  }
}

async function hasHash(host: FetchHost, path: string, sha256: string): Promise<boolean> {
  if ((await host.files.stat(path))?.kind !== "file") return false;
  return (await hashOfFile(host, path)) === sha256;
}

/** Undefined when the verified file has become a program that can be run; else why not. */
async function makeProgram(
  host: FetchHost,
  request: FetchRequest,
  folder: string,
): Promise<string | undefined> {
  const { name, file } = request;
  const source = join(folder, file.name);
  const failure = await keepVerified(host, request, source);
  if (failure !== undefined) return failure;
  switch (file.kind) {
    case "program": {
      const unmarked = await runHelper(host, "chmod", ["755", source]);
      if (unmarked === undefined) await host.files.rename(source, join(folder, name));
      return unmarked;
    }
    case "tar.gz": {
      const packed = await runHelper(host, "tar", ["-xzf", source, "-C", folder, name]);
      if (packed !== undefined) return packed;
      if (request.hashes.programSha256 !== undefined) await host.files.remove(source);
      return undefined;
    }
  }
}

/** Undefined when the file is there with its hash; else why not. */
async function keepVerified(
  host: FetchHost,
  request: FetchRequest,
  path: string,
): Promise<string | undefined> {
  const { name, version, file, hashes } = request;
  if (await hasHash(host, path, hashes.sha256)) return undefined;
  const url = `${request.mirror ?? "https://github.com"}/${file.path}`;
  const unverified = `${path}.unverified`;
  host.log.info(`Fetching ${name} ${version} from ${url}`);
  const reply = await host.download(url, unverified);
  switch (reply.kind) {
    case "refused":
      return `${url} was refused: ${reply.status} ${reply.message}`;
    case "unreachable":
      return `${url} could not be downloaded: ${reply.message}`;
    case "ok":
  }
  const sha256 = await hashOfFile(host, unverified);
  if (sha256 === hashes.sha256) {
    await host.files.rename(unverified, path);
    return undefined;
  }
  await host.files.remove(unverified);
  return `${url} has the SHA-256 ${sha256} instead of ${hashes.sha256}`;
}

async function runHelper(
  host: Pick<Host, "exec">,
  command: string,
  args: readonly string[],
): Promise<string | undefined> {
  try {
    const result = await host.exec(command, args);
    return result.exitCode === 0 ? undefined : `${command} ${howItEnded(result, result.stderr)}`;
  } catch (error) {
    if (error instanceof ToolError) return error.message;
    throw error;
  }
}
