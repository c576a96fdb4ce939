import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./at-exit.ts";
import type { TemporaryFolder } from "./host.ts";

/**
 * An empty folder below the runner's temporary folder or the system's. It goes when it is disposed
 * of, and at the latest when the process ends, cancelled or not.
 */
export async function makeTemporaryFolder(
  prefix: string,
  env: Readonly<Record<string, string>>,
): Promise<TemporaryFolder> {
  const parent = env.RUNNER_TEMP || tmpdir();
  await mkdir(parent, { recursive: true });
  const path = await mkdtemp(join(parent, `weighbridge-${prefix}-`));
  const takeBack = atExit(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      takeBack();
    },
  };
}
