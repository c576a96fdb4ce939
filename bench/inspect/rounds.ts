// Rounds of all ways over every subject. Ways take turns at going first, so that what else the
// machine does, and what its caches hold, falls on each of them alike.

import { loadavg } from "node:os";
import { join } from "node:path";
import { measured, type Usage } from "../usage.ts";
import { loadImage } from "./engine-image.ts";
import { buildExample } from "./example.ts";
import { type CraftedImage, craftLayout } from "./layout.ts";
import type { Subject } from "./subjects.ts";
import { type Parts, type Task, WAY_NAMES, WAYS, type WayName } from "./ways.ts";

/** One run of one way. */
export interface Run extends Usage {
  readonly subject: string;
  readonly round: number;
  readonly way: WayName;
  /** Load average of the last minute, at its start. */
  readonly load: number;
}

/** What is measured, and where its images are made. */
export interface Plan {
  readonly subjects: readonly Subject[];
  /** Context of the example; undefined where it is left out. */
  readonly example: string | undefined;
  readonly rounds: number;
  /** Kept between runs: what is crafted once is used again. */
  readonly folder: string;
}

/** The subject that is built rather than crafted. */
export const EXAMPLE = "example";

/** What each subject's blobs have. */
export interface SubjectBytes {
  readonly subject: string;
  readonly blobBytes: number;
}

/** All that was measured. */
export interface Measured {
  readonly runs: readonly Run[];
  readonly bytes: readonly SubjectBytes[];
}

/** Measures everything; says each run as it ends. */
export async function measureAll(
  plan: Plan,
  parts: Parts,
  say: (run: Run) => void,
): Promise<Measured> {
  const runs: Run[] = [];
  const bytes: SubjectBytes[] = [];
  const add = (run: Run) => {
    runs.push(run);
    say(run);
  };
  for (const subject of plan.subjects) {
    await using stack = new AsyncDisposableStack();
    const task = await prepare(stack, subject, plan, parts);
    bytes.push({ subject: subject.name, blobBytes: blobBytes(task) });
    const ways = subject.isCompared ? WAY_NAMES : WAY_NAMES.filter((way) => way !== "dive");
    await measureTask(subject.name, ways, task, plan, parts, add);
  }
  if (plan.example !== undefined) {
    const layout = join(plan.folder, "example");
    await using example = await buildExample(plan.example, layout, parts.environment);
    bytes.push({ subject: EXAMPLE, blobBytes: blobBytes(example) });
    await measureTask(EXAMPLE, WAY_NAMES, example, plan, parts, add);
  }
  return { runs, bytes };
}

async function prepare(
  stack: AsyncDisposableStack,
  { images: recipes, isCompared }: Subject,
  { folder }: Plan,
  { environment }: Parts,
): Promise<Task> {
  const layout = join(folder, "layout");
  const images = await craftLayout(layout, recipes);
  const load = async (image: CraftedImage) =>
    stack.use(await loadImage(layout, image, environment)).name;
  const loaded = isCompared ? await Promise.all(images.map(load)) : [];
  return { layout, images, loaded };
}

function blobBytes({ images }: Task): number {
  const layers = images.flatMap((image) => image.layers);
  const sizes = new Map(layers.map(({ digest, size }) => [digest, size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

async function measureTask(
  subject: string,
  ways: readonly WayName[],
  task: Task,
  { rounds }: Plan,
  parts: Parts,
  add: (run: Run) => void,
): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    const first = (round - 1) % ways.length;
    for (const way of [...ways.slice(first), ...ways.slice(0, first)]) {
      const [load = 0] = loadavg();
      const usage = await measured(() => WAYS[way](parts, task));
      add({ subject, round, way, load, ...usage });
    }
  }
}
