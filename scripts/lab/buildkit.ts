// A builder with a BuildKit of its own, beside the one inside the engine.

import { copyFile, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { debianImage } from "./base-images.ts";
import type { Engine } from "./engine.ts";
import { ensureGo, GO_SETTINGS } from "./go.ts";
import { ensureImage, type Image, type Workshop } from "./image.ts";
import type { Overlay } from "./machine-settings.ts";
import type { Place } from "./place.ts";
import type { Registry } from "./registry.ts";
import { run, step, tryRun } from "./shell.ts";

export interface Builder {
  /** For `--builder` and `BUILDX_BUILDER`. */
  readonly name: string;
  /** What `docker buildx` needs to find it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The version that `buildkit/go.mod` requires. */
const VERSION = "0.33.0";

/**
 * Compiles BuildKit on this machine, once: 4 minutes on two cores. Docker Hub has images of it,
 * but where ours is the engine, Docker Hub may be out of reach.
 * @returns the folder that holds `buildkitd` and `buildctl`
 */
export async function compileBuildkit(place: Place): Promise<string> {
  const folder = join(place.folder, "buildkit", `v${VERSION}`);
  if (await exists(join(folder, "buildkitd"))) return folder;
  await ensureGo(place);
  const title = `compiling BuildKit ${VERSION}, once on this machine, about 4 minutes`;
  await step(title, () => compile(place, folder));
  return folder;
}

/** The lab's builder, in this engine. */
export async function ensureBuilder(
  place: Place,
  engine: Engine,
  registry: Registry,
): Promise<Builder> {
  const builder: Builder = { name: builderName(place), environment: engine.environment };
  await writeDefaults(place, registry);
  if (await isUsable(builder)) return builder;
  await step(`starting the builder ${builder.name}`, () => create(builder, engine));
  return builder;
}

/** Ends the lab's builder. Its cache stays. */
export async function stopBuilder(place: Place, engine: Engine): Promise<boolean> {
  const stop = ["buildx", "stop", builderName(place)];
  return (await tryRun("docker", stop, { env: engine.environment })) !== undefined;
}

/** Two labs may share an engine, where a builder's container has its name. */
export function builderName({ number }: Place): string {
  return `weighbridge-lab${number === 0 ? "" : `-${number}`}`;
}

/** The image that buildx starts such builders from, with the BuildKit that we compiled. */
export async function ensureBuildkitImage(
  workshop: Workshop,
  overlay: Overlay,
  binaries: string,
): Promise<void> {
  await ensureImage(workshop, buildkitImage(debianImage(overlay), binaries));
}

function buildkitImage(base: Image, binaries: string): Image {
  return {
    repository: "moby/buildkit",
    tags: ["buildx-stable-1"],
    recipe: "buildkit",
    base,
    ingredients: [VERSION],
    async gather(context) {
      for (const name of ["buildkitd", "buildctl"]) {
        await copyFile(join(binaries, name), join(context, name));
      }
    },
  };
}

async function compile(place: Place, folder: string): Promise<void> {
  const source = join(import.meta.dirname, "buildkit");
  const draft = `${folder}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const version = `-X github.com/moby/buildkit/version.Version=v${VERSION}`;
  const commands = ["buildkitd", "buildctl"].map((name) => `github.com/moby/buildkit/cmd/${name}`);
  const flags = ["-trimpath", "-ldflags", `-s -w ${version}`, "-o", `${draft}/`];
  await run("nice", ["go", "build", ...flags, ...commands], {
    cwd: source,
    env: { ...GO_SETTINGS, CGO_ENABLED: "0" },
    log: join(place.folder, "logs", "buildkit.log"),
  });
  await rename(draft, folder);
}

async function create({ name }: Builder, engine: Engine): Promise<void> {
  const env = engine.environment;
  await tryRun("docker", ["buildx", "rm", "--force", name], { env });
  const driver = ["--driver", "docker-container", "--driver-opt", "network=host"];
  const rest = ["--bootstrap", engine.dockerHost];
  await run("docker", ["buildx", "create", "--name", name, ...driver, ...rest], { env });
}

/**
 * The configuration of every builder that is made without one of its own.
 * https://docs.docker.com/build/buildkit/configure/
 */
async function writeDefaults(place: Place, registry: Registry): Promise<void> {
  const folder = join(place.folder, "buildx");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "buildkitd.default.toml"), configuration(registry));
}

/** The registry speaks plain HTTP, and stands in for Docker Hub when it has the image. */
function configuration({ host }: Registry): string {
  return `[registry."docker.io"]
  mirrors = ["${host}"]
[registry."${host}"]
  http = true
`;
}

/** Whether the builder runs, after a start when it only sleeps, and is not older than what we want. */
async function isUsable({ name, environment }: Builder): Promise<boolean> {
  const inspect = ["buildx", "inspect", "--bootstrap", name];
  const text = (await tryRun("docker", inspect, { env: environment })) ?? "";
  const minor = /BuildKit version:\s*v0\.(\d+)\./.exec(text)?.[1];
  const endpoint = /Endpoint:\s*(\S+)/.exec(text)?.[1];
  return endpoint === environment.DOCKER_HOST && Number(minor ?? 0) >= 32;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
