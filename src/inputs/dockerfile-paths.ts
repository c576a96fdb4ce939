// Which Dockerfiles the `file` input means: paths, globs, and `!glob` for what to leave out.
import { posix } from "node:path";
import picomatch from "picomatch";
import type { Host } from "../host/host.ts";
import type { Said } from "./given.ts";
import type { ProblemList } from "./parsed.ts";
import { parseLine } from "./values.ts";
import { quoted } from "./wording.ts";
import { findInWorkspace, nearestDockerfiles, pathProblem } from "./workspace-paths.ts";

type FilesHost = Pick<Host, "files" | "workspace">;

/** Paths in the order that they were given in, each once, relative to the workspace. */
export async function expandDockerfiles(
  host: FilesHost,
  items: readonly Said[],
  problems: ProblemList,
): Promise<readonly Said[]> {
  const lines = items.filter((item) => problems.take(item.where, parseLine(item.text)));
  const unwanted = lines.filter(({ text }) => text.startsWith("!"));
  const isUnwanted = picomatch(
    unwanted.map(({ text }) => posix.normalize(text.slice(1))),
    GLOB,
  );
  const found = new Map<string, Said>();
  for (const item of lines.filter(({ text }) => !text.startsWith("!"))) {
    for (const path of await pathsOf(host, item, problems)) {
      if (!isUnwanted(path) && !found.has(path)) found.set(path, { text: path, where: item.where });
    }
  }
  const [first] = unwanted;
  if (first !== undefined && found.size === 0) problems.add(first.where, "leaves no Dockerfile");
  return [...found.values()];
}

const GLOB: picomatch.PicomatchOptions = { dot: true, noextglob: true };

/** A path that exists is that path, whatever characters it has; else it may be a glob. */
async function pathsOf(
  host: FilesHost,
  { text, where }: Said,
  problems: ProblemList,
): Promise<readonly string[]> {
  const { kind } = await findInWorkspace(host, text);
  const isGlob = kind === "missing" && /[*?[\]{}]/.test(text);
  const paths = isGlob ? await matchingFiles(host, text) : [text];
  if (paths.length === 0) {
    problems.add(where, `no file matches ${quoted(text)}${await nearestDockerfiles(host, text)}`);
  }
  const checked: string[] = [];
  for (const path of paths) {
    const dockerfile = await findDockerfile(host, { text: path, where }, problems);
    if (dockerfile !== undefined) checked.push(dockerfile);
  }
  return checked;
}

/** `Dockerfile.*` does not mean the ignore files beside the Dockerfiles. */
async function matchingFiles(host: FilesHost, glob: string): Promise<readonly string[]> {
  const paths = await host.files.glob([posix.normalize(glob)]);
  return paths.filter((path) => !path.endsWith(".dockerignore"));
}

/** Path of one Dockerfile, relative to the workspace; undefined, and a problem, when it is none. */
export async function findDockerfile(
  host: FilesHost,
  { text, where }: Said,
  problems: ProblemList,
): Promise<string | undefined> {
  if (problems.take(where, parseLine(text)) === undefined) return undefined;
  const found = await findInWorkspace(host, text);
  if (found.kind === "file") return found.path;
  const meant = found.kind === "folder" ? posix.join(text, "Dockerfile") : text;
  const nearHelps = found.kind === "folder" || found.kind === "missing";
  const near = nearHelps ? await nearestDockerfiles(host, meant) : "";
  problems.add(where, `${pathProblem(text, found, "file")}${near}`);
  return undefined;
}
