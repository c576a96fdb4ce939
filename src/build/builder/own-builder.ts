// A builder of our own, for engines that cannot write a cache: BuildKit in a container, on the
// machine's network, so that it reaches our loopback. Its whole life is here. All that tells of it
// is its name, which says whose it is: of a run on a laptop, or of a job on a runner.

import { join } from "node:path";
import { ToolError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import { outlastsAnyJob } from "../../host/longest-job.ts";
import { oneReason } from "../../one-line.ts";
import { csv } from "../bake-file.ts";
import { type Builder, findBuilder } from "./builder.ts";
import { CONTAINER, isElsewhere, isOfEarlier, nameFor, runnerPrefix } from "./builder-names.ts";
import { buildkitdConfigFor, buildxFolder, registriesOf } from "./buildkitd-config.ts";
import { findProxies, type ProxyVariables, proxySecrets, withoutUsers } from "./proxies.ts";

/**
 * BuildKit's own image, v0.33.0. The digest is that of the index, and stands in two public sources that
 * do not depend on each other: `Makefile` of duynhlab/homelab, and
 * `crates/gripsack-buildkit/src/worker/linux.rs` of gripsack-dev/gripsack.
 */
export const BUILDKIT_IMAGE =
  "moby/buildkit:v0.33.0@sha256:6c2fa84a6b61ccd72899dde4239f8d5717f05f9a8ca6f3cad185fb1a95a94de3";

/** Seconds that pulling its image and starting it may take. */
const START_SECONDS = 180;
const LIST_SECONDS = 20;
const REMOVE_SECONDS = 20;

type OwnBuilderHost = Pick<
  Host,
  "exec" | "files" | "env" | "log" | "kind" | "mask" | "owner" | "signal"
>;

/** What removing takes of a host. */
type CleaningHost = Pick<Host, "exec" | "env"> & {
  readonly files: Pick<Host["files"], "list">;
  readonly owner: Pick<Host["owner"], "place">;
};

/** What decides about a builder. */
export interface OwnBuilderRequest {
  /** What it is made of. Default: the pinned one. */
  readonly image?: string;
  /** Names of what it is going to fetch, which tell the registries. */
  readonly images: readonly string[];
}

/**
 * A builder of ours for as long as it is needed: on a laptop, until it is disposed of. On a runner
 * all steps of a job share it, and the post step removes it.
 */
export interface OwnBuilder extends AsyncDisposable {
  readonly builder: Builder;
  /** Whether it has never built anything: no earlier step of the job has made it. */
  readonly isNew: boolean;
  /**
   * Ends what it is at, with all that it waits for, and starts it anew. It keeps what it has built.
   * @throws ToolError when that fails
   */
  restart(): Promise<void>;
}

/** A builder of ours, or why there is none: one line. */
export type OwnBuilderSearch =
  | { readonly kind: "found"; readonly own: OwnBuilder }
  | { readonly kind: "problem"; readonly what: string };

/**
 * Makes a builder, unless an earlier step of the job has.
 * @throws the reason of the host's signal when the run is cancelled meanwhile: nothing is left then
 */
export async function provideOwnBuilder(
  host: OwnBuilderHost,
  { image = BUILDKIT_IMAGE, images }: OwnBuilderRequest,
): Promise<OwnBuilderSearch> {
  const proxies = await findProxies(host, registriesOf([image, ...images]));
  if (proxies.kind === "problem") return proxies;
  const { variables } = proxies;
  for (const secret of proxySecrets(variables)) host.mask(secret);
  const config = await buildkitdConfigFor(host, images);
  const name = nameFor(host, [image, config, ...Object.entries(withoutUsers(variables)).flat()]);
  const isShared = host.kind === "actions";
  const earlier = isShared ? await findBuilder(host, name) : undefined;
  const recipe = { name, image, config, variables };
  const problem = earlier?.kind === "found" ? undefined : await make(host, recipe);
  const search = problem === undefined ? await findBuilder(host, name) : undefined;
  if (search?.kind === "found") {
    const dispose = async () => (isShared ? undefined : await remove(host, name));
    const { builder } = search;
    const isNew = earlier?.kind !== "found";
    const again = () => restart(host, name);
    return {
      kind: "found",
      own: { builder, isNew, restart: again, [Symbol.asyncDispose]: dispose },
    };
  }
  await remove(host, name);
  host.signal.throwIfAborted();
  return { kind: "problem", what: problem ?? search?.problem.what ?? "" };
}

/** What a builder is made of. */
interface Recipe {
  readonly name: string;
  readonly image: string;
  /** Undefined: what buildx gives to every builder. */
  readonly config: string | undefined;
  readonly variables: ProxyVariables;
}

/** Why it could not be made. */
async function make(
  { exec, files }: OwnBuilderHost,
  { name, image, config, variables }: Recipe,
): Promise<string | undefined> {
  await using folder = await files.temporaryFolder("builder");
  const path = join(folder.path, "buildkitd.toml");
  if (config !== undefined) await files.writeText(path, config);
  const proxies = Object.entries(variables).map(([variable, value]) => `env.${variable}=${value}`);
  const driver = ["network=host", `image=${image}`, ...proxies];
  const options = [
    ...["--name", name, "--driver", "docker-container"],
    // A comma would begin the next one.
    ...driver.flatMap((option) => ["--driver-opt", csv([option])]),
    // buildx copies it into the builder.
    ...(config === undefined ? [] : ["--buildkitd-config", path]),
    "--bootstrap",
  ];
  const made = await exec("docker", ["buildx", "create", ...options], {
    timeoutSeconds: START_SECONDS,
  });
  if (made.exitCode === 0) return undefined;
  if (made.exitCode === undefined) return `not within ${START_SECONDS} s`;
  return lastLine(made.stderr);
}

/** @throws ToolError when it is still at what it was at, or does not come back. */
async function restart(host: Pick<Host, "exec" | "log" | "signal">, name: string): Promise<void> {
  host.log.info("Starting the builder anew: it waits for a cache that does not answer");
  const commands = [
    { args: ["kill", `${CONTAINER}${name}0`], timeoutSeconds: REMOVE_SECONDS },
    { args: ["buildx", "inspect", "--bootstrap", name], timeoutSeconds: START_SECONDS },
  ];
  for (const { args, timeoutSeconds } of commands) {
    const { exitCode, stderr } = await host.exec("docker", args, { timeoutSeconds });
    // A container that has ended by itself needs no end.
    if (exitCode === 0 || (exitCode !== undefined && /is not running/.test(stderr))) continue;
    host.signal.throwIfAborted();
    const reason = exitCode === undefined ? `not within ${timeoutSeconds} s` : lastLine(stderr);
    throw new ToolError(
      `The builder waits for a build cache that has stopped to answer, and could not be started anew: ${reason}`,
      { command: `docker ${args.join(" ")}`, ...(exitCode === undefined ? {} : { exitCode }) },
    );
  }
}

function lastLine(text: string): string {
  return oneReason(text.trim().split("\n").at(-1) ?? "");
}

/**
 * Removes the builders of runs and jobs that were killed. Of those in other places, containers that are
 * gone say, nobody can tell that but by their age.
 */
export async function removeDeadBuilders(host: OwnBuilderHost): Promise<void> {
  for (const name of await builderNames(host)) {
    const isDead =
      isOfEarlier(host, name) || (isElsewhere(host, name) && (await isOld(host, name)));
    if (!isDead) continue;
    host.log.debug(`removing the builder ${name} of a run that was killed`);
    await remove(host, name);
  }
}

/** Whether whatever is left of it is older than a job can be. */
async function isOld(
  { exec, env, files }: Pick<OwnBuilderHost, "exec" | "env" | "files">,
  name: string,
): Promise<boolean> {
  const dateOf = async (kind: string, format: string, called: string): Promise<number> => {
    const args = [kind, "inspect", "--format", format, called];
    const asked = exec("docker", args, { timeoutSeconds: LIST_SECONDS });
    const { stdout } = await asked.catch(() => ({ stdout: "" }));
    return Date.parse(stdout.trim());
  };
  const known = files.stat(join(buildxFolder(env), "instances", name));
  const dates = await Promise.all([
    dateOf("container", "{{.Created}}", `${CONTAINER}${name}0`),
    dateOf("volume", "{{.CreatedAt}}", `${CONTAINER}${name}0_state`),
    known.then((file) => file?.modifiedMilliseconds ?? Number.NaN),
  ]);
  const made = dates.filter((date) => !Number.isNaN(date));
  return made.length > 0 && made.every(outlastsAnyJob);
}

/** Removes the builders of the job, and of earlier ones of this runner: what a post step does. */
export async function removeJobBuilders(host: CleaningHost): Promise<void> {
  const names = await builderNames(host);
  for (const name of names.filter((own) => own.startsWith(runnerPrefix(host)))) {
    await remove(host, name);
  }
}

/** In a run that is cancelled too, whether or not buildx still knows of it. */
async function remove({ exec }: Pick<Host, "exec">, name: string): Promise<void> {
  const options = { signal: new AbortController().signal, timeoutSeconds: REMOVE_SECONDS };
  await exec("docker", ["buildx", "rm", "--force", name], options);
  await exec("docker", ["rm", "--force", "--volumes", `${CONTAINER}${name}0`], options);
  await exec("docker", ["volume", "rm", "--force", `${CONTAINER}${name}0_state`], options);
}

/** All builders of ours of which anything is left: container, volume, or what buildx knows. */
async function builderNames({ exec, env, files }: CleaningHost): Promise<readonly string[]> {
  const list = async (what: readonly string[], field: string) => {
    const options = ["--filter", `name=${CONTAINER}weighbridge-`, "--format", `{{.${field}}}`];
    const listing = exec("docker", [...what, ...options], { timeoutSeconds: LIST_SECONDS });
    // Without an engine there are none, and whoever needs one says so.
    const { stdout } = await listing.catch(() => ({ stdout: "" }));
    return stdout.split("\n").map((name) => name.replace(CONTAINER, "").replace(/0(_state)?$/, ""));
  };
  const names = await Promise.all([
    list(["ps", "--all"], "Names"),
    list(["volume", "ls"], "Name"),
    files.list(join(buildxFolder(env), "instances")),
  ]);
  return [...new Set(names.flat())].filter((name) => /^weighbridge-(?:run|job)-/.test(name));
}
