// Rounds as on a runner that is new for every run: its builder has never built anything. Each way runs
// without a cache, and with GitHub's, which an earlier run has filled.

import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { startCacheService } from "../scripts/lab/cache/service.ts";
import { ensureLab } from "../scripts/lab/lab.ts";
import { run as runProgram } from "../scripts/lab/shell.ts";
import { type Course, layOut, type Parts } from "./course.ts";
import { type Run, rotated, runOnce, WAYS, type WayName } from "./rounds.ts";
import type { State, Way } from "./way.ts";

/** What is measured of each way, in this order. */
const STATES = ["unrestored", "restored"] as const satisfies readonly State[];

/** Where a run of the moment builds, and what it has of GitHub's cache. */
interface Runner {
  builder: string | undefined;
  cache: Readonly<Record<string, string>> | undefined;
}

/** Goes through the rounds; says each run as it ends. */
export async function runCiRounds(
  parts: Parts,
  rounds: number,
  names: readonly WayName[],
  say: (run: Run) => void,
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const way of rotated(names, round - 1)) {
      for (const run of await runWay(parts, round, way)) {
        runs.push(run);
        say(run);
      }
    }
  }
  return runs;
}

async function runWay(parts: Parts, round: number, name: WayName): Promise<readonly Run[]> {
  await using service = await startCacheService((await ensureLab(["blobs"])).blobs);
  const variables = service.variables([{ ref: "refs/pull/7/merge", may: "write" }]);
  const runner: Runner = { builder: undefined, cache: variables };
  const course = await layOut(parts);
  try {
    await using way = await WAYS[name](onRunner(course, runner));
    await onNewBuilder(parts, runner, () => way.run());
    const runs: Run[] = [];
    for (const state of STATES) {
      runner.cache = state === "restored" ? variables : undefined;
      runs.push(await onNewBuilder(parts, runner, () => runState(way, round, name, state)));
    }
    return runs;
  } finally {
    await rm(course.folder, { recursive: true, force: true });
  }
}

async function runState(way: Way, round: number, name: WayName, state: State): Promise<Run> {
  await way.forget();
  return { round, state, way: name, ...(await runOnce(way, state)) };
}

/** The course as it is at the moment that somebody looks. */
function onRunner(course: Course, runner: Runner): Course {
  return {
    ...course,
    get builder() {
      return runner.builder;
    },
    get cache() {
      return runner.cache;
    },
  };
}

/** Setting it up is not measured: every way needs one. */
async function onNewBuilder<T>(
  { environment: env }: Parts,
  runner: Runner,
  work: () => Promise<T>,
): Promise<T> {
  const name = `weighbridge-bench-${randomUUID().slice(0, 8)}`;
  const driver = ["--driver", "docker-container", "--driver-opt", "network=host"];
  const image = ["--driver-opt", "image=moby/buildkit:buildx-stable-1"];
  await runProgram(
    "docker",
    ["buildx", "create", "--name", name, ...driver, ...image, "--bootstrap"],
    {
      env,
    },
  );
  runner.builder = name;
  try {
    return await work();
  } finally {
    await runProgram("docker", ["buildx", "rm", "--force", name], { env });
  }
}
