import { posix } from "node:path";
import { messageOf, type Problem } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { ImageInput } from "../model.ts";
import type { GraphSettings } from "./bases.ts";
import { parseDockerfile } from "./dockerfile.ts";
import { problemsOf, quoted } from "./fault.ts";
import { type ResolvedStage, resolveStages } from "./graph.ts";

/** An image whose Dockerfile is read, before it is known what is wanted of it. */
export interface ReadImage {
  readonly input: ImageInput;
  /** Path of the Dockerfile that is there. */
  readonly dockerfile: string;
  readonly text: string;
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

/** Reads the Dockerfile of an image and resolves all names in it. */
export async function readImage(
  host: Pick<Host, "files">,
  input: ImageInput,
  settings: GraphSettings,
): Promise<ReadResult> {
  const file = await findDockerfile(host, input.file);
  if (file.kind === "problem") return unreadable(input, file.what);
  try {
    const text = await host.files.readText(file.path);
    return { kind: "read", image: parseImage(input, file.path, text, settings) };
  } catch (error) {
    return unreadable(input, `${quoted(file.path)} cannot be read: ${messageOf(error)}`);
  }
}

function unreadable(input: ImageInput, what: string): ReadResult {
  return { kind: "unreadable", name: input.name, problem: { where: input.where, what } };
}

type FoundFile =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "problem"; readonly what: string };

/** Where there is no `Dockerfile`, BuildKit takes a `dockerfile`. */
async function findDockerfile(host: Pick<Host, "files">, path: string): Promise<FoundFile> {
  const isDefault = posix.basename(path) === "Dockerfile";
  const lower = posix.join(posix.dirname(path), "dockerfile");
  for (const candidate of isDefault ? [path, lower] : [path]) {
    const status = await host.files.stat(candidate);
    if (status === undefined) continue;
    const what = `${quoted(candidate)} is `;
    if (status.kind !== "file") return { kind: "problem", what: `${what}no file` };
    if (status.bytes <= MAX_DOCKERFILE_BYTES) return { kind: "file", path: candidate };
    return { kind: "problem", what: `${what}larger than 2 MiB, the most that a Dockerfile can be` };
  }
  return { kind: "problem", what: `${quoted(path)} does not exist` };
}

function parseImage(
  input: ImageInput,
  dockerfile: string,
  text: string,
  settings: GraphSettings,
): ReadImage {
  const parsed = parseDockerfile(text);
  const graph = resolveStages(parsed, settings);
  const problems = problemsOf(dockerfile, [...parsed.faults, ...graph.faults]);
  return { input, dockerfile, text, stages: graph.stages, problems };
}
