// A path that an instruction copies and that the build context lacks: whether it is there and kept out,
// or what was probably meant. BuildKit only says that it was not found.

import { basename, join, posix, relative, sep } from "node:path";
import type { Host } from "../host/host.ts";
import { inWords } from "../in-words.ts";
import { nearest } from "../inputs/wording.ts";
import type { MissingPath, StageBuild } from "../model/build.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";
import { code } from "./failure-reason.ts";

type LookHost = Pick<Host, "files" | "workspace">;

/** The builds, and of those that failed for a path that is missing, why it is. */
export async function withMissingPaths(
  host: LookHost & Pick<Host, "conceal">,
  images: readonly PlannedImage[],
  builds: ReadonlyMap<Stage, StageBuild>,
): Promise<ReadonlyMap<Stage, StageBuild>> {
  const told = new Map(builds);
  for (const [stage, build] of builds) {
    const image = images.find(({ stages }) => stages.includes(stage));
    if (build.kind !== "failed" || build.missing === undefined || image === undefined) continue;
    const why = await whyMissing(host, image, build.missing).catch(() => undefined);
    if (why !== undefined) told.set(stage, { ...build, reason: host.conceal(why) });
  }
  return told;
}

async function whyMissing(
  { files, workspace }: LookHost,
  image: PlannedImage,
  { instruction, path, isPattern = false }: MissingPath,
): Promise<string | undefined> {
  if (isPattern) return whyUnmatched({ files, workspace }, image, instruction, path);
  const context = join(workspace, image.context);
  const place = `the build context ${code(image.context)}`;
  const about = `${instruction}: ${code(path)}`;
  if ((await files.stat(join(context, path))) === undefined) {
    const link = await brokenLink(files, context, path);
    if (link !== undefined) return `${instruction}: ${link}, which is not there`;
    return `${about} is not in ${place}${await meantInstead(files, workspace, context, path)}`;
  }
  const [root, real] = [await files.realPath(context), await files.realPath(join(context, path))];
  if (relative(root, real).split(sep)[0] === "..") return `${about} leads out of ${place}`;
  const ignore = await ignoreFile({ files, workspace }, image);
  return ignore && `${about} is in ${place}: probably ${code(ignore)} leaves it out`;
}

/** A pattern that files match was not sent any of them; of one that none does, all is said. */
async function whyUnmatched(
  host: LookHost,
  image: PlannedImage,
  instruction: string,
  pattern: string,
): Promise<string | undefined> {
  // What else a pattern can have means something else to us, or nothing.
  if (!/^[\w.@ /*?-]+$/.test(pattern) || pattern.includes("**")) return undefined;
  const inContext = relative(host.workspace, join(host.workspace, image.context));
  const below = posix.join(inContext.replaceAll(sep, "/"), posix.resolve("/", pattern));
  const [match] = await host.files.glob([below.replace(/^\/+/, "")]);
  const ignore = match === undefined ? undefined : await ignoreFile(host, image);
  if (match === undefined || ignore === undefined) return undefined;
  const place = `the build context ${code(image.context)}`;
  const shown = inContext === "" ? match : match.slice(inContext.length + 1);
  return `${instruction}: ${code(shown)} is in ${place}: probably ${code(ignore)} leaves it out`;
}

/** `` `a` is a link to `b` ``: the link on the way to a path that leads to nothing. */
async function brokenLink(
  files: Host["files"],
  context: string,
  path: string,
): Promise<string | undefined> {
  const lost = await firstLost(files, context, path);
  if (lost === undefined) return undefined;
  const place = [...lost.above, lost.name].join("/");
  const target = await files.linkTarget(join(context, place));
  return target && `${code(place)} is a link to ${code(target)}`;
}

/** The first name on the way to a path that leads to nothing, and those around it. */
interface LostName {
  readonly above: readonly string[];
  readonly name: string;
  readonly below: readonly string[];
}

async function firstLost(
  files: Host["files"],
  context: string,
  path: string,
): Promise<LostName | undefined> {
  const names = path.split("/").filter((name) => name !== "");
  for (const [at, name] of names.entries()) {
    const above = names.slice(0, at);
    const isThere = (await files.stat(join(context, ...above, name))) !== undefined;
    if (!isThere) return { above, name, below: names.slice(at + 1) };
  }
  return undefined;
}

/** The one that BuildKit heeds: https://docs.docker.com/build/concepts/context/#filename-and-location */
async function ignoreFile(
  { files, workspace }: LookHost,
  { context, dockerfile }: PlannedImage,
): Promise<string | undefined> {
  const own = `${dockerfile}.dockerignore`;
  for (const path of [own, join(context, ".dockerignore")]) {
    if ((await files.stat(join(workspace, path)))?.kind === "file") return path;
  }
  return undefined;
}

/** `; did you mean X?`, or where the context has files of that name; empty where there are none. */
async function meantInstead(
  files: Host["files"],
  workspace: string,
  context: string,
  path: string,
): Promise<string> {
  const near = await nearestPath(files, context, path);
  if (near !== undefined) return `; did you mean ${code(near)}?`;
  const name = basename(path);
  if (!/^[\w.@ -]+$/.test(name)) return "";
  const inContext = relative(workspace, context).replaceAll(sep, "/");
  const below = inContext === "" ? "" : `${inContext}/`;
  const others = await files.glob([`${below}**/${name}`]);
  if (others.length === 0) return "";
  return `; there is ${inWords(others.map((file) => code(file.slice(below.length))))}`;
}

/** The path with its first name that is not there put right; undefined where nothing is near. */
async function nearestPath(
  files: Host["files"],
  context: string,
  path: string,
): Promise<string | undefined> {
  const lost = await firstLost(files, context, path);
  if (lost === undefined) return undefined;
  const near = nearest(lost.name, await files.list(join(context, ...lost.above)));
  const meant = near && [...lost.above, near, ...lost.below].join("/");
  const isThere = meant && (await files.stat(join(context, meant))) !== undefined;
  return isThere ? meant : undefined;
}
