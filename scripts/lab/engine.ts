// Docker engines. One that answers is used as it is; where none does, we start our own, each on a
// socket, a bridge and a data folder of its own, so that one with each image store can run.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { installPackages, packagesFor } from "./debian.ts";
import { ensureBridge } from "./network.ts";
import type { Place } from "./place.ts";
import { runningDaemon, startDaemon, step, tryRun, waitUntil } from "./shell.ts";

/** Where an engine keeps images: containerd's store, or the older one by layers on overlay2. */
export type ImageStore = "containerd" | "graph";

export interface Engine {
  readonly dockerHost: string;
  /** `DOCKER_HOST`, and `BUILDX_CONFIG` with which buildx knows the lab's builder. */
  readonly environment: Readonly<Record<string, string>>;
  readonly store: ImageStore;
  /** Started by the lab: pulls from the lab's registry first, and may be given images. */
  readonly ours: boolean;
}

/** The engine that a plain `docker` talks to, when one answers there that is not ours. */
export async function findEngine(place: Place): Promise<Engine | undefined> {
  const dockerHost = process.env.DOCKER_HOST ?? (await hostOfContext());
  if (dockerHost === undefined || dockerHost.includes(place.folder)) return undefined;
  const store = await storeOf(dockerHost);
  return store === undefined ? undefined : describe(place, dockerHost, store, false);
}

/** An engine with this image store: the one that is there already, or ours. */
export async function ensureEngine(place: Place, store: ImageStore): Promise<Engine> {
  const found = await findEngine(place);
  return found?.store === store ? found : await ensureOwnEngine(place, store);
}

/** An engine of ours, started when it does not run. */
export async function ensureOwnEngine(place: Place, store: ImageStore): Promise<Engine> {
  const engine = describe(place, `unix://${socketOf(place, store)}`, store, true);
  if ((await storeOf(engine.dockerHost)) === store) return engine;
  if (process.getuid?.() !== 0) {
    throw new Error(`no engine with the ${store} store answers, and only root can start one`);
  }
  await ensureDocker(place);
  await step(`starting a Docker engine with the ${store} store`, () => start(place, engine));
  return engine;
}

/** Ends our engine with this store, and with it what runs in it. */
export async function stopEngine(place: Place, store: ImageStore): Promise<boolean> {
  const id = await runningDaemon(pidFileOf(place, store), configOf(place, store));
  if (id === undefined) return false;
  process.kill(id, "SIGTERM");
  const isGone = async () =>
    (await runningDaemon(pidFileOf(place, store), configOf(place, store))) === undefined;
  await waitUntil(`the ${store} engine ends`, 60, logOf(place, store), isGone);
  return true;
}

/** Our engine with this store, when it runs. */
export async function runningEngine(place: Place, store: ImageStore): Promise<Engine | undefined> {
  const engine = describe(place, `unix://${socketOf(place, store)}`, store, true);
  return (await storeOf(engine.dockerHost)) === store ? engine : undefined;
}

function describe(place: Place, dockerHost: string, store: ImageStore, ours: boolean): Engine {
  const buildx = join(place.folder, "buildx");
  return {
    dockerHost,
    store,
    ours,
    environment: { DOCKER_HOST: dockerHost, BUILDX_CONFIG: buildx },
  };
}

async function start(place: Place, { dockerHost, store }: Engine): Promise<void> {
  const log = logOf(place, store);
  const config = configOf(place, store);
  const isStarting = (await runningDaemon(pidFileOf(place, store), config)) !== undefined;
  if (!isStarting) {
    await mkdir(folderOf(place, store), { recursive: true });
    await mkdir(runtimeOf(place, store), { recursive: true });
    const bridge = await ensureBridge(place, store);
    await writeFile(config, configuration(place, store, dockerHost, bridge));
    await startDaemon("dockerd", ["--config-file", config], { log });
  }
  const isThere = async () => (await storeOf(dockerHost)) === store;
  await waitUntil(`the ${store} engine answers`, 60, log, isThere);
}

function configuration(place: Place, store: ImageStore, dockerHost: string, bridge: string) {
  const settings = {
    features: { "containerd-snapshotter": store === "containerd" },
    hosts: [dockerHost],
    "data-root": join(folderOf(place, store), "data"),
    "exec-root": runtimeOf(place, store),
    pidfile: pidFileOf(place, store),
    bridge,
    // Each daemon would flush the rules of the others. The bridge has those that it needs.
    iptables: false,
    ip6tables: false,
    "registry-mirrors": [`http://${place.registryHost}`],
    // A registry that breaks off on purpose would be asked five times, with pauses of a minute and
    // a half in all.
    "max-download-attempts": 2,
  };
  return JSON.stringify(settings, undefined, 2);
}

async function ensureDocker(place: Place): Promise<void> {
  const commands = { dockerd: "docker.io", docker: "docker-cli", ip: "iproute2" };
  // tini-static is what `docker run --init` runs.
  const others = { iptables: "iptables", "tini-static": "tini-static" };
  const missing = [...(await packagesFor({ ...commands, ...others }))];
  if ((await tryRun("docker", ["buildx", "version"])) === undefined) missing.push("docker-buildx");
  if ((await tryRun("docker", ["compose", "version"])) === undefined)
    missing.push("docker-compose");
  if (await isOld()) missing.push("docker.io", "docker-cli");
  if (missing.length > 0) await installPackages(place, missing);
}

/** Before 25, the engine could not save images as OCI layouts. */
async function isOld(): Promise<boolean> {
  const version = /version (\d+)\./.exec((await tryRun("dockerd", ["--version"])) ?? "")?.[1];
  return version !== undefined && Number(version) < 25;
}

/** Undefined when no engine answers there. */
async function storeOf(dockerHost: string): Promise<ImageStore | undefined> {
  const format = ["info", "--format", "{{.ServerVersion}} {{json .DriverStatus}}"];
  const env = { DOCKER_HOST: dockerHost };
  const answer = await tryRun("docker", format, { env });
  if (answer === undefined || !/^\d/.test(answer)) return undefined;
  return answer.includes("io.containerd.snapshotter") ? "containerd" : "graph";
}

async function hostOfContext(): Promise<string | undefined> {
  return await tryRun("docker", ["context", "inspect", "-f", "{{.Endpoints.docker.Host}}"]);
}

function folderOf(place: Place, store: ImageStore): string {
  return join(place.folder, `engine-${store}`);
}

function configOf(place: Place, store: ImageStore): string {
  return join(folderOf(place, store), "daemon.json");
}

/** Process ids and the like: a restart of the machine must take them away. */
function runtimeOf({ number }: Place, store: ImageStore): string {
  return `/run/weighbridge-lab-${number}/${store}`;
}

function pidFileOf(place: Place, store: ImageStore): string {
  return join(runtimeOf(place, store), "pid");
}

/** Short: the path of a socket has at most 107 characters (man 7 unix). */
function socketOf(place: Place, store: ImageStore): string {
  return join(place.folder, `${store}.sock`);
}

function logOf(place: Place, store: ImageStore): string {
  return join(place.folder, "logs", `engine-${store}.log`);
}
