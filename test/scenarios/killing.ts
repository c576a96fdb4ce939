// Stopping a run at a certain moment, and what is left of it.

import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { chmod, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import type { Runner } from "../../scripts/lab/github/runner.ts";
import { runnerPrefix } from "../../src/build/builder/builder-names.ts";
import { createOwner } from "../../src/host/owner.ts";
import { type EngineName, engineEnvironment, lab } from "./engines.ts";
import type { Scenario } from "./scenario.ts";

const run = promisify(execFile);

/** Fires as soon as the condition holds. */
export function when(condition: () => boolean | Promise<boolean>): AbortSignal {
  const controller = new AbortController();
  const look = async (): Promise<void> => {
    while (!(await condition())) await wait(50);
    controller.abort();
  };
  look().catch((error) => controller.abort(error));
  return controller.signal;
}

/** Where the runs of a scenario keep what they keep. */
export function stateFolder(scenario: Scenario): string {
  return join(scenario.folder("runner"), "_tool", "weighbridge");
}

/** Whether a program runs, a step of a build too, that was given this argument. */
export function isRunning(argument: string): boolean {
  return processes().some(({ args }) => args.includes(argument));
}

/** Ends the program of this name that started, be it by others, the one with this argument. */
export function killStarterOf(argument: string, name: string): void {
  const all = new Map(processes().map((each) => [each.id, each]));
  let starter = [...all.values()].find(({ args }) => args.includes(argument));
  while (starter !== undefined && starter.args[0] !== name) starter = all.get(starter.parent);
  if (starter === undefined) throw new Error(`no ${name} has started a program with ${argument}`);
  process.kill(starter.id, "SIGKILL");
}

/** Programs that have anything to do with a folder: those that a run of a scenario has started. */
export function programsIn(folder: string): readonly string[] {
  return processes()
    .filter(({ id }) => id !== process.pid)
    .filter(({ args, place, variables }) =>
      [...args, place, ...variables].some((text) => text.includes(folder)),
    )
    .map(({ args }) => args.join(" "));
}

/** None once all that a run has started has ended, which may take a moment after it has. */
export async function programsLeftIn(folder: string): Promise<readonly string[]> {
  for (let tries = 0; tries < 20 && programsIn(folder).length > 0; tries += 1) await wait(100);
  return programsIn(folder);
}

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly args: readonly string[];
  readonly place: string;
  readonly variables: readonly string[];
}

function processes(): readonly Process[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      const listIn = (name: string) => readFileSync(join("/proc", id, name), "utf8").split("\0");
      const place = readlinkSync(join("/proc", id, "cwd"));
      const [, parent] =
        /\) \S+ (\d+) /.exec(readFileSync(join("/proc", id, "stat"), "utf8")) ?? [];
      return [
        {
          ...{ id: Number(id), parent: Number(parent), place },
          ...{ args: listIn("cmdline"), variables: listIn("environ") },
        },
      ];
    } catch {
      // It has ended.
      return [];
    }
  });
}

/** Names of temporary folders of ours that are left with a runner. */
export async function temporaryFolders(scenario: Scenario): Promise<readonly string[]> {
  const names = await readdir(join(scenario.folder("runner"), "_temp"));
  // The layouts are for later steps of the job.
  return names.filter((name) => /^weighbridge-(?!layouts$)/.test(name));
}

/** Images of ours in an engine's store. */
export async function imagesIn(engine: EngineName): Promise<readonly string[]> {
  const args = ["image", "ls", "--format", "{{.Repository}}"];
  const env = { ...process.env, ...engineEnvironment(engine) };
  const { stdout } = await run("docker", args, { env });
  return stdout.split("\n").filter((name) => name.includes("/weighbridge/"));
}

/**
 * Builders of ours of which anything is left with the older image store: what each left. Of one runner,
 * where others may be at work.
 */
export async function buildersLeft(runner?: Runner): Promise<readonly string[]> {
  const environment = engineEnvironment("graph");
  const env = { ...process.env, ...environment };
  const listed = await Promise.all([
    run("docker", ["ps", "--all", "--format", "{{.Names}}"], { env }),
    run("docker", ["volume", "ls", "--format", "{{.Name}}"], { env }),
  ]);
  const known = await readdir(join(environment.BUILDX_CONFIG ?? "", "instances"));
  const names = [...listed.flatMap(({ stdout }) => stdout.split("\n")), ...known];
  const builders = names.map((name) => name.replace(/^buildx_buildkit_/, ""));
  if (runner === undefined)
    return builders.filter((name) => /^weighbridge-(?:run|job)-/.test(name));
  const prefix = runnerPrefix({ env: runner.env, owner: createOwner() });
  return builders.filter((name) => name.startsWith(prefix));
}

/** Trivy, except that a scan does something else; `flag` is a file that it makes first. */
export async function insteadOfScan(
  scenario: Scenario,
  script: string,
): Promise<{ readonly path: string; readonly hasBegun: () => boolean }> {
  const folder = await scenario.makeFolder("bin");
  const [path, flag] = [join(folder, "trivy"), join(folder, "begun")];
  const lines = [
    "#!/bin/sh",
    `case "$*" in *--input*) : > '${flag}'; ${script};; esac`,
    `exec '${lab.tools.trivy}' "$@"`,
    "",
  ];
  await writeFile(path, lines.join("\n"));
  await chmod(path, 0o755);
  return { path, hasBegun: () => existsSync(flag) };
}
