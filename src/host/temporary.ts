import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { isDiskFull, messageOf, type Problem } from "../errors.ts";
import { atExit } from "./at-exit.ts";
import type { TemporaryFolder } from "./host.ts";
import { removeDeadFolders, temporaryName, temporaryParent } from "./leftovers.ts";
import { makeFolders } from "./make-folders.ts";
import { markOf } from "./owner.ts";

/**
 * An empty folder below the runner's temporary folder or the system's, or where it is wanted. It
 * goes when it is disposed of, and at the latest when the process ends, cancelled or not. Should the
 * process be killed, the next one that looks there removes it.
 */
export async function makeTemporaryFolder(
  prefix: string,
  env: Readonly<Record<string, string>>,
  parent: string = temporaryParent(env),
): Promise<TemporaryFolder> {
  await makeFolders(parent);
  removeDeadFolders(parent);
  const path = await mkdtemp(join(parent, temporaryName(markOf(process.pid), prefix)));
  const takeBack = atExit(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      takeBack();
    },
  };
}

/** What is wrong with the folder for temporary files: without it, nothing can be done. */
export function temporaryProblems(env: Readonly<Record<string, string>>): readonly Problem[] {
  const parent = temporaryParent(env);
  try {
    // Made when it is needed: then by a way that comes back where no folder can be made, as in /proc.
    if (!existsSync(parent)) mkdirSync(parent);
    accessSync(parent, constants.W_OK | constants.X_OK);
    // Where all is allowed, as to root in /proc, only trying shows that nothing can be made.
    rmdirSync(mkdtempSync(join(parent, temporaryName(markOf(process.pid), "trial"))));
    return [];
  } catch (error) {
    // That is no fault of whoever named the folder, and is told where room is needed.
    if (isDiskFull(error)) return [];
    const where = env.RUNNER_TEMP ? "RUNNER_TEMP" : "TMPDIR";
    return [{ where, what: `temporary files cannot be written: ${messageOf(error)}` }];
  }
}
