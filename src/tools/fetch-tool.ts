import { join } from "node:path";
import { arch, platform } from "node:process";
import { ToolError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import { howItEnded } from "./failure.ts";
import { hashOfFile } from "./file-hash.ts";
import { examineTool, type MissingTool, type Tool } from "./find-tool.ts";
import type { PinnedFile, PinnedTool } from "./pinned.ts";

/** What fetching a tool needs of a host. */
export type FetchHost = Pick<Host, "exec" | "files" | "env" | "download">;

/** What to fetch, from where, and for what machine. */
export interface FetchRequest {
  readonly tool: PinnedTool;
  /** Absolute path of the folder that keeps tools between runs. */
  readonly folder: string;
  /** Stands in for `https://github.com`; without a slash at the end. The hash stays the authority. */
  readonly mirror?: string;
  /** Node's `process.platform` and `process.arch`, `linux-x64`. Default: this machine. */
  readonly machine?: string;
}

/**
 * A pinned tool: kept from an earlier run or downloaded. What is kept is hashed on every run, and
 * what does not have the pinned hash is never run. Of an archive it is the archive that is pinned
 * and kept: the program is unpacked from it anew.
 */
export async function fetchTool(host: FetchHost, request: FetchRequest): Promise<Tool> {
  const { tool, machine = `${platform}-${arch}` } = request;
  const file = tool.files[machine];
  if (file === undefined) {
    return missing(tool, `${tool.name} ${tool.version} is not pinned for ${machine}`);
  }
  const name = `${tool.name}-${tool.version}-${file.sha256.slice(0, 16)}`;
  const folder = join(request.folder, name);
  const kept = join(folder, file.file);
  const failure =
    (await keepVerified(host, request, file, kept)) ??
    (await makeProgram(host, tool, file, folder));
  if (failure !== undefined) return missing(tool, failure);
  return examineTool(host, tool.name, programPath(tool, file, folder));
}

/** Undefined when the file is there with its pinned hash; else why not. */
async function keepVerified(
  host: FetchHost,
  request: FetchRequest,
  file: PinnedFile,
  kept: string,
): Promise<string | undefined> {
  const isKept = (await host.files.stat(kept))?.kind === "file";
  if (isKept && (await hashOfFile(host, kept)) === file.sha256) return undefined;
  const url = `${request.mirror ?? "https://github.com"}/${request.tool.releasePath}/${file.file}`;
  const unverified = `${kept}.unverified`;
  const reply = await host.download(url, unverified);
  switch (reply.kind) {
    case "refused":
      return `${url} was refused: ${reply.status} ${reply.message}`;
    case "unreachable":
      return `${url} could not be downloaded: ${reply.message}`;
    case "ok":
  }
  const sha256 = await hashOfFile(host, unverified);
  if (sha256 !== file.sha256) {
    await host.files.remove(unverified);
    return `${url} has the SHA-256 ${sha256} instead of the pinned ${file.sha256}`;
  }
  await host.files.rename(unverified, kept);
  return undefined;
}

/** Undefined when the verified file has become a program that can be run; else why not. */
async function makeProgram(
  host: FetchHost,
  tool: PinnedTool,
  file: PinnedFile,
  folder: string,
): Promise<string | undefined> {
  const kept = join(folder, file.file);
  switch (file.kind) {
    case "program":
      return runHelper(host, "chmod", ["755", kept]);
    case "tar.gz":
      return runHelper(host, "tar", ["-xzf", kept, "-C", folder, tool.name]);
  }
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

function programPath(tool: PinnedTool, file: PinnedFile, folder: string): string {
  switch (file.kind) {
    case "program":
      return join(folder, file.file);
    case "tar.gz":
      return join(folder, tool.name);
  }
}

function missing(tool: PinnedTool, reason: string): MissingTool {
  return { kind: "missing", name: tool.name, reason };
}
