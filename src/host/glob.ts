import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import picomatch from "picomatch";

/**
 * Files of the workspace that match a pattern and no `!pattern`: relative, with forward slashes,
 * sorted. Names that begin with a dot match like any other. `.git` is never looked into, and
 * `node_modules` only where a pattern names it. Linked folders are not followed.
 */
export async function globFiles(
  workspace: string,
  patterns: readonly string[],
): Promise<readonly string[]> {
  const wanted = patterns.filter((pattern) => !pattern.startsWith("!")).map(withoutDotSlash);
  const unwanted = patterns.filter((pattern) => pattern.startsWith("!")).map((p) => p.slice(1));
  const isUnwanted = picomatch(unwanted.map(withoutDotSlash), OPTIONS);
  const found = new Set<string>();
  for (const pattern of wanted) {
    const matches = picomatch(pattern, OPTIONS);
    const skipped = pattern.includes("node_modules") ? [".git"] : [".git", "node_modules"];
    for await (const file of walk(workspace, picomatch.scan(pattern).base, skipped)) {
      if (matches(file) && !isUnwanted(file)) found.add(file);
    }
  }
  return [...found].sort(byCodeUnit);
}

const OPTIONS: picomatch.PicomatchOptions = { dot: true };

function withoutDotSlash(pattern: string): string {
  return pattern.replace(/^(?:\.\/)+/, "");
}

/** Every file at or below a path of the workspace. A path that leads out of it has none. */
async function* walk(
  workspace: string,
  path: string,
  skipped: readonly string[],
): AsyncGenerator<string> {
  if (path.startsWith("/") || path.split("/").includes("..")) return;
  const kind = await kindOf(join(workspace, path));
  if (kind === "file") yield path;
  if (kind !== "folder") return;
  for (const entry of await readdir(join(workspace, path), { withFileTypes: true })) {
    const below = path === "" ? entry.name : `${path}/${entry.name}`;
    const isFile = entry.isFile() || (entry.isSymbolicLink() && (await isFileAt(workspace, below)));
    if (isFile) yield below;
    if (entry.isDirectory() && !skipped.includes(entry.name))
      yield* walk(workspace, below, skipped);
  }
}

async function isFileAt(workspace: string, path: string): Promise<boolean> {
  return (await kindOf(join(workspace, path))) === "file";
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    const status = await stat(path);
    return status.isFile() ? "file" : status.isDirectory() ? "folder" : undefined;
  } catch {
    return undefined;
  }
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
