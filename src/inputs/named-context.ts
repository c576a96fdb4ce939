// The sources of `build-contexts`. What buildx does not know by its beginning is a folder to it, be it
// called `a://x`: so it is handed only what it surely fetches, and folders that were looked at.
// https://github.com/docker/buildx/blob/v0.29.1/build/opt.go
import { resolve } from "node:path";
import type { Host } from "../host/host.ts";
import { mayHoldSecret } from "./credentials.ts";
import { layoutProblem } from "./image-layout.ts";
import { ok, type Parsed, problem } from "./parsed.ts";
import { parseLine } from "./values.ts";
import { choiceOf, quoted, suggestion } from "./wording.ts";
import { findInWorkspace, isAllowedOutside, pathProblem } from "./workspace-paths.ts";

type ContextHost = Pick<Host, "files" | "workspace">;

/** Whether BuildKit fetches it, or has it in an image layout: it is no folder. */
export function isFetched(source: string): boolean {
  return SURELY_FETCHED.test(source) || GIT.test(source) || LAYOUT.test(source);
}

/**
 * What `name=` may stand for, as buildx is to be given it.
 * @param isOfWorkflow whether the workflow says so, which may name folders of the machine
 */
export async function checkNamedContext(
  host: ContextHost,
  source: string,
  isOfWorkflow: boolean,
): Promise<Parsed<string>> {
  const line = parseLine(source);
  if (line.kind === "problem") return line;
  const empty = emptyProblem(source);
  if (empty !== undefined) return problem(empty);
  if (SURELY_FETCHED.test(source)) return line;
  const [, path = "", image = ""] = LAYOUT.exec(source) ?? [];
  if (path !== "") return await checkLayout(host, { path, image }, isOfWorkflow);
  if (GIT.test(source)) return await checkGit(host, source);
  // The targets of our own bake file are not the user's to name.
  const [scheme] = /^(?:[a-z][a-z0-9+.-]*:\/\/|target:)/i.exec(source) ?? [];
  if (scheme !== undefined) return problem(schemeProblem(scheme));
  return await checkFolder(host, source, isOfWorkflow);
}

/** Beginnings after which buildx looks no further. */
const SURELY_FETCHED = /^(?:docker-image:\/\/|https?:\/\/)/;

/** An address without a host, or a host of Git's without a path. */
const NOWHERE =
  /^(?:(?:https?|git|ssh):\/\/(?:[^/@]*@)?(?:[/?#:]|$)|(?:github\.com\/|git@[A-Za-z0-9.-]+:)$)/;

/** Git addresses as BuildKit takes them; what it cannot parse is a folder again. */
const GIT = /^(?:git:\/\/|ssh:\/\/|github\.com\/|git@[A-Za-z0-9.-]+:)/;

/** A folder, and an image in it by tag or digest. Versions of buildx differ in where they split. */
const LAYOUT =
  /^oci-layout:\/\/([^:@]+)((?::[A-Za-z0-9_][A-Za-z0-9._-]*)?(?:@[a-z0-9]+:[a-f0-9]+)?)$/;

const SCHEMES = ["docker-image://", "oci-layout://", "https://", "http://", "git://", "ssh://"];

function schemeProblem(scheme: string): string {
  if (scheme === "oci-layout://")
    return "oci-layout:// takes a folder, with :tag or @digest behind it";
  const allowed = choiceOf(["a folder", ...SCHEMES, "git@host:path"]);
  return `${quoted(scheme)} is nothing to fetch from; allowed is ${allowed}${suggestion(scheme, SCHEMES)}`;
}

function emptyProblem(source: string): string | undefined {
  if (source === "docker-image://") return `${quoted(source)} names no image`;
  const shown = mayHoldSecret(source) ? "it" : quoted(source);
  return NOWHERE.test(source) ? `${shown} is no address` : undefined;
}

/** An address that names something on the disk as well could be read as that. */
async function checkGit({ files }: ContextHost, source: string): Promise<Parsed<string>> {
  const shown = mayHoldSecret(source) ? "it" : quoted(source);
  if (source.split("/").includes(".."))
    return problem(`${shown} has .. in it, which no address needs`);
  const found = await files.stat(source).catch(() => undefined);
  if (found === undefined) return ok(source);
  return problem(`${shown} is an address and a path of the workspace; begin a path with ./`);
}

async function checkLayout(
  host: ContextHost,
  { path, image }: { readonly path: string; readonly image: string },
  isOfWorkflow: boolean,
): Promise<Parsed<string>> {
  const folder = await checkFolder(host, path, isOfWorkflow);
  if (folder.kind === "problem") return folder;
  const isInside = (await findInWorkspace(host, folder.value)).kind === "folder";
  const linked = isInside
    ? ((await linkedOut(host, `${folder.value}/index.json`, 0)) ??
      (await linkedOut(host, `${folder.value}/blobs`, 2)))
    : undefined;
  const [, digest] = image.split("@");
  const wrong = linked ?? (await layoutProblem(host.files, folder.value, digest));
  return wrong === undefined ? ok(`oci-layout://${folder.value}${image}`) : problem(wrong);
}

/** What is wrong with a part of a layout in the workspace that is itself elsewhere. */
async function linkedOut(
  host: ContextHost,
  path: string,
  depth: number,
): Promise<string | undefined> {
  const found = await findInWorkspace(host, path);
  if (found.kind === "outside") return pathProblem(path, found, "file");
  if (depth === 0 || found.kind !== "folder") return undefined;
  for (const name of await host.files.list(path)) {
    const linked = await linkedOut(host, `${path}/${name}`, depth - 1);
    if (linked !== undefined) return linked;
  }
  return undefined;
}

async function checkFolder(
  host: ContextHost,
  path: string,
  isOfWorkflow: boolean,
): Promise<Parsed<string>> {
  const found = await findInWorkspace(host, path);
  // As it was looked at: links on the way to a `..` lead elsewhere.
  if (found.kind === "folder") return ok(found.path === "." ? "." : `./${found.path}`);
  const isMachines = await isAllowedOutside(host, path, found, "folder");
  if (isMachines && isOfWorkflow) return ok(resolve(host.workspace, path));
  return problem(pathProblem(path, found, "folder"));
}
