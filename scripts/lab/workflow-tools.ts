// What holds workflows against the rules of GitHub's runners: two linters, and a runner.

import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ensureCommands } from "./debian.ts";
import { ensureGo, GO_SETTINGS } from "./go.ts";
import type { Place } from "./place.ts";
import { run, step } from "./shell.ts";

/** Paths of the programs. */
export interface WorkflowTools {
  /** https://github.com/rhysd/actionlint */
  readonly actionlint: string;
  /** Runs workflows on this machine; https://github.com/nektos/act */
  readonly act: string;
  /** https://github.com/zizmorcore/zizmor */
  readonly zizmor: string;
}

const ACTIONLINT = { module: "github.com/rhysd/actionlint/cmd/actionlint", version: "v1.7.8" };
const ACT = { module: "github.com/nektos/act", version: "v0.2.89" };
const ZIZMOR = "zizmor==1.32.0";

/** All three, made once on this machine. Go's and Python's package registries check their hashes. */
export async function ensureWorkflowTools(place: Place): Promise<WorkflowTools> {
  const folder = join(place.folder, "workflow-tools");
  await mkdir(folder, { recursive: true });
  const zizmor = ensureZizmor(place, folder);
  // One after the other: each compiles on all cores.
  const actionlint = await ensureGoProgram(
    place,
    folder,
    "actionlint",
    ACTIONLINT,
    "half a minute",
  );
  const act = await ensureGoProgram(place, folder, "act", ACT, "2 minutes");
  return { actionlint, act, zizmor: await zizmor };
}

async function ensureGoProgram(
  place: Place,
  folder: string,
  name: string,
  { module, version }: { readonly module: string; readonly version: string },
  duration: string,
): Promise<string> {
  const path = join(folder, `${name}-${version}`);
  if (await exists(path)) return path;
  await ensureGo(place);
  await step(`compiling ${name} ${version}, once on this machine, about ${duration}`, async () => {
    await run("nice", ["go", "install", "-trimpath", `${module}@${version}`], {
      env: { ...GO_SETTINGS, GOBIN: folder },
      log: join(place.folder, "logs", "workflow-tools.log"),
    });
    await rename(join(folder, name), path);
  });
  return path;
}

async function ensureZizmor(place: Place, folder: string): Promise<string> {
  const path = join(folder, ZIZMOR);
  if (await exists(path)) return path;
  await ensureCommands(place, { pip3: "python3-pip" });
  const draft = join(folder, "zizmor.draft");
  await rm(draft, { recursive: true, force: true });
  const log = join(place.folder, "logs", "workflow-tools.log");
  await step(`fetching ${ZIZMOR}`, () =>
    run("pip3", ["install", "--quiet", "--no-deps", "--target", draft, ZIZMOR], { log }),
  );
  await rename(join(draft, "bin", "zizmor"), path);
  await rm(draft, { recursive: true, force: true });
  return path;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
