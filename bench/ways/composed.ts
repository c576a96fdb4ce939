import { join } from "node:path";
import type { Course } from "../course.ts";
import { buildx, forgetScans, hadolint, runOn, trivy, type Way } from "../way.ts";

/**
 * What a workflow is composed of today, a step each: every stage built and loaded, the Dockerfile
 * linted, every image scanned for a table and once more for SARIF, its layers listed.
 */
export function composed(course: Course): Way {
  const cache = join(course.folder, "trivy");
  const tags = new Map(course.stages.map((stage) => [stage, tagOf(course, stage)]));
  const removeImages = async () => {
    await runOn(course, "docker", ["image", "rm", "--force", ...tags.values()]);
  };
  return {
    keeps: [cache],
    async forget() {
      await removeImages();
      await forgetScans(cache);
    },
    async run() {
      await course.setUp?.();
      for (const [stage, tag] of tags) {
        const options = ["--load", "--target", stage, "--tag", tag, ...cacheOptions(course, stage)];
        await buildx(withCache(course), "build", [...options, "."]);
      }
      await hadolint(course);
      for (const tag of tags.values()) await trivy(course, cache, ["--format", "table", tag]);
      for (const [stage, tag] of tags) {
        const sarif = join(course.folder, "out", `${stage}.sarif`);
        await trivy(course, cache, ["--format", "sarif", "--output", sarif, tag]);
      }
      for (const tag of tags.values()) {
        await runOn(course, "docker", ["history", "--no-trunc", "--format", "json", tag]);
      }
      await course.tearDown?.();
    },
    async verify() {},
    [Symbol.asyncDispose]: removeImages,
  };
}

/** A scope of its own for each stage: with one for all, only the last would be kept. */
function cacheOptions({ cache }: Course, stage: string): readonly string[] {
  if (cache === undefined) return [];
  const place = `type=gha,scope=${stage}`;
  return ["--cache-from", place, "--cache-to", `${place},mode=max`];
}

/** Its builder is that of the moment. */
function withCache(course: Course): Course {
  const { builder, environment, cache } = course;
  return { ...course, builder, environment: { ...environment, ...cache } };
}

function tagOf({ salt }: Course, stage: string): string {
  return `weighbridge-bench-${salt}:${stage}`;
}
