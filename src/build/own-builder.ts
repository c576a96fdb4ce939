// A builder of our own, for engines that cannot write a cache: BuildKit in a container, on the
// machine's network, so that it reaches our loopback.

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { oneLine } from "../one-line.ts";
import { type BuilderSearch, findBuilder } from "./builder.ts";

/**
 * BuildKit's own image, v0.33.0, as many public repositories pin it:
 * https://github.com/search?q=moby%2Fbuildkit%3Av0.33.0%40sha256&type=code
 */
export const BUILDKIT_IMAGE =
  "moby/buildkit:v0.33.0@sha256:6c2fa84a6b61ccd72899dde4239f8d5717f05f9a8ca6f3cad185fb1a95a94de3";

/** Seconds that pulling its image and starting it may take. */
const START_SECONDS = 180;
const REMOVE_SECONDS = 20;

type OwnBuilderHost = Pick<Host, "exec" | "files" | "env" | "log" | "kind">;

/**
 * The builder of this job, made where it is not there yet.
 * @param image what it is made of. Default: the pinned one
 */
export async function provideOwnBuilder(
  host: OwnBuilderHost,
  image = BUILDKIT_IMAGE,
): Promise<BuilderSearch> {
  const name = `${ownerPrefix(host.env)}${jobHash(host.env, image)}`;
  const earlier = await findBuilder(host, name);
  if (earlier.kind === "found") return { ...earlier, builder: { ...earlier.builder, isOwn: true } };
  await markAsOurs(host, name);
  const options = ["--driver", "docker-container", "--driver-opt", "network=host"];
  const made = await host.exec(
    "docker",
    [
      "buildx",
      "create",
      "--name",
      name,
      ...options,
      "--driver-opt",
      `image=${image}`,
      "--bootstrap",
    ],
    { timeoutSeconds: START_SECONDS },
  );
  if (made.exitCode === 0) {
    const search = await findBuilder(host, name);
    return search.kind === "found"
      ? { kind: "found", builder: { ...search.builder, isOwn: true } }
      : search;
  }
  await removeOwnBuilder(host, name);
  const what = oneLine(made.stderr.trim().split("\n").at(-1) ?? "");
  const reason = made.exitCode === undefined ? `not within ${START_SECONDS} s` : what;
  return { kind: "problem", problem: { where: "Docker", what: reason } };
}

/** Removes builders of this runner's earlier jobs, or of earlier runs, which were killed. */
export async function removeDeadBuilders(
  host: OwnBuilderHost,
  image = BUILDKIT_IMAGE,
): Promise<void> {
  const prefix = ownerPrefix(host.env);
  const alive = `${prefix}${jobHash(host.env, image)}`;
  const filter = ["--filter", `name=^/?${CONTAINER}${prefix}`];
  const list = host.exec("docker", ["ps", "--all", ...filter, "--format", "{{.Names}}"], {
    timeoutSeconds: REMOVE_SECONDS,
  });
  // Without an engine there are none, and whoever needs one says so.
  const { stdout } = await list.catch(() => ({ stdout: "" }));
  for (const container of stdout.split("\n").filter((line) => line.startsWith(CONTAINER))) {
    const name = container.slice(CONTAINER.length).replace(/0$/, "");
    if (name === alive && host.kind === "actions") continue;
    host.log.debug(`removing the builder ${name} of an earlier run`);
    await removeOwnBuilder(host, name);
  }
}

/** Removes a builder of ours with its cache, whether or not buildx still knows of it. */
export async function removeOwnBuilder(
  { exec }: Pick<Host, "exec">,
  name: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const options = { signal, timeoutSeconds: REMOVE_SECONDS };
  const removed = await exec("docker", ["buildx", "rm", "--force", name], options);
  if (removed.exitCode === 0) return;
  await exec("docker", ["rm", "--force", "--volumes", `${CONTAINER}${name}0`], options);
  await exec("docker", ["volume", "rm", "--force", `${CONTAINER}${name}0_state`], options);
}

/** A builder of this job, and the file in the runner's temporary folder that tells of it. */
export interface MarkedBuilder {
  readonly name: string;
  readonly marker: string;
}

/** The builders that a job has made, by the names in the runner's temporary folder. */
export function builderNamesIn(files: readonly string[]): readonly MarkedBuilder[] {
  const markers = files.filter((file) => MARKER.test(file));
  return markers.map((marker) => ({ marker, name: marker.slice(MARKER_PREFIX.length) }));
}

/** How buildx names the containers of builders. */
const CONTAINER = "buildx_buildkit_";
const MARKER_PREFIX = "builder-of-";
const MARKER = /^builder-of-weighbridge-[0-9a-f]{8}-[0-9a-f]{8}$/;

/** The post step finds it; the runner empties the folder after the job. */
async function markAsOurs({ env, files, kind }: OwnBuilderHost, name: string): Promise<void> {
  if (kind !== "actions" || !env.RUNNER_TEMP) return;
  await files.writeText(join(env.RUNNER_TEMP, `${MARKER_PREFIX}${name}`), "");
}

/** A runner does one job at a time: a builder of another job of the same runner is a dead one. */
function ownerPrefix(env: Readonly<Record<string, string>>): string {
  const owner = [env.RUNNER_NAME, env.RUNNER_TEMP, env.HOME, env.USER];
  return `weighbridge-${hash(owner)}-`;
}

function jobHash(env: Readonly<Record<string, string>>, image: string): string {
  return hash([env.GITHUB_RUN_ID, env.GITHUB_RUN_ATTEMPT, env.GITHUB_JOB, image]);
}

function hash(parts: readonly (string | undefined)[]): string {
  const text = JSON.stringify(parts.map((part) => part ?? ""));
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
