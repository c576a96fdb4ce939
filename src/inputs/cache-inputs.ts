// Where the steps of a build are kept outside of the builder.
import { resolve } from "node:path";
import type { Host } from "../host/host.ts";
import type { CacheInput } from "../model/inputs.ts";
import { mayHoldCredentials, placeProblem } from "./credentials.ts";
import type { InputReader } from "./input-reader.ts";
import { ok, type Parsed } from "./parsed.ts";
import { parseLine } from "./values.ts";

/** What the inputs say of caches and of the builder that a cache may need. */
export interface CacheInputs {
  /** Undefined: it was not given. */
  readonly cache?: CacheInput;
  readonly buildkitImage?: string;
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  /** Undefined: the job has no matrix. */
  readonly matrix?: string;
}

/** Reads the inputs of the cache. */
export function readCacheInputs(
  { workspace }: Pick<Host, "workspace">,
  reader: InputReader,
): CacheInputs {
  const cache = reader.value("cache", (text) => parseCache(text, workspace));
  const buildkitImage = reader.value("buildkit-image", parseImage);
  const matrix = reader.value("matrix", (text) => ok(legOf(text)));
  return {
    ...(matrix !== undefined && { matrix }),
    ...(cache !== undefined && { cache }),
    ...(buildkitImage !== undefined && { buildkitImage }),
    cacheFrom: reader.values("cache-from", parseLine),
    cacheTo: reader.values("cache-to", parseLine),
  };
}

/** The leg on one line; undefined where the runner says that there is no matrix. */
function legOf(text: string): string | undefined {
  try {
    const leg: unknown = JSON.parse(text);
    return leg === null ? undefined : JSON.stringify(leg);
  } catch {
    return text.trim();
  }
}

/** `auto`, `gha`, `registry:REPOSITORY`, `local:FOLDER` or `off`. */
function parseCache(text: string, workspace: string): Parsed<CacheInput> {
  const line = parseLine(text);
  if (line.kind === "problem") return line;
  const [, word = text, rest] = /^([a-z]+):(.*)$/.exec(text) ?? [];
  if (rest === undefined) {
    if (word === "auto" || word === "gha" || word === "off") return ok({ kind: word });
  } else if (word === "registry") {
    return parseRepository(rest);
  } else if (word === "local" && rest !== "") {
    return ok({ kind: "local", folder: resolve(workspace, rest) });
  }
  const forms = "it is auto, gha, registry:REPOSITORY, local:FOLDER or off";
  return placeProblem(text, `is not a cache; ${forms}`);
}

/** Each Dockerfile gets a tag of its own, so a digest has no place here. */
function parseRepository(text: string): Parsed<CacheInput> {
  const [, repository = "", tag] =
    /^([A-Za-z0-9][A-Za-z0-9._-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)+)(?::(\w[\w.-]{0,60}))?$/.exec(
      text,
    ) ?? [];
  if (repository === "") {
    const form = "it is host/path, with a tag where need be, such as ghcr.io/octo/cache";
    return placeProblem(text, `is not a repository of a registry: ${form}`);
  }
  return ok({ kind: "registry", repository, ...(tag !== undefined && { tag }) });
}

/** An image's name as Docker takes it; nothing that reads as an option or as two. */
function parseImage(text: string): Parsed<string> {
  const isImage = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/.test(text) && !mayHoldCredentials(text);
  if (isImage) return ok(text);
  return placeProblem(text, "is not the name of an image, such as moby/buildkit:v0.33.0");
}
