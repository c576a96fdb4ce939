import { expect, test, vi } from "vitest";
import type { BakeTarget } from "../../../src/build/bake-file.ts";
import { bakeTargets } from "../../../src/build/bake-file.ts";
import { buildLog } from "../../../src/build/progress/build-log.ts";
import { makeInstruction, makePlannedImage, makeStage } from "../../make.ts";
import { makeLog } from "../../publish/make-host.ts";

const LONG = "a-stage-with-a-name-that-somebody-generated";

/** What a runner's log says of one step of the stage `test`. */
function logged(names: readonly string[]): readonly string[] {
  const stages = names.map((name, index) => makeStage({ name, index }));
  const image = makePlannedImage({ stages });
  const lines: string[] = [];
  const targets: readonly BakeTarget[] = bakeTargets([image]);
  const { tell } = buildLog({ kind: "actions", log: makeLog(lines) }, targets.slice(0, 1));
  const [stage = makeStage()] = stages;
  const step = { image, stage, instruction: makeInstruction({ text: "RUN make" }) };
  tell({ kind: "started", step });
  tell({ kind: "output", step, line: "cc -c main.c" });
  tell({ kind: "done", step, seconds: 0.31, cached: false });
  return lines.filter((line) => line.startsWith("info: ")).map((line) => line.slice(6));
}

test("an instruction is named before its output, and told again when it is done", () => {
  expect(logged(["test"])).toEqual([
    "test │ RUN make",
    "test │   cc -c main.c",
    "test │ ✓ RUN make  0.3 s",
  ]);
});

test("a step that fails is told so at its end, with its exit code", () => {
  const stage = makeStage({ name: "test" });
  const image = makePlannedImage({ stages: [stage] });
  const lines: string[] = [];
  const { tell } = buildLog({ kind: "actions", log: makeLog(lines) }, bakeTargets([image]));
  const step = { image, stage, instruction: makeInstruction({ text: "RUN make" }) };
  const error = 'process "/bin/sh -c make" did not complete successfully: exit code: 2';
  tell({ kind: "failed", step, seconds: 0.62, error });
  expect(lines).toEqual(["info: test │ ✗ RUN make  failed after 0.6 s, exit code 2"]);
});

const said = (kind: "actions" | "local", showsProgress: boolean, milliseconds: number) => {
  vi.useFakeTimers();
  const stage = makeStage({ name: "test" });
  const lines: string[] = [];
  const log = { ...makeLog(lines), showsProgress };
  const image = makePlannedImage({ stages: [stage] });
  using build = buildLog({ kind, log }, bakeTargets([image]));
  const step = { image, stage, instruction: makeInstruction({ text: "RUN make" }) };
  build.tell({ kind: "started", step });
  vi.advanceTimersByTime(milliseconds);
  build.tell({ kind: "done", step, seconds: milliseconds / 1000, cached: false });
  vi.advanceTimersByTime(60_000);
  vi.useRealTimers();
  return lines.filter((line) => line.startsWith("info: ")).map((line) => line.slice(6));
};

test("a step that takes long is named while it runs, where nobody sees what is going on", () => {
  expect(said("local", false, 6_000)).toEqual(["test │ RUN make …", "test │ ✓ RUN make  6.0 s"]);
  expect(said("local", false, 4_000)).toEqual(["test │ ✓ RUN make  4.0 s"]);
  expect(said("local", true, 6_000)).toEqual(["test │ ✓ RUN make  6.0 s"]);
  expect(said("actions", false, 6_000)).toEqual(["test │ RUN make", "test │ ✓ RUN make  6.0 s"]);
});

test("names are in one column over all stages, but for a very long one", () => {
  expect(logged(["test", "production", LONG])[0]).toBe("test       │ RUN make");
  expect(logged([LONG, "test"])[0]).toBe(`${LONG} │ RUN make`);
});
