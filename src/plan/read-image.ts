import { messageOf, type Problem } from "../errors.ts";
import type { Files } from "../host/host.ts";
import { quoted } from "../inputs/wording.ts";
import type { ImageInput } from "../model/inputs.ts";
import type { GraphSettings } from "./bases.ts";
import { frontendOf } from "./directives.ts";
import { parseDockerfile } from "./dockerfile.ts";
import { problemsOf } from "./fault.ts";
import { type ResolvedStage, resolveStages } from "./graph.ts";

/** What reading Dockerfiles needs of a host. */
export interface DockerfileHost {
  readonly files: Pick<Files, "readText" | "stat">;
}

/** An image whose Dockerfile is read, before it is known what is wanted of it. */
export interface ReadImage {
  readonly input: ImageInput;
  readonly text: string;
  readonly frontend?: string;
  readonly stages: readonly ResolvedStage[];
  /** What BuildKit would refuse in it. */
  readonly problems: readonly Problem[];
}

/** What came of reading a Dockerfile. */
export type ReadResult =
  | { readonly kind: "read"; readonly image: ReadImage }
  | { readonly kind: "unreadable"; readonly name: string; readonly problem: Problem };

/**
 * Largest Dockerfile: what buildx takes over HTTP. BuildKit itself stops at 16 MiB, its largest gRPC
 * message. https://github.com/docker/buildx/blob/v0.29.1/build/url.go
 */
const MAX_DOCKERFILE_BYTES = 2 * 1024 * 1024;

/** How it begins where it was read as UTF-8: with a byte order mark that is none there, or with NUL. */
const UTF_16 = /^(?:\uFFFD\uFFFD|.?\0)/s;

/** Reads the Dockerfile of an image and resolves all names in it. */
export async function readImage(
  host: DockerfileHost,
  input: ImageInput,
  settings: GraphSettings,
): Promise<ReadResult> {
  const { file } = input;
  try {
    const status = await host.files.stat(file);
    if (status === undefined) return unreadable(input, `${quoted(file)} does not exist`);
    if (status.kind !== "file") return unreadable(input, `${quoted(file)} is no file`);
    if (status.bytes > MAX_DOCKERFILE_BYTES) {
      return unreadable(input, `${quoted(file)} is larger than a Dockerfile can be, 2 MiB`);
    }
    const text = await host.files.readText(file);
    if (UTF_16.test(text)) {
      return unreadable(input, `${quoted(file)} is in UTF-16; a Dockerfile has to be in UTF-8`);
    }
    return { kind: "read", image: parseImage(input, text, settings) };
  } catch (error) {
    return unreadable(input, `${quoted(file)} cannot be read: ${messageOf(error)}`);
  }
}

function unreadable(input: ImageInput, what: string): ReadResult {
  return { kind: "unreadable", name: input.name, problem: { where: input.where, what } };
}

function parseImage(input: ImageInput, text: string, settings: GraphSettings): ReadImage {
  const parsed = parseDockerfile(text, settings.buildArgs);
  const frontend = frontendOf(parsed.directives, settings.buildArgs);
  const graph = resolveStages(parsed, settings);
  const problems = problemsOf(input.file, [...parsed.faults, ...graph.faults]);
  const read = { input, text, stages: graph.stages, problems };
  return frontend === undefined ? read : { ...read, frontend };
}
