// Which caches outside of the builder a run uses, and the place of each Dockerfile in them.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { assertNever } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import type { BuildInputs, CacheInput } from "../../model/inputs.ts";
import type { PlannedImage } from "../../model/plan.ts";
import { type CachePlaces, csv } from "../bake-file.ts";
import { findRunnerCache } from "./runner-cache.ts";

/** What tells the caches of two runs apart. */
export interface CacheKey {
  /** The report's name. */
  readonly name: string;
  readonly platform?: string;
  /** As the inputs have them. */
  readonly targets: readonly string[];
  /** Which leg of a job's matrix. */
  readonly matrix?: string;
  /** `owner/name`: others may keep theirs in the same registry or folder. */
  readonly repository?: string;
}

/** The caches of a run. */
export interface Caches {
  /** For the log: one sentence; undefined where there is nothing to say. */
  readonly description?: string;
  /** Why there is none, where nobody asked for one. */
  readonly because?: string;
  /** For the report: why what was asked for cannot be had. */
  readonly note?: string;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly usesGitHub?: boolean;
  /** What a Dockerfile has of them. */
  placesOf(image: PlannedImage): CachePlaces;
  /** Folders of a Dockerfile that are written anew and then take the place of an older one. */
  foldersOf(image: PlannedImage): readonly Replacement[];
}

/** A folder that was written beside the one that it replaces. */
export interface Replacement {
  readonly written: string;
  readonly replaced: string;
}

/** None but the builder's own. */
export const NO_CACHES: Caches = {
  reads: false,
  writes: false,
  placesOf: () => ({ from: [], to: [] }),
  foldersOf: () => [],
};

/** What decides about the caches of a run. */
export interface CacheRequest {
  readonly inputs: Pick<BuildInputs, "cache" | "cacheFrom" | "cacheTo">;
  readonly key: CacheKey;
  /** Whether it may be a stranger's code that is built, in a run that may do what strangers may not. */
  readonly mayBeStrange?: boolean;
}

/**
 * Seconds in which requests that are turned away for now are repeated. Longer is not worth it: the
 * next run has another chance.
 */
const REPEAT_READ = "timeout=15s";
const REPEAT_WRITE = "timeout=30s";

/** Of every write: all steps, and no failure of the cache is one of the build. */
const WRITE_OPTIONS = ["mode=max", "ignore-error=true"];

/**
 * Whether a builder is needed that can write a cache. What `cache-from` and `cache-to` name goes to
 * the current builder as it is, whatever that makes of it.
 */
export function needsCacheWriter(inputs: CacheRequest["inputs"]): boolean {
  return cacheOf(inputs).kind !== "off";
}

/** Chooses the caches of a run. */
export function chooseCaches(
  host: Pick<Host, "env" | "ci" | "kind">,
  request: CacheRequest,
): Caches {
  const { cacheFrom, cacheTo } = request.inputs;
  const found = chooseCache(host, cacheOf(request.inputs), request.key);
  const chosen = request.mayBeStrange === true ? onlyRead(found) : found;
  if (!namesPlaces(request.inputs)) return chosen;
  return {
    ...chosen,
    reads: chosen.reads || cacheFrom.length > 0,
    writes: chosen.writes || cacheTo.length > 0,
    usesGitHub: chosen.usesGitHub === true || [...cacheFrom, ...cacheTo].some(isInGitHub),
    placesOf(image) {
      const { from, to } = chosen.placesOf(image);
      return { from: [...from, ...cacheFrom], to: [...to, ...cacheTo] };
    },
  };
}

/** Whether a place, as buildx takes it, is in GitHub's cache. */
export function isInGitHub(place: string): boolean {
  return /(?:^|,)"?type=gha\b/i.test(place);
}

function cacheOf(inputs: CacheRequest["inputs"]): CacheInput {
  return inputs.cache ?? { kind: namesPlaces(inputs) ? "off" : "auto" };
}

function namesPlaces({ cacheFrom, cacheTo }: CacheRequest["inputs"]): boolean {
  return cacheFrom.length + cacheTo.length > 0;
}

function chooseCache(
  host: Pick<Host, "env" | "ci" | "kind">,
  cache: CacheInput,
  key: CacheKey,
): Caches {
  switch (cache.kind) {
    case "off":
      return NO_CACHES;
    case "auto":
      return chooseAutomatically(host, key);
    case "gha":
      return chooseGitHub(host, key);
    case "registry":
      return inRegistry(cache, key);
    case "local":
      return inFolder(cache.folder, key);
    default:
      return assertNever(cache);
  }
}

const STRANGE = "allow-untrusted-checkout lets strangers' code be built";

/** What runs of the default branch read is written by nobody else's code. */
function onlyRead(caches: Caches): Caches {
  if (!caches.writes) return caches;
  if (!caches.reads) return noCache({ because: STRANGE });
  return {
    ...caches,
    description: `${caches.description}, only read: ${STRANGE}`,
    writes: false,
    foldersOf: () => [],
    placesOf: (image) => ({ from: caches.placesOf(image).from, to: [] }),
  };
}

function noCache(words: Pick<Caches, "because" | "note">): Caches {
  return { ...NO_CACHES, ...words };
}

function chooseAutomatically(host: Pick<Host, "env" | "ci" | "kind">, key: CacheKey): Caches {
  const runner = findRunnerCache(host);
  if (runner.kind === "offered") return chooseGitHub(host, key);
  // On a laptop nobody expects it.
  if (host.kind === "local") return NO_CACHES;
  return noCache({ because: runner.because });
}

function chooseGitHub(host: Pick<Host, "env" | "ci">, key: CacheKey): Caches {
  const runner = findRunnerCache(host);
  if (runner.kind === "none") {
    return noCache({ note: `GitHub's build cache cannot be used: ${runner.because}.` });
  }
  const { reads, writes, because } = runner;
  const restriction = reads && writes ? "" : `, only ${reads ? "read" : "written"}: ${because}`;
  return {
    description: `Build steps are kept in GitHub's cache${restriction}`,
    reads,
    writes,
    usesGitHub: true,
    foldersOf: () => [],
    placesOf(image) {
      const place = ["type=gha", `scope=${placeName(image, key)}`];
      return {
        from: reads ? [csv([...place, REPEAT_READ])] : [],
        to: writes ? [csv([...place, REPEAT_WRITE, ...WRITE_OPTIONS])] : [],
      };
    },
  };
}

function inRegistry(
  { repository, tag }: Extract<CacheInput, { kind: "registry" }>,
  key: CacheKey,
): Caches {
  return {
    description: `Build steps are kept in ${repository}`,
    reads: true,
    writes: true,
    foldersOf: () => [],
    placesOf(image) {
      const name = [...(tag === undefined ? [] : [tag]), sharedPlaceName(image, key)].join("-");
      const place = ["type=registry", `ref=${repository}:${name}`];
      return { from: [csv(place)], to: [csv([...place, ...WRITE_OPTIONS])] };
    },
  };
}

/** BuildKit only adds to a folder, so each write begins with an empty one. */
function inFolder(folder: string, key: CacheKey): Caches {
  const foldersOf = (image: PlannedImage): Replacement => {
    const replaced = join(folder, sharedPlaceName(image, key));
    return { written: `${replaced}.next`, replaced };
  };
  return {
    description: `Build steps are kept in ${folder}`,
    reads: true,
    writes: true,
    foldersOf: (image) => [foldersOf(image)],
    placesOf(image) {
      const { written, replaced } = foldersOf(image);
      return {
        from: [csv(["type=local", `src=${replaced}`])],
        to: [csv(["type=local", `dest=${written}`, ...WRITE_OPTIONS])],
      };
    },
  };
}

/** Characters of an image's name that are shown in that of its place. */
const SHOWN_CHARACTERS = 30;

/** Of what the runs of one repository share, as in GitHub's cache. */
function placeName({ name: image }: PlannedImage, key: CacheKey): string {
  const { name, platform = "", targets, matrix } = key;
  return named(image, [
    ...[name, image, platform, targets.toSorted()],
    ...(matrix === undefined ? [] : [matrix]),
  ]);
}

/** Of what other repositories can share too: a name is only one in its own. */
function sharedPlaceName(image: PlannedImage, { repository, ...key }: CacheKey): string {
  const name = placeName(image, key);
  return repository === undefined ? name : named(image.name, [repository, name]);
}

/**
 * The same from run to run, and another for each Dockerfile, report, platform, choice of targets and leg
 * of a matrix: whoever writes to a place replaces all that is in it. Fit for a tag and a folder.
 */
function named(image: string, parts: readonly unknown[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
  const shown = image
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, SHOWN_CHARACTERS);
  return `weighbridge-${shown}-${hash}`;
}
