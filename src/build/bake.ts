import { join } from "node:path";
import { ToolError } from "../errors.ts";
import type { ExecResult, Host } from "../host/host.ts";
import type { BuildInputs } from "../model/inputs.ts";
import { howItEnded } from "../tools/failure.ts";
import {
  type BakeSettings,
  type BakeTarget,
  renderBakeFile,
  secretEnvironment,
} from "./bake-file.ts";
import { isInGitHub } from "./cache/cache-places.ts";
import type { SolveWatch } from "./cache/cache-watch.ts";
import { withCredentials, withoutCredentials } from "./cache/runner-cache.ts";
import { parseMetadata, type TargetMetadata } from "./metadata.ts";
import { OutputDecoder, parseProgress } from "./progress/progress.ts";
import type { StepTracker } from "./progress/step-tracker.ts";

/** One `docker buildx bake`. */
export interface BakeRequest {
  readonly targets: readonly BakeTarget[];
  readonly settings: BakeSettings;
  readonly builder: string | undefined;
  readonly tracker: StepTracker;
  /** Gives the solve up, when its cache is too slow say; it then has failed. */
  readonly watch?: SolveWatch | undefined;
}

/** What became of the targets of one bake: all of them, or one that failed. */
export type BakeResult =
  | { readonly kind: "built"; readonly metadata: ReadonlyMap<string, TargetMetadata> }
  | FailedBake;

/** A bake that did not build its targets. */
export interface FailedBake {
  readonly kind: "failed";
  /** buildx's own last word. */
  readonly message: string;
  /** Id of the target that it is about. */
  readonly target?: string;
  /** Line of the Dockerfile that it is about. */
  readonly line?: number;
}

/** What a bake needs of the outside. */
export type BakeHost = Pick<Host, "exec" | "files" | "env" | "signal">;

/**
 * Builds targets in one solve: steps that they share run once. When one target fails, bake cancels
 * the others and says nothing of those that were done.
 * @throws ToolError when it was killed, when a disk is full, or when no engine answers any more.
 */
export async function bake(host: BakeHost, request: BakeRequest): Promise<BakeResult> {
  const { targets, settings, builder, tracker, watch } = request;
  await using folder = await host.files.temporaryFolder("bake");
  const definition = join(folder.path, "bake.json");
  const metadata = join(folder.path, "metadata.json");
  await host.files.writeText(definition, renderBakeFile(targets, settings));
  const named = builder === undefined ? [] : ["--builder", builder];
  const args = ["buildx", "bake", ...named, "--file", definition, "--metadata-file", metadata];
  const messages: string[] = [];
  const decoder = new OutputDecoder();
  watch?.begin?.();
  // In the workspace: contexts and caches that the inputs name are relative to it.
  const result = await host
    .exec("docker", [...args, "--progress", "rawjson"], {
      env: { ...environmentFor(host, request), ...buildxEnvironment(host, settings.inputs) },
      onStderrLine: (line) => {
        const progress = parseProgress(line, decoder);
        if (progress === undefined) {
          if (line.trim() !== "") messages.push(line);
          return;
        }
        watch?.follow(progress);
        // Of what is given up nothing more is told: another solve does it.
        if (watch?.signal.aborted !== true) tracker.follow(progress, request);
      },
      ...(watch === undefined ? {} : { signal: AbortSignal.any([host.signal, watch.signal]) }),
    })
    .finally(() => watch?.end?.());
  const { exitCode } = result;
  tracker.end(request, exitCode === 0);
  if (exitCode === undefined) {
    if (host.signal.aborted) throw stopped(messages);
    if (watch?.signal.aborted !== true) throw ended(result, messages);
    if (watch.fatal !== undefined) throw watch.fatal;
    return { kind: "failed", message: watch.failure?.message ?? "the cache was given up" };
  }
  if (exitCode !== 0) {
    if (isEndedBehind(result, messages)) throw ended({ ...result, exitCode: undefined }, messages);
    const last = lastWord(messages);
    const full = fullDisk(last.message, folder.path, builder);
    if (full !== undefined) throw full;
    const gone = GONE.find(([words]) => words.test(last.message));
    if (gone !== undefined) throw engineGone(`${gone[1]}: ${last.message}`);
    return { kind: "failed", ...last };
  }
  return { kind: "built", metadata: parseMetadata(await host.files.readText(metadata)) };
}

/** GitHub's cache is open only to a solve that uses it. */
function environmentFor(
  { env }: BakeHost,
  { targets, settings }: BakeRequest,
): Readonly<Record<string, string>> {
  const places = targets.flatMap(({ image }) => {
    const { from, to } = settings.placesOf?.(image) ?? { from: [], to: [] };
    return [...from, ...to];
  });
  return places.some(isInGitHub) ? withCredentials(env) : withoutCredentials(env);
}

/** The progress stays out: it holds the build's output in base64, where no secret is recognised. */
function stopped(messages: readonly string[]): ToolError {
  const details = { command: "docker buildx bake", stderrTail: messages.join("\n") };
  return new ToolError("The build was stopped", details);
}

/** Ended by the system, or by somebody else on the machine. */
function ended(result: ExecResult, messages: readonly string[]): ToolError {
  const words = messages.join("\n");
  const how = howItEnded(result, words);
  return new ToolError(`docker buildx bake ${how}`, {
    command: "docker buildx bake",
    stderrTail: words,
  });
}

/** Whether a signal has ended buildx, of which the `docker` that runs it makes an exit code. */
function isEndedBehind({ exitCode }: ExecResult, messages: readonly string[]): boolean {
  return exitCode === 255 && !messages.some((line) => line.startsWith("ERROR:"));
}

/**
 * Provenance goes into the metadata file and not into the image: an attestation would wrap each
 * image in an index whose digest is new at every build.
 */
function buildxEnvironment({ env }: BakeHost, inputs: BuildInputs): Record<string, string> {
  return {
    ...secretEnvironment(inputs.secrets, env),
    BUILDX_METADATA_PROVENANCE: "max",
    BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
    // The definition is ours: it names only what the inputs name.
    BUILDX_BAKE_ENTITLEMENTS_FS: "0",
  };
}

/**
 * What a solve failed for where a disk is full, and no step of a stage is to blame: undefined else. What a
 * step's own command says of that stands in its output; of the step there is only an exit code.
 */
function fullDisk(
  message: string,
  folder: string,
  builder: string | undefined,
): ToolError | undefined {
  const isOurs = message.includes(folder) && NO_ROOM.test(message);
  if (!isOurs && (!ENDS_WITHOUT_ROOM.test(message) || OF_REGISTRY.test(message))) return undefined;
  const isHere = isOurs || WRITTEN_HERE.test(message);
  const named = builder === undefined ? "engine or builder in use" : `builder "${builder}"`;
  const whose = isHere ? "" : `that of the ${named}: `;
  const what = message.replace(/^failed to solve: /, "");
  return new ToolError(`The disk is full: ${whose}${what}`, { command: "docker buildx bake" });
}

const NO_ROOM = /no space left on device|quota exceeded/i;

/** BuildKit's errors end with the system's own: text of a Dockerfile stands further left. */
const ENDS_WITHOUT_ROOM = /: (?:no space left on device|disk quota exceeded)(?:: unknown)?$/i;

/** What a registry has answered: its disk is none that anybody here could make room on. */
const OF_REGISTRY = /unexpected status/;

/** What buildx writes for BuildKit on this machine, and says of it. */
const WRITTEN_HERE = /failed to (?:send write|copy to tar): rpc error: /;

/** What is said where nothing answers any more: no line of a Dockerfile is to blame for that. */
const GONE: readonly (readonly [RegExp, string])[] = [
  // Docker's client.
  [
    /^error during connect: |^Cannot connect to the Docker daemon /i,
    "The engine went away while it built",
  ],
  // The client of BuildKit: a registry's "503 Service Unavailable" comes in other words.
  [
    /^(?:failed to (?:receive status|solve): )?(?:rpc error: code = Unavailable desc = |Unavailable: )|^listing workers for Build: .*\bUnavailable: /,
    "BuildKit went away while it built, as it does when memory runs out",
  ],
];

function engineGone(what: string): ToolError {
  return new ToolError(what, { command: "docker buildx bake" });
}

/** `ERROR: target image0-stage1: failed to solve: …`. */
function lastWord(messages: readonly string[]): Omit<FailedBake, "kind"> {
  const at = messages.findLastIndex((line) => line.startsWith("ERROR:"));
  // What Git says begins on the next line.
  const [first = "", ...others] = at === -1 ? messages.slice(-1) : messages.slice(at);
  const last = first.endsWith(":") ? [first, ...others].join("\n") : first;
  const [, target, message = ""] = /^(?:ERROR: )?(?:target (\S+): )?(.*)$/s.exec(last) ?? [];
  const line = sourceLine(messages);
  return {
    message,
    ...(target === undefined ? {} : { target }),
    ...(line === undefined ? {} : { line }),
  };
}

/** Of the part of the Dockerfile that buildx shows before its last word, below `Dockerfile:6`. */
function sourceLine(messages: readonly string[]): number | undefined {
  const ruler = messages.findIndex((text) => /^-{20}$/.test(text));
  const [, line] = /:(\d{1,9})$/.exec(messages[ruler - 1] ?? "") ?? [];
  return line === undefined ? undefined : Number(line);
}
