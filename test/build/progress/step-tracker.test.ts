import { describe, expect, it } from "vitest";
import { bakeTargets } from "../../../src/build/bake-file.ts";
import type { Vertex } from "../../../src/build/progress/progress.ts";
import { type StepEvent, StepTracker } from "../../../src/build/progress/step-tracker.ts";
import type { PlannedImage } from "../../../src/model/plan.ts";
import { makePlannedImage } from "../../make.ts";
import { captured, followed, plannedFixture, stageOf } from "../captured.ts";

describe("a build of which nothing was cached", () => {
  it("tells the line and that it ran of every step of a stage", async () => {
    const image = await plannedFixture("Dockerfile");
    const { tracker } = followed("built.jsonl", image);
    const steps = tracker.stepsOf(image, stageOf(image, "deps"));
    expect(steps.map(({ line, cached }) => ({ line, cached }))).toEqual([
      { line: 2, cached: true },
      { line: 3, cached: false },
      { line: 4, cached: false },
    ]);
    expect(steps[1]?.seconds).toBeGreaterThan(0.01);
  });

  it("tells the steps of a stage with a dot and capitals in its name", async () => {
    const image = await plannedFixture("Dockerfile");
    const { tracker } = followed("built.jsonl", image);
    const lines = tracker.stepsOf(image, stageOf(image, "App.Server")).map(({ line }) => line);
    expect(lines).toEqual([7]);
  });

  it("tells a step that two stages share for both, though BuildKit names it after one", async () => {
    const image = await plannedFixture("Dockerfile");
    const { tracker } = followed("built.jsonl", image);
    const shared = tracker.stepsOf(image, stageOf(image, "production"))[1];
    const twin = tracker.stepsOf(image, stageOf(image, "3"))[1];
    expect(shared).toMatchObject({ line: 9 });
    expect(twin).toEqual({ ...shared, line: 12 });
  });

  it("has no failures", async () => {
    const image = await plannedFixture("Dockerfile");
    expect(followed("built.jsonl", image).tracker.failures()).toEqual([]);
  });

  it("tells the watcher once of each step that is done", async () => {
    const image = await plannedFixture("Dockerfile");
    const { events } = followed("built.jsonl", image);
    const done = events.filter((event) => event.kind === "done");
    const lines = done.map(({ step }) => step.instruction.lines.start).sort((a, b) => a - b);
    expect(lines).toEqual([...new Set(lines)]);
    expect(lines).toContain(10);
  });
});

describe("a build of which everything was cached", () => {
  it("tells so of every step", async () => {
    const image = await plannedFixture("Dockerfile");
    const { tracker } = followed("cached.jsonl", image);
    const steps = image.stages.flatMap((stage) => tracker.stepsOf(image, stage));
    expect(steps.length).toBeGreaterThan(6);
    expect(steps.filter((step) => !step.cached)).toEqual([]);
  });
});

describe("a build of which one step failed", () => {
  it("names the instruction, the error and the end of the output", async () => {
    const image = await plannedFixture("failing.Dockerfile");
    const [failure, ...others] = followed("failed.jsonl", image).tracker.failures();
    expect(others).toEqual([]);
    expect(failure?.step?.instruction.lines).toEqual({ start: 7, end: 7 });
    expect(failure?.step?.stage.name).toBe("App.Server");
    expect(failure?.error).toContain("exit code: 3");
    expect(failure?.output.lines).toEqual(["working", "no such luck"]);
  });

  it("tells whoever watches once how the step ended, whatever targets share it", async () => {
    const image = await plannedFixture("failing.Dockerfile");
    const { events } = followed("failed.jsonl", image);
    const told = events.filter(({ kind }) => kind === "failed");
    expect(told).toMatchObject([{ error: expect.stringContaining("exit code: 3") }]);
    expect(told[0]?.step.instruction.lines.start).toBe(7);
  });

  it("tells the step that failed as one that ran", async () => {
    const image = await plannedFixture("failing.Dockerfile");
    const { tracker } = followed("failed.jsonl", image);
    const [step] = tracker.stepsOf(image, stageOf(image, "App.Server"));
    expect(step).toMatchObject({ line: 7, cached: false });
    expect(step?.seconds).toBeGreaterThan(0);
  });

  it("is told in text as well, which is no progress", () => {
    const text = captured("failed.jsonl")
      .split("\n")
      .filter((line) => !line.startsWith("{"));
    expect(text.join("\n")).toContain("ERROR: target image0-stage1");
  });
});

describe("two Dockerfiles with a step in common, which BuildKit makes one vertex of", () => {
  const [app, worker] = [makePlannedImage(), makePlannedImage({ name: "worker" })];
  const names = ["[image0-stage0 2/3] COPY . /app", "[image1-stage0 2/3] COPY . /app"];

  it("has the step in both", () => {
    const vertices = names.map((name) => ran("a", name, 4));
    const { tracker } = watched([[app, worker], vertices]);
    const steps = [{ line: 2, seconds: 4, cached: false }];
    expect([app, worker].map((image) => tracker.stepsOf(image, stageIn(image)))).toEqual([
      steps,
      steps,
    ]);
  });

  it("blames its instruction in both when it fails", () => {
    const vertices = names.map((name) => ({ ...ran("a", name, 4), error: "no such file" }));
    const { tracker } = watched([[app, worker], vertices]);
    const blamed = tracker.failures().map(({ step }) => [step?.image, step?.instruction.lines]);
    const lines = { start: 2, end: 2 };
    expect(blamed).toEqual([
      [app, lines],
      [worker, lines],
    ]);
  });
});

describe("a step that a second solve finds in the cache, as another vertex", () => {
  const app = makePlannedImage();
  const first = ran("a", "[image0-stage0 2/3] COPY . /app", 4);
  const second = { ...ran("b", "[image0-stage0 2/3] COPY . /app", 0), cached: true };

  it("ran, for as long as it took", () => {
    const { tracker } = watched([[app], [first]], [[app], [second]]);
    const steps = tracker.stepsOf(app, stageIn(app));
    expect(steps).toEqual([{ line: 2, seconds: 4, cached: false }]);
  });

  it("is told to the watcher once", () => {
    const { events } = watched([[app], [first]], [[app], [second]]);
    expect(events.map(({ kind }) => kind)).toEqual(["done"]);
  });

  it("is no failure when it failed in one solve and went well in the other", () => {
    const failed = { ...first, error: "connection reset" };
    expect(watched([[app], [failed]]).tracker.failures()).toHaveLength(1);
    expect(watched([[app], [failed]], [[app], [second]]).tracker.failures()).toEqual([]);
  });
});

describe("a step that BuildKit takes for cached because what needs it has begun", () => {
  const app = makePlannedImage();
  const taken = { ...ran("a", "[image0-stage0 2/3] COPY . /app", 0), cached: true };
  const error = 'failed to calculate checksum of ref x::y: "/other": not found';
  const begun = { ...ran("b", "[image0-stage0 3/3] COPY other /", 0), error };
  const missing = { ...ran("c", "[image0-stage0 2/3] COPY . /app", 0), error };

  it("is a failure where it fails, and another that has only looked at its files failed too", () => {
    const { tracker, events } = watched([[app], [taken, begun]], [[app], [missing]]);
    const lines = tracker.failures().map(({ step }) => step?.instruction.lines.start);
    expect(lines).toEqual([3, 2]);
    const failed = events.filter(({ kind }) => kind === "failed");
    expect(failed.map(({ step }) => step.instruction.lines.start)).toEqual([3, 2]);
    expect(tracker.stepsOf(app, stageIn(app)).map(({ cached }) => cached)).toEqual([false, false]);
    expect(events.filter(({ kind }) => kind === "done")).toEqual([]);
  });

  it("is told as cached only once the solve went well, where it had begun to run", () => {
    const { completed, ...started } = ran("a", "[image0-stage0 2/3] COPY . /app", 0);
    const failed = { ...ran("d", "[image0-stage0 3/3] RUN make", 1), error: "exit code: 1" };
    const kinds = (...vertices: readonly Vertex[]) =>
      watched([[app], vertices]).events.map(({ kind }) => kind);
    expect(kinds(started, taken, failed)).toEqual(["started", "failed"]);
    expect(kinds(taken, failed)).toEqual(["done", "failed"]);
    const events: StepEvent[] = [];
    const tracker = new StepTracker((event) => events.push(event));
    const solve = { targets: bakeTargets([app]) };
    const vertices = [started, taken];
    tracker.follow({ vertices, outputs: [], transfers: [], warnings: [] }, solve);
    expect(events.map(({ kind }) => kind)).toEqual(["started"]);
    tracker.end(solve, true);
    expect(events.map(({ kind }) => kind)).toEqual(["started", "done"]);
  });
});

describe("a step that a solve found in a cache, which then was given up", () => {
  const app = makePlannedImage();
  const name = "[image0-stage0 2/3] COPY . /app";
  const found = { ...ran("a", name, 0), cached: true };
  const open = { digest: "b", name: "importing cache manifest", cached: false, started: 1_000 };

  it.each(["a", "c"])("is a failure where it fails in the next one, as vertex %s", (digest) => {
    const failed = { ...ran(digest, name, 1), error: "exit code: 1" };
    const { tracker } = watched([[app], [found, open]], [[app], [failed]]);
    expect(tracker.failures().map(({ step }) => step?.instruction.lines.start)).toEqual([2]);
  });
});

describe("a frontend that cannot be had", () => {
  it("is a failure of the line that asks for it, and of every stage", () => {
    const text = "# escape=\\\n# syntax=acme/frontend:1\nFROM scratch\n";
    const app = makePlannedImage({ text, frontend: "acme/frontend:1" });
    const name =
      "[image0-stage0] resolve image config for docker-image://docker.io/acme/frontend:1";
    const { tracker } = watched([[app], [{ ...ran("a", name, 0), error: "not found" }]]);
    expect(tracker.failures()).toMatchObject([
      { step: { isOfAll: true, instruction: { lines: { start: 2, end: 2 } } } },
    ]);
  });

  it("is no failure of that line where a build argument asks for another one", () => {
    const text = "# syntax=acme/frontend:1\nFROM scratch\n";
    const app = makePlannedImage({ text, frontend: "acme/other:2" });
    const name = "[image0-stage0] resolve image config for docker-image://docker.io/acme/other:2";
    const { tracker } = watched([[app], [{ ...ran("a", name, 0), error: "not found" }]]);
    expect(tracker.failures().map(({ step }) => step)).toEqual([undefined]);
  });
});

describe("a step whose layer comes out of a cache", () => {
  it("is cached, though fetching the layer is told as if it ran", () => {
    const app = makePlannedImage();
    const name = "[image0-stage0 2/3] COPY . /app";
    const cached = { digest: "a", name, cached: true, started: 1_000, completed: 1_000 };
    const fetched = { vertex: "a", current: 9, total: 9, isDone: true };
    const events: StepEvent[] = [];
    const tracker = new StepTracker((event) => events.push(event));
    const solve = { targets: bakeTargets([app]) };
    for (const id of ["sha256:97b3", "extracting sha256:97b3"]) {
      const transfers = [{ ...fetched, id }];
      tracker.follow(
        { vertices: [ran("a", name, 2)], outputs: [], transfers, warnings: [] },
        solve,
      );
    }
    tracker.follow({ vertices: [cached], outputs: [], transfers: [], warnings: [] }, solve);
    expect(tracker.stepsOf(app, stageIn(app))).toMatchObject([{ line: 2, cached: true }]);
  });
});

describe("a line of output that is too long", () => {
  it("is cut after secrets were taken out of it, so that none is told by half", () => {
    const app = makePlannedImage();
    const lines: string[] = [];
    const tracker = new StepTracker(
      (event) => void (event.kind === "output" && lines.push(event.line)),
      (line) => line.replaceAll("hunter22", "***"),
    );
    const outputs = [
      { vertex: "a", stream: "stdout", text: `${"x".repeat(495)}hunter22 and more\n` },
    ] as const;
    const vertices = [ran("a", "[image0-stage0 2/3] COPY . /app", 1)];
    tracker.follow(
      { vertices, outputs, transfers: [], warnings: [] },
      { targets: bakeTargets([app]) },
    );
    expect(lines).toEqual([`${"x".repeat(495)}*** a`]);
  });
});

describe("a status that tells of a step's end and of its last output", () => {
  const app = makePlannedImage();
  const name = "[image0-stage0 2/3] COPY . /app";
  const told = (...statuses: readonly (readonly [readonly Vertex[], string])[]) => {
    const events: string[] = [];
    const tracker = new StepTracker((event) =>
      events.push(event.kind === "output" ? event.line : event.kind),
    );
    const solve = { targets: bakeTargets([app]) };
    for (const [vertices, text] of statuses) {
      const outputs = [{ vertex: "a", stream: "stdout", text }] as const;
      tracker.follow({ vertices, outputs, transfers: [], warnings: [] }, solve);
    }
    tracker.end(solve, true);
    return events;
  };

  it("does not cut the line that is open in two", () => {
    const begun = { digest: "a", name, cached: false, started: 1_000 };
    const events = told([[begun], "no such "], [[ran("a", name, 1)], "luck\n"]);
    expect(events).toEqual(["started", "no such luck", "done"]);
  });

  it("names the step first, though it is new", () => {
    expect(told([[ran("a", name, 1)], "luck"])).toEqual(["started", "luck", "done"]);
  });
});

describe("the triggers that a base image runs in a stage", () => {
  it("count to its FROM, all of them", () => {
    const app = makePlannedImage();
    const { tracker } = watched([
      [app],
      [
        { ...ran("a", "[image0-stage0 1/5] FROM docker.io/library/python", 0), cached: true },
        ran("b", "[image0-stage0 2/5] ONBUILD COPY . /src", 2),
        ran("c", "[image0-stage0 3/5] ONBUILD RUN make", 3),
        ran("d", "[image0-stage0 4/5] COPY . /app", 7),
      ],
    ]);
    expect(tracker.stepsOf(app, stageIn(app))).toEqual([
      { line: 1, seconds: 5, cached: false },
      { line: 2, seconds: 7, cached: false },
    ]);
  });
});

/** A vertex that was done and took so many seconds. */
function ran(digest: string, name: string, seconds: number): Vertex {
  return { digest, name, cached: false, started: 1_000, completed: 1_000 + seconds * 1_000 };
}

/** A tracker that has followed solves of all stages of some images. */
function watched(...solves: readonly (readonly [readonly PlannedImage[], readonly Vertex[]])[]) {
  const events: StepEvent[] = [];
  const tracker = new StepTracker((event) => events.push(event));
  for (const [images, vertices] of solves) {
    const solve = { targets: bakeTargets(images) };
    tracker.follow({ vertices, outputs: [], transfers: [], warnings: [] }, solve);
    const wentWell = vertices.every(({ completed, error }) => completed && error === undefined);
    tracker.end(solve, wentWell);
  }
  return { tracker, events };
}

function stageIn(image: PlannedImage) {
  return stageOf(image, "production");
}
