import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createFiles } from "../../src/host/files.ts";
import type { InputsHost } from "../../src/inputs/inputs.ts";

/** A workspace on disk, and what a host says of it. */
export interface Project extends InputsHost, AsyncDisposable {}

/** A workspace with these files, by path. A text of `undefined` makes a folder. */
export async function createProject(
  files: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string>> = { HOME: "/home/me" },
): Promise<Project> {
  const workspace = await mkdtemp(join(tmpdir(), "project-"));
  for (const [path, text] of Object.entries(files)) {
    const absolute = join(workspace, path);
    await mkdir(text === undefined ? absolute : dirname(absolute), { recursive: true });
    if (text !== undefined) await writeFile(absolute, text);
  }
  return {
    kind: "local",
    env,
    workspace,
    files: createFiles({ workspace, env }),
    [Symbol.asyncDispose]: () => rm(workspace, { recursive: true }),
  };
}
