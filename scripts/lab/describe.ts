// What is there of the lab, looked at without starting anything.

import { join } from "node:path";
import { findBlobStore } from "./blob-store.ts";
import { builderName } from "./buildkit.ts";
import { type Engine, findEngine, runningEngine } from "./engine.ts";
import { findPlace, type Place } from "./place.ts";
import { answers, hasImage, type Registry } from "./registry.ts";
import { tryRun } from "./shell.ts";
import { findTools } from "./tools.ts";
import { DATABASE } from "./vulnerability-database.ts";

/** One line a part. */
export async function describeLab(): Promise<readonly string[]> {
  const place = findPlace();
  const found = await findEngine(place);
  const containerd = await runningEngine(place, "containerd");
  const graph = await runningEngine(place, "graph");
  const registry: Registry = { host: place.registryHost };
  const isThere = await answers(registry.host);
  const has = async (image: string) => isThere && (await hasImage(registry, image));
  const builder = await builderVersion(place, found ?? containerd);
  const tools = await findTools(place);
  return [
    line("folder", place.folder),
    line("engine found", describeEngine(found)),
    line("engine, containerd", describeEngine(containerd)),
    line("engine, graph", describeEngine(graph)),
    line("registry", isThere ? registry.host : undefined),
    line("base images", (await has("library/nginx:stable-bookworm")) ? "made" : undefined),
    line("builder", builder && `${builderName(place)}, BuildKit ${builder}`),
    line("trivy", tools.trivy),
    line("hadolint", tools.hadolint),
    line("database", (await has(DATABASE)) ? join(registry.host, DATABASE) : undefined),
    line("blobs", await findBlobStore(place)),
  ];
}

function line(name: string, value: string | undefined): string {
  return `${name.padEnd(20)}${value ?? "–"}`;
}

function describeEngine(engine: Engine | undefined): string | undefined {
  return engine && `${engine.dockerHost} (${engine.store} store)`;
}

async function builderVersion(
  place: Place,
  engine: Engine | undefined,
): Promise<string | undefined> {
  if (engine === undefined) return undefined;
  const inspect = ["buildx", "inspect", builderName(place)];
  const text = await tryRun("docker", inspect, { env: engine.environment });
  return /BuildKit version:\s*v(\S+)/.exec(text ?? "")?.[1];
}
