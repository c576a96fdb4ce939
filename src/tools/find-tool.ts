import { delimiter, isAbsolute, join, parse, resolve } from "node:path";
import { clip } from "../clip.ts";
import { messageOf, type Problem, systemCodeOf, ToolError } from "../errors.ts";
import type { ExecResult, Host } from "../host/host.ts";
import { isCompromisedProgram, isCompromisedVersion } from "./compromised.ts";
import { toolEnvironment } from "./environment.ts";
import { howItEnded } from "./failure.ts";
import { hashOfFile } from "./file-hash.ts";
import type { ToolName } from "./releases.ts";

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

/** A tool that the user has named, and how the place is called where that was. */
export interface GivenTool {
  readonly name: ToolName;
  /** A name without a folder is looked up on the PATH. */
  readonly path: string;
  /** That the program must have. */
  readonly sha256?: string;
  /** Default: that of the action's input. */
  readonly where?: string;
}

/** Characters of a path that are shown of it. */
const SHOWN_CHARACTERS = 200;

/** The program that the user names, by its path or as on the PATH, or what is wrong with it. */
export async function findGivenTool(
  host: ToolHost,
  { name, path, sha256, where = `input ${name}-path` }: GivenTool,
): Promise<FoundTool | { readonly kind: "problem"; readonly problem: Problem }> {
  // A bare name never means a file of the repository: whoever can add one would run it.
  const program = path.includes("/") ? resolve(host.workspace, path) : await findOnPath(host, path);
  const shown = clip(path, SHOWN_CHARACTERS);
  const tool =
    program === undefined
      ? missing(name, `there is no ${shown} on the PATH`)
      : await examineTool(host, name, program, sha256).catch((error: unknown) => {
          const code = systemCodeOf(error);
          if (code === undefined) throw error;
          return missing(name, `it cannot be read: ${code}`);
        });
  if (tool.kind === "found") return tool;
  const what = `${JSON.stringify(shown)} cannot be used: ${tool.reason}; give the path of a ${name} program, or leave it out`;
  return { kind: "problem", problem: { where, what } };
}

/**
 * Hashes a program and, unless that is known malware or not the hash that it must have, asks it for
 * its version.
 */
export async function examineTool(
  host: Pick<Host, "exec" | "files" | "env">,
  name: ToolName,
  path: string,
  expected?: string,
): Promise<Tool> {
  const stat = await host.files.stat(path);
  if (stat === undefined) return missing(name, `${path} does not exist`);
  if (stat.kind !== "file") return missing(name, `${path} is not a file`);
  const sha256 = await hashOfFile(host, path);
  if (isCompromisedProgram(sha256)) return missing(name, `${path} is known malware`);
  if (expected !== undefined && sha256 !== expected) {
    return missing(name, `${path} has the SHA-256 ${sha256} instead of ${expected}`);
  }
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
      const stat = await host.files.stat(path).catch(() => undefined);
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
