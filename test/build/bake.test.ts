import { describe, expect, it } from "vitest";
import { bake } from "../../src/build/bake.ts";
import { StepTracker } from "../../src/build/progress/step-tracker.ts";
import { ToolError } from "../../src/errors.ts";
import { createFiles } from "../../src/host/files.ts";
import { emptyBuildInputs } from "./captured.ts";

/** What `echo hush` prints while it is built: the text itself only in base64. */
const OUTPUT =
  '{"logs":[{"vertex":"sha256:aa","stream":1,"data":"aHVzaAo=","timestamp":"2026-01-01T00:00:00Z"}]}';

interface Ended {
  /** Lines of stderr, while it runs. */
  readonly lines: readonly string[];
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly endedBy?: string;
  /** The run is cancelled meanwhile. */
  readonly isCancelled?: boolean;
}

/** A bake of nothing by a buildx that writes these lines and ends. */
function bakeThatEnds({ lines, isCancelled = false, ...result }: Ended, builder?: string) {
  const cancelling = new AbortController();
  const host = {
    files: createFiles({ workspace: "/", env: {} }),
    env: {},
    signal: cancelling.signal,
    async exec(_command: string, _args: readonly string[], options: StderrLines = {}) {
      for (const line of lines) options.onStderrLine?.(line);
      if (isCancelled) cancelling.abort();
      return { ...result, stdout: "" };
    },
  };
  const settings = {
    workspace: "/",
    inputs: emptyBuildInputs,
    dockerfileOf: () => "Dockerfile",
    outputOf: () => "type=image",
  };
  const tracker = new StepTracker(() => {});
  return bake(host, { targets: [], settings, builder, tracker });
}

interface StderrLines {
  readonly onStderrLine?: (line: string) => void;
}

it("tells nothing of the build's encoded output when it is stopped", async () => {
  const lines = [OUTPUT, "WARNING: something else"];
  const stderr = `${OUTPUT}\n`;
  const stopped = bakeThatEnds({ lines, exitCode: undefined, stderr, isCancelled: true });
  const error = await stopped.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ToolError);
  expect(error).toHaveProperty("message", "The build was stopped");
  expect(error).toHaveProperty("stderrTail", "WARNING: something else");
});

describe("a buildx that the system has ended", () => {
  const lines = [OUTPUT, "WARNING: something else"];
  const stderr = `${OUTPUT}\n`;

  it.each([
    [{ exitCode: undefined, endedBy: "SIGKILL" }, "was killed: out of memory"],
    [{ exitCode: undefined, endedBy: "SIGSEGV" }, "crashed (SIGSEGV): WARNING: something else"],
    [{ exitCode: 255 }, "was killed: out of memory"],
  ])("is no build that was stopped, nor one that failed: %j", async (how, words) => {
    const error = await bakeThatEnds({ lines, stderr, ...how }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ToolError);
    expect(error).toHaveProperty("message", expect.stringContaining(`docker buildx bake ${words}`));
    expect(error).toHaveProperty("stderrTail", "WARNING: something else");
    expect(error).toHaveProperty("exitCode", undefined);
  });

  it("has said for itself what went wrong where it ends in an error", async () => {
    const line = "ERROR: target i1: failed to solve: no such stage";
    const result = await bakeThatEnds({ lines: [line], exitCode: 255, stderr: line });
    expect(result).toMatchObject({ kind: "failed", message: "failed to solve: no such stage" });
  });
});

/** What buildx writes of a flag's value that BuildKit refuses. */
const REFUSED = `Dockerfile:6
--------------------
   4 |     FROM scratch AS two
   5 |     LABEL x=y
   6 | >>> COPY --chmod=zzz a /c
   7 |     
--------------------
ERROR: target i1: failed to solve: invalid syntax`;

it("tells the line that buildx shows with its last word", async () => {
  const ended = { lines: REFUSED.split("\n"), exitCode: 1, stderr: REFUSED };
  expect(await bakeThatEnds(ended)).toEqual({
    kind: "failed",
    message: "failed to solve: invalid syntax",
    target: "i1",
    line: 6,
  });
});

it("tells what Git says, which begins on the line below", async () => {
  const message =
    "failed to solve: failed to load cache key: git stderr:\nfatal: no such host\n: exit";
  const stderr = `ERROR: target i1: ${message}`;
  const ended = await bakeThatEnds({ lines: stderr.split("\n"), exitCode: 1, stderr });
  expect(ended).toMatchObject({ kind: "failed", target: "i1", message });
});

it.each([
  'ERROR: error during connect: Head "http://%2Fvar%2Frun%2Fdocker.sock/_ping": connection reset',
  "ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running?",
])("blames nobody where the engine is gone: %s", async (line) => {
  const gone = bakeThatEnds({ lines: [line], exitCode: 1, stderr: line });
  await expect(gone).rejects.toThrow(ToolError);
  await expect(gone).rejects.toThrow("The engine went away while it built: ");
});

it.each([
  "failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
  "failed to solve: Unavailable: closing transport due to: connection error",
  "listing workers for Build: failed to list workers: Unavailable: connection error",
])("blames nobody where BuildKit is gone: %s", async (message) => {
  const line = `ERROR: ${message}`;
  const gone = bakeThatEnds({ lines: [line], exitCode: 1, stderr: line });
  await expect(gone).rejects.toThrow("BuildKit went away while it built");
});

/** As buildx 0.29 writes them, with BuildKit 0.33 and Docker 28.5. */
const FULL_DISKS = [
  "failed to solve: ResourceExhausted: mount callback failed on /tmp/containerd-mount2158889616: write /var/lib/buildkit/data: no space left on device",
  "failed to solve: ResourceExhausted: failed to read dockerfile: write /var/lib/docker/buildkit/cache.db: no space left on device",
  "failed to solve: ResourceExhausted: failed to copy files: userspace copy failed: write /one: no space left on device",
  'failed to solve: ResourceExhausted: process "/bin/sh -c make" did not complete successfully: write /var/lib/buildkit/runc-overlayfs/executor/psd/config.json: no space left on device',
];

it.each(FULL_DISKS)("blames nobody where the builder's disk is full: %s", async (message) => {
  const line = `ERROR: target i1: ${message}`;
  const ended = { lines: [line], exitCode: 1, stderr: line };
  const what = message.replace("failed to solve: ", "");
  await expect(bakeThatEnds(ended, "tiny")).rejects.toThrow(
    new ToolError(`The disk is full: that of the builder "tiny": ${what}`, {
      command: "docker buildx bake",
    }),
  );
  await expect(bakeThatEnds(ended)).rejects.toThrow("that of the engine or builder in use: ");
});

it("names no builder where the disk of this machine is full", async () => {
  const what =
    "failed to copy: failed to send write: rpc error: code = Unknown desc = write /state/layout/ingest/2a/data: no space left on device";
  const line = `ERROR: target i1: failed to solve: ${what}`;
  const full = bakeThatEnds({ lines: [line], exitCode: 1, stderr: line }, "tiny");
  await expect(full).rejects.toThrow(`The disk is full: ${what}`);
});

it.each([
  'failed to solve: process "/bin/sh -c echo : no space left on device" did not complete successfully: exit code: 1',
  'failed to solve: failed to calculate checksum of ref a::b: "/x: no space left on device": not found',
  "failed to solve: unexpected status from GET request to https://r.example/v2/: 500 Internal Server Error: unknown: no space left on device",
])("leaves to a step what is its own, or a registry's: %s", async (message) => {
  const line = `ERROR: target i1: ${message}`;
  const ended = await bakeThatEnds({ lines: [line], exitCode: 1, stderr: line });
  expect(ended).toMatchObject({ kind: "failed", message });
});

it("blames a registry that is not available for itself", async () => {
  const message = "failed to solve: unexpected status from HEAD request: 503 Service Unavailable";
  const line = `ERROR: target i1: ${message}`;
  const ended = await bakeThatEnds({ lines: [line], exitCode: 1, stderr: line });
  expect(ended).toMatchObject({ kind: "failed", message });
});
