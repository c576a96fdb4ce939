import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildsInGraphStore, type Course } from "../course.ts";
import { buildx, forgetScans, hadolint, runOn, trivy, type Way } from "../way.ts";

/**
 * The least that can be done with the same programs: one bare solve, exports in turn into one
 * layout, scans of it in turn. Nobody is told anything.
 */
export function floor(course: Course): Way {
  const cache = join(course.folder, "trivy");
  const layout = join(course.folder, "layout");
  return {
    keeps: [cache, layout],
    async forget() {
      await rm(layout, { recursive: true, force: true });
      await forgetScans(cache);
    },
    async run() {
      await solve(course);
      await (buildsInGraphStore(course) ? saveInto : exportInto)(course, layout);
      for (const stage of course.stages) {
        const image = `${layout}:${stage}`;
        await trivy(course, cache, ["--format", "json", "--input", image]);
      }
      await hadolint(course);
    },
    async verify() {},
    async [Symbol.asyncDispose]() {
      if (buildsInGraphStore(course))
        await runOn(course, "docker", ["image", "rm", ...tags(course)]);
    },
  };
}

async function solve(course: Course): Promise<void> {
  const definition = join(course.folder, "bake.json");
  await writeFile(definition, JSON.stringify(definitionOf(course)));
  // The definition is ours: it names no folder but the workspace.
  const options = ["--file", definition, "--allow", "fs=*"];
  await buildx(withoutProvenance(course), "bake", options);
}

function definitionOf(course: Course): object {
  const target = (stage: string) => ({
    context: course.workspace,
    target: stage,
    ...(buildsInGraphStore(course)
      ? { output: ["type=docker"], tags: [tagOf(course, stage)] }
      : { output: ["type=cacheonly"] }),
  });
  return {
    group: { default: { targets: course.stages } },
    target: Object.fromEntries(course.stages.map((stage) => [stage, target(stage)])),
  };
}

/** At the same time into one folder, they would race. */
async function exportInto(course: Course, layout: string): Promise<void> {
  for (const stage of course.stages) {
    const name = `name=${tagOf(course, stage)}`;
    const output = `type=oci,tar=false,dest=${layout},${name}`;
    await buildx(withoutProvenance(course), "build", ["--target", stage, "--output", output, "."]);
  }
}

/** The graph store has no exporter of layouts, but what it saves is one. */
async function saveInto(course: Course, layout: string): Promise<void> {
  const archive = join(course.folder, "saved.tar");
  await runOn(course, "docker", ["save", "--output", archive, ...tags(course)]);
  await mkdir(layout, { recursive: true });
  await runOn(course, "tar", ["--extract", "--file", archive, "--directory", layout]);
  await rm(archive);
}

/** An image that is an index with an attestation would be one more thing to make. */
function withoutProvenance(course: Course): Course {
  const environment = { ...course.environment, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
  return { ...course, environment };
}

function tags(course: Course): readonly string[] {
  return course.stages.map((stage) => tagOf(course, stage));
}

function tagOf({ salt }: Course, stage: string): string {
  return `weighbridge-bench-${salt}:${stage}`;
}
