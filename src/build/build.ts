// Builds every wanted stage: a plan comes in; images in the layout, timings and the lines of each
// layer go out. A stage that fails is a value. Nothing is weighed or judged here.

import type { LayerLines, StageBuild } from "../model/build.ts";
import type { Finding } from "../model/finding.ts";
import type { Stage } from "../model/plan.ts";
import { bakeTargets } from "./bake-file.ts";
import type { BuildHost, BuildRequest } from "./build-request.ts";
import { BuildSession } from "./build-session.ts";
import { NO_CACHES } from "./cache/cache-places.ts";
import { BuilderStuck } from "./cache/stuck-watch.ts";
import { writeDockerfiles } from "./dockerfiles.ts";
import { withMissingPaths } from "./missing-path.ts";
import { buildLog } from "./progress/build-log.ts";
import { layerLinesOf, type Results, stageBuilds } from "./stage-builds.ts";

/** What became of everything that was to be built. */
export interface BuildOutcome {
  /** What became of every stage of the plan. */
  readonly builds: ReadonlyMap<Stage, StageBuild>;
  /** By the image's name. */
  readonly layerLines: ReadonlyMap<string, LayerLines>;
  /** What the builder warned of while it built, by the image's name. */
  readonly warnings: ReadonlyMap<string, readonly Finding[]>;
  /** Bytes of its context that were sent to the builder, by the image's name. */
  readonly contextBytes: ReadonlyMap<string, number>;
  /**
   * What the reader should know, one sentence each; kept when the caches are written, which
   * goes on while the images are looked at.
   */
  readonly notes: Promise<readonly string[]>;
}

/**
 * Builds all wanted stages in one solve; when one fails, finishes the others. What it says is in a group
 * of the log, which whatever comes next ends.
 * @throws UserError when BuildKit cannot parse a Dockerfile.
 * @throws ToolError when the engine itself does not do its work.
 */
export async function buildStages(host: BuildHost, request: BuildRequest): Promise<BuildOutcome> {
  const targets = bakeTargets(request.plan.images);
  await using dockerfiles = await writeDockerfiles(host, request.plan);
  using log = buildLog(host, targets);
  const session = new BuildSession(host, request, targets, { dockerfiles, log });
  log.watch(() => session.tracker.open.list());
  if (targets.length === 0) return outcomeOf(host, request, session, new Map());
  const { driver } = request.builder;
  const count = targets.length === 1 ? "1 stage" : `${targets.length} stages`;
  host.log.group(`Build ${count} with the ${driver} driver`);
  try {
    return await outcomeOf(host, request, session, await session.run());
  } catch (error) {
    const anew = error instanceof BuilderStuck ? await withSpareBuilder(host, request) : undefined;
    if (anew === undefined) throw error;
    const another = new BuildSession(host, anew, targets, { dockerfiles, log });
    log.watch(() => another.tracker.open.list());
    return await outcomeOf(host, anew, another, await another.run());
  } finally {
    host.log.progress("");
  }
}

/** The same for a builder that waits for no cache; undefined where there is no other. */
async function withSpareBuilder(
  host: BuildHost,
  request: BuildRequest,
): Promise<BuildRequest | undefined> {
  const builder = await request.spareBuilder?.();
  if (builder === undefined) return undefined;
  host.log.info(`Building anew with a builder made for this: ${STUCK}`);
  const note = `Built without the build cache, with a builder made for this: ${STUCK}.`;
  return { ...request, builder, isBuilderNew: true, caches: { ...NO_CACHES, note } };
}

const STUCK =
  "the engine's own waits for a cache that has stopped to answer, and can only be freed by starting the engine anew";

async function outcomeOf(
  host: BuildHost,
  { plan, inputs: { buildArgs } }: BuildRequest,
  session: BuildSession,
  results: Results,
): Promise<BuildOutcome> {
  const { tracker, announcements, caches } = session;
  const became = stageBuilds(plan, results, { tracker, buildArgs, conceal: host.conceal });
  const builds = await withMissingPaths(host, plan.images, became);
  await announcements.done();
  const notes = caches.finish(results).then((ofCaches) => [...session.notes, ...ofCaches]);
  // Whoever waits for them is told; until then nobody listens.
  notes.catch(() => {});
  const { contextBytes, warnings } = tracker;
  return { builds, layerLines: layerLinesOf(plan, results), warnings, contextBytes, notes };
}
