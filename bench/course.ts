// What every way is run on: a copy of the example that no cache has seen, an engine, the scanners.

import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureLab } from "../scripts/lab/lab.ts";
import type { Tools } from "../scripts/lab/tools.ts";

/**
 * Docker's own builder with either image store, a docker-container builder, and a runner of GitHub's
 * that is new for every run.
 */
export const ENGINES = ["containerd", "graph", "builder", "ci"] as const;
export type EngineName = (typeof ENGINES)[number];

/** What all ways share. */
export interface Parts {
  readonly engine: EngineName;
  /** Variables that choose the engine. */
  readonly environment: Readonly<Record<string, string>>;
  /** Undefined: the engine's own. */
  readonly builder: string | undefined;
  readonly tools: Tools;
  /** Where Trivy's database is fetched. */
  readonly database: string;
  /** The action's bundle. */
  readonly bundle: string;
  /** Folder of the example, with its Dockerfile and `weighbridge.yml`. */
  readonly example: string;
}

/** What one way in one round has for itself. */
export interface Course extends Parts {
  /** Lives as long as the round. */
  readonly folder: string;
  /** A copy of the example. */
  readonly workspace: string;
  readonly stages: readonly string[];
  /** Fit for tags; never used before. */
  readonly salt: string;
  /** The variables of GitHub's cache, where there is one. */
  readonly cache?: Readonly<Record<string, string>> | undefined;
  /** What a run begins with, such as a builder of its own, and ends with. */
  setUp?(): Promise<void>;
  tearDown?(): Promise<void>;
}

/** The lab's image of BuildKit: pulling it is nobody's time. */
export const BUILDKIT_IMAGE = "moby/buildkit:buildx-stable-1";

/** Whether the engine itself builds, with the older image store, which exports no layouts. */
export function buildsInGraphStore({
  engine,
  builder,
}: Pick<Course, "engine" | "builder">): boolean {
  return builder === undefined && (engine === "graph" || engine === "ci");
}

/** Starts what is not there yet. */
export async function findParts(
  engine: EngineName,
  { bundle, example }: Pick<Parts, "bundle" | "example">,
): Promise<Parts> {
  const lab = await ensureLab(["registry", "images", "tools", "database"]);
  const common = { engine, bundle, example, tools: lab.tools, database: lab.database.repository };
  if (engine === "builder") {
    const { builder } = await ensureLab(["builder"]);
    return { ...common, environment: builder.environment, builder: builder.name };
  }
  // GitHub's ubuntu-24.04 has the graph store, and there a cache needs another builder.
  const own = engine === "ci" ? "graph" : engine;
  if (engine === "ci") await ensureLab(["builder"]);
  const { environment } = (await ensureLab([own]))[own];
  return { ...common, environment, builder: undefined };
}

/** Lays out a course of its own for a way. */
export async function layOut(parts: Parts): Promise<Course> {
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-bench-"));
  const workspace = join(folder, "workspace");
  const salt = randomBytes(6).toString("hex");
  await cp(parts.example, workspace, { recursive: true });
  const path = join(workspace, "Dockerfile");
  const dockerfile = await readFile(path, "utf8");
  await writeFile(path, salted(dockerfile, salt));
  await mkdir(join(folder, "out"));
  return { ...parts, folder, workspace, stages: stagesOf(dockerfile), salt };
}

/**
 * A Dockerfile that no builder's cache knows a step of: an argument is part of what every `RUN`
 * after it is known by. Emptying the builder instead would take the cache of others away.
 */
function salted(dockerfile: string, salt: string): string {
  return dockerfile.replaceAll(/^FROM .*$/gm, (from) => `${from}\nARG BENCH_SALT=${salt}`);
}

function stagesOf(dockerfile: string): readonly string[] {
  return [...dockerfile.matchAll(/^FROM .* AS (\S+)$/gm)].flatMap(([, name]) => name ?? []);
}
