// Makes an image for an engine of ours and pushes it to the registry that stands in for Docker Hub.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import type { Place } from "./place.ts";
import { hasImage, type Registry } from "./registry.ts";
import { run, step } from "./shell.ts";

/** What making an image needs. */
export interface Workshop {
  readonly place: Place;
  /** Builds it: with the containerd store, which can push while it builds. */
  readonly engine: Engine;
  readonly registry: Registry;
}

/** What the images are made with, besides the engine: command → Debian's package. */
export const IMAGE_COMMANDS = { busybox: "busybox-static", mmdebstrap: "mmdebstrap" };

/** One image of the lab. */
export interface Image {
  /** `library/python`. */
  readonly repository: string;
  readonly tags: readonly string[];
  /** A file of `images/`, without `.Dockerfile`. */
  readonly recipe: string;
  /** Lines at the end of that Dockerfile that depend on the machine. */
  readonly extraLines?: readonly string[];
  /** What it starts from, which is made first. */
  readonly base?: Image;
  /** Versions and the like that are not in the Dockerfile: with other ones it is another image. */
  readonly ingredients: readonly string[];
  /** Fills the build context. */
  readonly gather: (context: string, place: Place) => Promise<void>;
}

/** Makes an image and its base, unless the registry has them as they would be made now. */
export function ensureImage(workshop: Workshop, image: Image): Promise<void> {
  const made = under.get(image.repository) ?? ensureWithBase(workshop, image);
  under.set(image.repository, made);
  return made;
}

/** Several images are asked for at once, and have a base in common. */
const under = new Map<string, Promise<void>>();

async function ensureWithBase(workshop: Workshop, image: Image): Promise<void> {
  if (image.base !== undefined) await ensureImage(workshop, image.base);
  const recipeTag = `recipe-${await fingerprint(image)}`;
  if (await hasImage(workshop.registry, `${image.repository}:${recipeTag}`)) return;
  const title = `making the image ${image.repository}:${image.tags[0]}`;
  await step(title, () => make(workshop, image, recipeTag));
}

/** Where the log of an image's making is. */
export function imageLog(place: Place, recipe: string): string {
  return join(place.folder, "logs", `image-${recipe}.log`);
}

async function make(
  { place, engine, registry }: Workshop,
  image: Image,
  recipeTag: string,
): Promise<void> {
  const context = join(place.folder, "images", image.recipe);
  await rm(context, { recursive: true, force: true });
  await mkdir(context, { recursive: true });
  await image.gather(context, place);
  // The tag that says how it was made is pushed with the others: it is there only if they are.
  const tags = [...image.tags, recipeTag];
  const names = tags.map((tag) => `${registry.host}/${image.repository}:${tag}`);
  const output = `type=image,push=true,"name=${names.join(",")}"`;
  await run("docker", ["buildx", "build", "--pull", "--file", "-", "--output", output, context], {
    input: await dockerfileOf(image),
    env: { ...engine.environment, BUILDX_BUILDER: "default", BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
    log: imageLog(place, image.recipe),
  });
  await rm(context, { recursive: true, force: true });
}

async function fingerprint(image: Image): Promise<string> {
  const base = image.base === undefined ? "" : await fingerprint(image.base);
  const parts = [base, await dockerfileOf(image), ...image.ingredients];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

async function dockerfileOf({ recipe, extraLines = [] }: Image): Promise<string> {
  const file = join(import.meta.dirname, "images", `${recipe}.Dockerfile`);
  return [await readFile(file, "utf8"), ...extraLines].join("");
}
