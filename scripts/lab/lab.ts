// The lab: real parts for the demo, the tests and the bench, on a machine that may have none.
// What is there already is used as it is. Parts that do not need each other start side by side.

import { takeLock } from "../../src/host/lock.ts";
import { ensureBaseImages } from "./base-images.ts";
import { type BlobStore, ensureBlobStore, stopBlobStore } from "./blob-store.ts";
import {
  type Builder,
  compileBuildkit,
  ensureBuilder,
  ensureBuildkitImage,
  stopBuilder,
} from "./buildkit.ts";
import { ensureCommands } from "./debian.ts";
import {
  type Engine,
  ensureEngine,
  ensureOwnEngine,
  findEngine,
  runningEngine,
  stopEngine,
} from "./engine.ts";
import { IMAGE_COMMANDS, type Workshop } from "./image.ts";
import { machineOverlay } from "./machine-settings.ts";
import { removeBridge } from "./network.ts";
import { findPlace, type Place } from "./place.ts";
import { ensureRegistry, type Registry, stopRegistry } from "./registry.ts";
import { say } from "./shell.ts";
import { ensureTools, type Tools } from "./tools.ts";
import { type Database, ensureDatabase } from "./vulnerability-database.ts";
import { ensureWorkflowTools, type WorkflowTools } from "./workflow-tools.ts";

/** The lab's parts. */
export interface Lab {
  /** The engine that is there already, whichever store it has; else ours with containerd's. */
  readonly engine: Engine;
  /** An engine with containerd's image store. */
  readonly containerd: Engine;
  /** An engine with the older store, as GitHub's ubuntu-24.04 runners have. */
  readonly graph: Engine;
  /** Stands in for Docker Hub where the engine is ours. */
  readonly registry: Registry;
  /** Names of the base images that were made; none when the engine is not ours. */
  readonly images: readonly string[];
  /** A docker-container builder with BuildKit ≥ 0.32, in `engine`. */
  readonly builder: Builder;
  /** Trivy and Hadolint. */
  readonly tools: Tools;
  /** A vulnerability database for Trivy, in the registry. */
  readonly database: Database;
  /** Azure's blob store, over which `cache/service.ts` is GitHub's cache service. */
  readonly blobs: BlobStore;
  /** What holds workflows against the rules of GitHub's runners. */
  readonly workflows: WorkflowTools;
}

export type Part = keyof Lab;

/** In the order that a person would name them. */
export const PARTS: readonly Part[] = [
  "engine",
  "containerd",
  "graph",
  "registry",
  "images",
  "builder",
  "tools",
  "database",
  "blobs",
  "workflows",
];

/**
 * Makes sure that these parts are there and returns them. Daemons go on running afterwards. Two
 * runs at once wait for each other.
 * @throws ToolError or Error with what this machine lacks.
 */
export async function ensureLab<P extends Part>(parts: readonly P[]): Promise<Pick<Lab, P>>;
export async function ensureLab(parts: readonly Part[]): Promise<Partial<Lab>> {
  const place = findPlace();
  await using _ = await lock(place);
  const makers = await createMakers(place);
  const made = parts.map(async (part) => [part, await makers[part]()] as const);
  return Object.fromEntries(await Promise.all(made));
}

/** Stops what the lab has started on this machine. What it holds on disk stays. */
export async function stopLab(): Promise<void> {
  const place = findPlace();
  await using _ = await lock(place);
  const found = await findEngine(place);
  const engine = found ?? (await runningEngine(place, "containerd"));
  if (engine !== undefined && (await stopBuilder(place, engine))) say("stopped the builder");
  if (await stopRegistry(place, found)) say("stopped the registry");
  if (await stopBlobStore(place)) say("stopped the blob store");
  for (const store of ["containerd", "graph"] as const) {
    if (!(await stopEngine(place, store))) continue;
    await removeBridge(place, store);
    say(`stopped the engine with the ${store} store`);
  }
}

type Makers = { readonly [P in Part]: () => Promise<Lab[P]> };

/** How each part is made, each at most once, from the parts that it needs. */
async function createMakers(place: Place): Promise<Makers> {
  const found = await findEngine(place);
  const own = once(() => ensureOwnEngine(place, "containerd"));
  const engine = once(async () => found ?? (await own()));
  const overlay = once(machineOverlay);
  const registry = once(() => ensureRegistry(place, found));
  const workshop = once(async (): Promise<Workshop> => {
    const commands = ensureCommands(place, IMAGE_COMMANDS);
    const [ownEngine, ownRegistry] = await Promise.all([own(), registry(), commands]);
    return { place, engine: ownEngine, registry: ownRegistry };
  });
  return {
    engine,
    containerd: once(() => (found === undefined ? own() : ensureEngine(place, "containerd"))),
    graph: once(() => ensureEngine(place, "graph")),
    registry,
    tools: once(() => ensureTools(place)),
    database: once(async () => ensureDatabase(place, registry)),
    blobs: once(() => ensureBlobStore(place)),
    workflows: once(() => ensureWorkflowTools(place)),
    async images() {
      if (found !== undefined) return [];
      return await ensureBaseImages(await workshop(), await overlay());
    },
    async builder() {
      if (found === undefined) {
        // Compiling takes longest, and needs nothing of the others.
        const [binaries, shop] = await Promise.all([compileBuildkit(place), workshop()]);
        await ensureBuildkitImage(shop, await overlay(), binaries);
      }
      return await ensureBuilder(place, await engine(), await registry());
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function lock(place: Place): Promise<AsyncDisposable> {
  const taken = await takeLock(place.lock, {
    waitSeconds: 1800,
    onWait: (holder) => say(`waiting for ${holder}, which is at work on the same lab`),
  });
  if (taken === undefined) throw new Error(`${place.lock} is still held after half an hour`);
  return taken;
}
