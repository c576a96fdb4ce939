import { delimiter, isAbsolute, join, parse, resolve } from "node:path";
import { messageOf, type Problem, ToolError, UserError } from "../errors.ts";
import type { ExecResult, Host } from "../host/host.ts";
import { isCompromisedProgram, isCompromisedVersion } from "./compromised.ts";
import { toolEnvironment } from "./environment.ts";
import { howItEnded } from "./failure.ts";
import { hashOfFile } from "./file-hash.ts";
import type { ToolName } from "./pinned.ts";

/** A program that is there and says its version. */
export interface FoundTool {
  readonly kind: "found";
  readonly name: ToolName;
  /** Absolute. */
  readonly path: string;
  /** `0.73.0`. */
  readonly version: string;
  /** Of the program, in lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A program that cannot be used, and why: a sentence without its full stop. */
export interface MissingTool {
  readonly kind: "missing";
  readonly name: ToolName;
  readonly reason: string;
}

/** A tool, or why there is none. */
export type Tool = FoundTool | MissingTool;

/** What finding a tool needs of a host. */
export type ToolHost = Pick<Host, "exec" | "files" | "env" | "workspace">;

/** Which tool, and where the user says it is. */
export interface ToolRequest {
  readonly name: ToolName;
  /** The input `trivy-path` or `hadolint-path`: used as it is. Default: looked up on the PATH. */
  readonly path?: string;
}

/**
 * Finds a tool that is already on this machine.
 * @throws UserError when the given path is not that of a program that can be used
 */
export async function findTool(host: ToolHost, request: ToolRequest): Promise<Tool> {
  const { name, path } = request;
  if (path === undefined) {
    const onPath = await findOnPath(host, name);
    if (onPath === undefined) return missing(name, `there is no ${name} on the PATH`);
    return examineTool(host, name, onPath);
  }
  const given = await findGivenTool(host, { name, path });
  if (given.kind === "problem") throw new UserError([given.problem]);
  return given;
}

/** A tool that the user has named, and how the place is called where that was. */
export interface GivenTool {
  readonly name: ToolName;
  readonly path: string;
  /** Default: that of the action's input. */
  readonly where?: string;
}

/** The program that the user names, by its path or as on the PATH, or what is wrong with it. */
export async function findGivenTool(
  host: ToolHost,
  { name, path, where = `input ${name}-path` }: GivenTool,
): Promise<FoundTool | { readonly kind: "problem"; readonly problem: Problem }> {
  // A bare name never means a file of the repository: whoever can add one would run it.
  const program = path.includes("/") ? resolve(host.workspace, path) : await findOnPath(host, path);
  const tool =
    program === undefined
      ? missing(name, `there is no ${path} on the PATH`)
      : await examineTool(host, name, program);
  if (tool.kind === "found") return tool;
  const what = `${JSON.stringify(path)} cannot be used: ${tool.reason}; give the path of a ${name} program, or leave the input out.`;
  return { kind: "problem", problem: { where, what } };
}

/** Hashes a program and, unless it is known malware, asks it for its version. */
export async function examineTool(
  host: Pick<Host, "exec" | "files" | "env">,
  name: ToolName,
  path: string,
): Promise<Tool> {
  const stat = await host.files.stat(path);
  if (stat === undefined) return missing(name, `${path} does not exist`);
  if (stat.kind !== "file") return missing(name, `${path} is not a file`);
  const sha256 = await hashOfFile(host, path);
  if (isCompromisedProgram(sha256)) return missing(name, `${path} is known malware`);
  const version = await askVersion(host, name, path);
  if (version.kind === "missing") return version;
  if (isCompromisedVersion(name, version.version)) {
    return missing(name, `${name} ${version.version} is a release that carried malware`);
  }
  return { kind: "found", name, path, version: version.version, sha256 };
}

async function findOnPath(host: ToolHost, name: string): Promise<string | undefined> {
  const { PATH = "", Path = PATH } = host.env;
  // A folder named relative to the current one could be the repository's: not a place for tools.
  const folders = Path.split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    for (const file of [name, `${name}.exe`]) {
      const path = join(folder, file);
      const stat = await host.files.stat(path);
      if (stat?.kind === "file") return path;
    }
  }
  return undefined;
}

async function askVersion(
  host: Pick<Host, "exec" | "env">,
  name: ToolName,
  path: string,
): Promise<{ readonly kind: "version"; readonly version: string } | MissingTool> {
  const result = await runVersion(host, path);
  if (result instanceof ToolError) return missing(name, messageOf(result));
  if (result.exitCode !== 0) {
    return missing(name, `${path} --version ${howItEnded(result, result.stderr)}`);
  }
  const version = /\d+\.\d+\.\d+[\w.+-]*/.exec(result.stdout)?.[0];
  return version === undefined
    ? missing(name, `${path} --version names no version`)
    : { kind: "version", version };
}

async function runVersion(
  host: Pick<Host, "exec" | "env">,
  path: string,
): Promise<ExecResult | ToolError> {
  try {
    return await host.exec(path, ["--version"], {
      // Not the workspace: Trivy reads a `trivy.yaml` of the folder that it runs in.
      cwd: parse(path).root,
      env: toolEnvironment(host.env),
      timeoutSeconds: 60,
    });
  } catch (error) {
    if (error instanceof ToolError) return error;
    throw error;
  }
}

function missing(name: ToolName, reason: string): MissingTool {
  return { kind: "missing", name, reason };
}
