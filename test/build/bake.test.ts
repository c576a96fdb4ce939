import { expect, it } from "vitest";
import { bake } from "../../src/build/bake.ts";
import { StepTracker } from "../../src/build/progress/step-tracker.ts";
import { ToolError } from "../../src/errors.ts";
import { createFiles } from "../../src/host/files.ts";
import { emptyBuildInputs } from "./captured.ts";

/** What `echo hush` prints while it is built: the text itself only in base64. */
const OUTPUT =
  '{"logs":[{"vertex":"sha256:aa","stream":1,"data":"aHVzaAo=","timestamp":"2026-01-01T00:00:00Z"}]}';

it("tells nothing of the build's encoded output when it is stopped", async () => {
  const host = {
    files: createFiles({ workspace: "/", env: {} }),
    env: {},
    signal: new AbortController().signal,
    async exec(_command: string, _args: readonly string[], options: StderrLines = {}) {
      options.onStderrLine?.(OUTPUT);
      options.onStderrLine?.("WARNING: something else");
      return { exitCode: undefined, stdout: "", stderr: `${OUTPUT}\n` };
    },
  };
  const settings = {
    workspace: "/",
    inputs: emptyBuildInputs,
    dockerfileOf: () => "Dockerfile",
    outputOf: () => "type=image",
  };
  const tracker = new StepTracker(() => {});
  const stopped = bake(host, { targets: [], settings, builder: undefined, tracker });
  const error = await stopped.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ToolError);
  expect(error).toHaveProperty("stderrTail", "WARNING: something else");
});

interface StderrLines {
  readonly onStderrLine?: (line: string) => void;
}

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
  const host = {
    files: createFiles({ workspace: "/", env: {} }),
    env: {},
    signal: new AbortController().signal,
    async exec(_command: string, _args: readonly string[], options: StderrLines = {}) {
      for (const line of REFUSED.split("\n")) options.onStderrLine?.(line);
      return { exitCode: 1, stdout: "", stderr: REFUSED };
    },
  };
  const settings = {
    workspace: "/",
    inputs: emptyBuildInputs,
    dockerfileOf: () => "Dockerfile",
    outputOf: () => "type=image",
  };
  const tracker = new StepTracker(() => {});
  expect(await bake(host, { targets: [], settings, builder: undefined, tracker })).toEqual({
    kind: "failed",
    message: "failed to solve: invalid syntax",
    target: "i1",
    line: 6,
  });
});
