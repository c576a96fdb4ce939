import { describe, expect, it } from "vitest";
import { captured, followed, plannedFixture, stageOf } from "./captured.ts";

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
    expect(failure?.output).toEqual(["working", "no such luck"]);
  });

  it("is told in text as well, which is no progress", () => {
    const text = captured("failed.jsonl")
      .split("\n")
      .filter((line) => !line.startsWith("{"));
    expect(text.join("\n")).toContain("ERROR: target image0-stage1");
  });
});
