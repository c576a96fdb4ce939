// A registry on loopback: stands in for Docker Hub where ours is the engine, and holds the
// vulnerability database.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureCommands } from "./debian.ts";
import type { Engine } from "./engine.ts";
import type { Place } from "./place.ts";
import { run, runningDaemon, startDaemon, step, tryRun, waitUntil, which } from "./shell.ts";

export interface Registry {
  /** `127.0.0.1:5000`; plain HTTP. */
  readonly host: string;
}

/**
 * The lab's registry, started when it does not run: Debian's where that is to be had, else a
 * container in the engine that is there.
 * @param found an engine that is not ours
 */
export async function ensureRegistry(place: Place, found: Engine | undefined): Promise<Registry> {
  const registry: Registry = { host: place.registryHost };
  const container = found !== undefined && (await which("docker-registry")) === undefined;
  if (container) await step("starting a registry", () => startContainer(place, found));
  else if (!(await isOurs(place))) await startOwn(place);
  const log = logOf(place);
  await waitUntil(`a registry answers on ${registry.host}`, 30, log, () => answers(registry.host));
  return registry;
}

/** Ends the lab's registry, as a daemon or as a container. What it holds stays. */
export async function stopRegistry(place: Place, found: Engine | undefined): Promise<boolean> {
  const id = await runningDaemon(pidFileOf(place), configOf(place));
  if (id !== undefined) process.kill(id, "SIGTERM");
  if (id !== undefined || found === undefined) return id !== undefined;
  const stop = ["stop", containerOf(place)];
  return (await tryRun("docker", stop, { env: found.environment })) !== undefined;
}

/** Whether a registry has this image: `library/busybox:1.35`. */
export async function hasImage(registry: Registry, image: string): Promise<boolean> {
  const [name, tag] = image.split(":");
  const response = await fetch(`http://${registry.host}/v2/${name}/manifests/${tag}`, {
    method: "HEAD",
    headers: { accept: MANIFEST_TYPES.join(", ") },
  });
  return response.ok;
}

/** https://github.com/opencontainers/image-spec/blob/main/media-types.md, and Docker's older two. */
const MANIFEST_TYPES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** Whether anything that speaks the registry's protocol answers there. */
export async function answers(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/v2/`)).ok;
  } catch {
    return false;
  }
}

async function isOurs(place: Place): Promise<boolean> {
  return (await runningDaemon(pidFileOf(place), configOf(place))) !== undefined;
}

async function startOwn(place: Place): Promise<void> {
  if (await answers(place.registryHost)) {
    const ask = "set WEIGHBRIDGE_LAB_NUMBER=1 for another port";
    throw new Error(`another registry is on ${place.registryHost}, which we leave alone: ${ask}`);
  }
  await ensureCommands(place, { "docker-registry": "docker-registry" });
  await mkdir(folderOf(place), { recursive: true });
  await writeFile(configOf(place), configuration(place));
  const files = { log: logOf(place), pidFile: pidFileOf(place) };
  await startDaemon("docker-registry", ["serve", configOf(place)], files);
}

function configuration(place: Place): string {
  return `version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${join(folderOf(place), "data")} }, delete: { enabled: true } }
http: { addr: ${place.registryHost} }
`;
}

async function startContainer(place: Place, engine: Engine): Promise<void> {
  const env = engine.environment;
  const name = containerOf(place);
  if ((await tryRun("docker", ["start", name], { env })) !== undefined) return;
  const port = `${place.registryHost}:5000`;
  await run("docker", ["run", "--detach", "--name", name, "--publish", port, "registry:2"], {
    env,
  });
}

function containerOf(place: Place): string {
  return `weighbridge-lab-registry-${place.number}`;
}

function folderOf(place: Place): string {
  return join(place.folder, "registry");
}

function configOf(place: Place): string {
  return join(folderOf(place), "config.yml");
}

function pidFileOf(place: Place): string {
  return join(folderOf(place), "pid");
}

function logOf(place: Place): string {
  return join(place.folder, "logs", "registry.log");
}
