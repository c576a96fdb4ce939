// What is told of a step that fails: the error, whichever stream it is on and whatever else there is.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stageOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

const NOISE = 'for i in $(seq 1 500); do echo "compiling part $i"; done';

const DOCKERFILE = `FROM busybox:1.35 AS early-on-stderr
RUN echo "main.c:3:5: no semicolon" >&2; ${NOISE}; exit 3
FROM busybox:1.35 AS early-on-stdout
RUN echo "main.c:3:5: error: no semicolon"; (${NOISE}) >&2; exit 3
FROM node:22-slim AS npm
WORKDIR /app
RUN ${NOISE}; echo '{"name":"app"}' > package.json; npm ci
FROM python:3.11-slim AS pip
RUN ${NOISE}; pip install --no-index flask==99.0; code=$?; (${NOISE}) >&2; exit $code
FROM python:3.11-slim AS python
RUN python -c 'import flask' || { ${NOISE}; exit 1; }
`;

const ERRORS: Readonly<Record<string, string>> = {
  "early-on-stderr": "main.c:3:5: no semicolon",
  "early-on-stdout": "main.c:3:5: error: no semicolon",
  npm: "npm error The `npm ci` command can only install with an existing package-lock.json",
  pip: "ERROR: No matching distribution found for flask==99.0",
  python: "ModuleNotFoundError: No module named 'flask'",
};

describe("of steps that fail", () => {
  let scenario: Scenario;
  let step: StepResult;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: { Dockerfile: DOCKERFILE } });
    step = await scenario.run();
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it.each(Object.entries(ERRORS))("the error of %s is told everywhere", (name, error) => {
    const output = stageOf(step, name).failure?.output ?? [];
    expect(output.join("\n")).toContain(error);
    expect(output.length).toBeLessThan(100);
    expect(output.join("\n")).toMatch(/^… \d+ lines …$/m);
    const annotations = step.commands.filter((command) => command.name === "error");
    expect(annotations.map(({ message }) => message).join("\n")).toContain(error);
    expect(scenario.comments()[0]).toContain(error);
    expect(step.summary).toContain(error);
  });

  it("the step is named in the stage's steps", () => {
    const failed = stageOf(step, "npm").steps.filter((one) => one.failed);
    expect(failed.map(({ line }) => line)).toEqual([7]);
  });

  it("the output is in the build's group of the log, and only what says most of it in annotations", () => {
    const [build = "", ...rest] = step.log.split("::error ");
    expect(build.match(/compiling part 20$/gm)?.length).toBeGreaterThanOrEqual(6);
    expect(rest.join("")).not.toMatch(/compiling part 20$/m);
    expect(step.log).toContain("Its output is in the group “Build …” above.");
  });
});

describe("a file that is not in the context", () => {
  it("is told of on the line of each stage that copies one, with what was meant or what leaves it out", async () => {
    await using scenario = await Scenario.start({
      files: {
        Dockerfile:
          "FROM busybox:1.35 AS base\nCOPY missing.txt /\nRUN true\nFROM base AS app\nCOPY other.txt /\nFROM busybox:1.35 AS tool\nCOPY dist/tool /\n",
        "mising.txt": "",
        "dist/tool": "",
        ".dockerignore": "dist\n",
      },
    });
    const step = await scenario.run();
    expect([stageOf(step, "base").failure?.line, stageOf(step, "base").reason]).toEqual([
      2,
      "`COPY missing.txt /`: `missing.txt` is not in the build context `.`; did you mean `mising.txt`?",
    ]);
    expect([stageOf(step, "tool").failure?.line, stageOf(step, "tool").reason]).toEqual([
      7,
      "`COPY dist/tool /`: `dist/tool` is in the build context `.`: probably `.dockerignore` leaves it out",
    ]);
    const lines = step.commands.filter(({ name }) => name === "error");
    expect(lines.map(({ properties }) => properties.line)).toContain("2");
    expect(step.log).toMatch(/✗ COPY missing\.txt/);
  });
});

describe("a pattern that nothing in the context matches", () => {
  it("is told of as such, also where an ignore file leaves out what it would match", async () => {
    await using scenario = await Scenario.start({
      files: {
        Dockerfile:
          "FROM busybox:1.35 AS none\nCOPY a.txt settings/*.yaml /\nFROM busybox:1.35 AS ignored\nCOPY rules/*.yaml /\n",
        "a.txt": "",
        "settings/a.json": "",
        "rules/a.yaml": "",
        ".dockerignore": "rules\n",
      },
    });
    const step = await scenario.run();
    expect(["none", "ignored"].map((name) => stageOf(step, name).reason)).toEqual([
      "`COPY a.txt settings/*.yaml /`: nothing in the build context `.` matches `settings/*.yaml`",
      "`COPY rules/*.yaml /`: `rules/a.yaml` is in the build context `.`: probably `.dockerignore` leaves it out",
    ]);
  });
});

describe("a flag that BuildKit refuses before there is a step", () => {
  it.each(["", "no-cache: true"])("is told of on its line, with %j", async (input) => {
    const [name, value] = input.split(": ");
    await using scenario = await Scenario.start({
      files: {
        "a.txt": "a",
        Dockerfile:
          "FROM busybox:1.35 AS base\nRUN true\nFROM busybox:1.35 AS app\nUSER 1\nCOPY --chmod=zzz \\\n  a.txt /\n",
      },
    });
    const step = await scenario.run({
      inputs: { ...(name !== undefined && value !== undefined && { [name]: value }) },
    });
    expect(stageOf(step, "base").status).toBe("built");
    expect(stageOf(step, "app").failure).toMatchObject({
      line: 5,
      instruction: "COPY --chmod=zzz a.txt /",
    });
    const errors = step.commands.filter((command) => command.name === "error");
    expect(errors.map(({ properties }) => properties.line)).toEqual(["5"]);
  });
});

describe("an image that cannot be had", () => {
  it("is told once, on the line that asks for it, where it is the frontend", async () => {
    await using scenario = await Scenario.start({
      files: {
        Dockerfile:
          "# syntax=docker/dockerfile:nope\nFROM busybox:1.35 AS base\nRUN true\nFROM base\nRUN true\n",
      },
    });
    const step = await scenario.run();
    const errors = step.commands.filter(({ name }) => name === "error");
    expect(errors.map(({ properties, message }) => [properties.line, message])).toEqual([
      ["1", "the image docker/dockerfile:nope cannot be pulled: not found"],
    ]);
  });

  it("is told once where a stage stands on it", async () => {
    await using scenario = await Scenario.start({
      files: { Dockerfile: "FROM busybox:1.35 AS base\nFROM busybox:nope AS app\nRUN true\n" },
    });
    const step = await scenario.run();
    expect(stageOf(step, "base").status).toBe("built");
    expect([stageOf(step, "app").failure?.line, stageOf(step, "app").reason]).toEqual([
      2,
      "the image busybox:nope cannot be pulled: not found",
    ]);
  });
});
