// Rounds as on a runner of GitHub's that is new for every run, with the older image store: nothing has
// ever been built there. Each way runs without a cache, and with GitHub's, which an earlier run has
// filled; for that it needs a builder, which it makes and removes again in its time.

import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { startCacheService } from "../scripts/lab/cache/service.ts";
import { ensureLab } from "../scripts/lab/lab.ts";
import { run as runProgram } from "../scripts/lab/shell.ts";
import { BUILDKIT_IMAGE, type Course, layOut, type Parts } from "./course.ts";
import { type Run, rotated, runOnce, WAYS, type WayName } from "./rounds.ts";

/** Goes through the rounds; says each run as it ends. */
export async function runCiRounds(
  parts: Parts,
  rounds: number,
  names: readonly WayName[],
  say: (run: Run) => void,
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  const add = (run: Run) => {
    runs.push(run);
    say(run);
  };
  for (let round = 1; round <= rounds; round++) {
    for (const way of rotated(names, round - 1)) {
      add({ round, state: "unrestored", way, ...(await runWithoutCache(parts, way)) });
      // The floor uses none.
      if (way === "floor") continue;
      add({ round, state: "restored", way, ...(await runWithCache(parts, way)) });
    }
  }
  return runs;
}

type Cost = Omit<Run, "round" | "state" | "way">;

/** Of a Dockerfile of which no step was ever built: to that the engine's own builder is new. */
async function runWithoutCache(parts: Parts, name: WayName): Promise<Cost> {
  await using place = await newPlace(parts);
  await using way = await WAYS[name](place.course);
  return await runOnce(way, "unrestored");
}

async function runWithCache(parts: Parts, name: WayName): Promise<Cost> {
  await using service = await startCacheService((await ensureLab(["blobs"])).blobs);
  const cache = service.variables([{ ref: "refs/pull/7/merge", may: "write" }]);
  await using place = await newPlace(parts);
  const course = { ...place.course, cache };
  // Ours makes a builder by itself.
  await using way = await WAYS[name](name === "ours" ? course : withNewBuilders(course));
  await way.run();
  await way.forget();
  return await runOnce(way, "restored");
}

interface Place extends AsyncDisposable {
  readonly course: Course;
}

async function newPlace(parts: Parts): Promise<Place> {
  const course = await layOut(parts);
  return {
    course,
    [Symbol.asyncDispose]: () => rm(course.folder, { recursive: true, force: true }),
  };
}

/** The course of a workflow with `docker/setup-buildx-action`: each run sets its builder up. */
function withNewBuilders(course: Course): Course {
  let builder: string | undefined;
  return {
    ...course,
    get builder() {
      return builder;
    },
    async setUp() {
      const name = `weighbridge-bench-${randomUUID().slice(0, 8)}`;
      const driver = ["--driver", "docker-container", "--driver-opt", "network=host"];
      const image = ["--driver-opt", `image=${BUILDKIT_IMAGE}`];
      const create = ["buildx", "create", "--name", name, ...driver, ...image, "--bootstrap"];
      await runProgram("docker", create, { env: course.environment });
      builder = name;
    },
    async tearDown() {
      const name = builder ?? "";
      builder = undefined;
      await runProgram("docker", ["buildx", "rm", "--force", name], { env: course.environment });
    },
  };
}
