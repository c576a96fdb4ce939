import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "../../src/errors.ts";
import { createFiles } from "../../src/host/files.ts";
import type { RawInputs } from "../../src/inputs/input-kinds.ts";
import { gatherInputs, type InputsHost } from "../../src/inputs/inputs.ts";

/** A workspace on disk, and what a host says of it. */
export interface Project extends InputsHost, AsyncDisposable {}

/** A workspace with these files, by path, as the home too. A text of `undefined` makes a folder. */
export async function createProject(
  files: Readonly<Record<string, string | undefined>>,
  ownEnv: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const workspace = await mkdtemp(join(tmpdir(), "project-"));
  const env = { HOME: workspace, ...ownEnv };
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

/** Inputs that have to be right; else a UserError with all that is wrong. */
export async function readInputs(host: InputsHost, raw: RawInputs) {
  const { inputs, notes, problems } = await gatherInputs(host, raw);
  if (problems.length > 0) throw new UserError(problems);
  return { inputs, notes };
}
