import { describe, expect, it } from "vitest";
import { bakeTargets } from "../../../src/build/bake-file.ts";
import {
  findBaseStep,
  findContextStep,
  findStep,
  findSyntaxStep,
} from "../../../src/build/progress/step-names.ts";
import { makeInstruction, makePlannedImage, makeStage } from "../../make.ts";
import { plannedFixture } from "../captured.ts";

const targets = bakeTargets([await plannedFixture("Dockerfile")]);

const lineOf = (name: string) => findStep(name, targets)?.instruction.lines.start;

describe("the instruction behind a vertex's name", () => {
  it.each([
    ["the base", "[image0-stage0 deps 1/3] FROM docker.io/library/busybox:1.35", 2],
    ["a step", "[image0-stage2 deps 2/3] RUN echo one > /one", 3],
    ["a stage with a dot", "[image0-stage1 app.server 1/1] RUN echo two", 7],
    ["a number padded with a space", "[image0-stage0 deps  2/3] RUN echo one", 3],
    ["a stage without a name", "[image0-stage3 stage-3 2/2] COPY --from=App.Server", 12],
    ["a platform before the name", "[image0-stage0 linux/arm64 deps 2/3] RUN", 3],
    ["no target, because only one is built", "[deps 3/3] WORKDIR /x", 4],
    ["triggers of the base before it", "[image0-stage0 deps 4/5] RUN echo one > /one", 3],
  ])("is found with %s", (_what, name, line) => {
    expect(lineOf(name)).toBe(line);
  });

  it.each([
    "[image0-stage0 internal] load .dockerignore",
    "[image0-stage0] exporting to image",
    "[image0-stage0 nowhere 1/1] RUN x",
    "[image0-stage0 weighbridge-all 1/2] RUN x",
    "[image0-stage0 deps 9/3] RUN x",
    "importing cache manifest",
    "",
  ])("is not guessed for %j", (name) => {
    expect(lineOf(name)).toBeUndefined();
  });
});

describe("the instruction of a Dockerfile's only stage, which BuildKit leaves unnamed", () => {
  const only = bakeTargets([makePlannedImage(), makePlannedImage({ name: "other" })]);

  it.each([
    ["the base", "[1/3] FROM docker.io/library/python:3.11-slim", "app", 1],
    ["a step", "[3/3] RUN pip install", "app", 3],
    ["a number padded with a space", "[ 3/3] RUN pip install", "app", 3],
    ["the target alone", "[image1-stage0 3/3] RUN pip install", "other", 3],
    ["the target and a padded number", "[image1-stage0  2/3] COPY . /app", "other", 2],
    ["a platform", "[image1-stage0 linux/arm64 2/3] COPY . /app", "other", 2],
  ])("is found with %s", (_what, name, image, line) => {
    const step = findStep(name, only);
    expect([step?.image.name, step?.instruction.lines.start]).toEqual([image, line]);
  });
});

describe("the FROM behind a question to a registry", () => {
  it("is found by the reference in full", () => {
    const name = "[image0-stage1 internal] load metadata for docker.io/library/busybox:1.35";
    expect(findBaseStep(name, targets)?.instruction.lines.start).toBe(2);
  });

  it("is else an instruction that reads from the image", () => {
    const stages = [
      "COPY --from=acme/tool:9 /x /x",
      "RUN --mount=type=bind,from=acme/mount:9,target=/m ls",
    ];
    const reading = bakeTargets([
      makePlannedImage({
        stages: stages.map((text, index) =>
          makeStage({
            index,
            instructions: [
              makeInstruction({ keyword: "FROM", text: "FROM busybox" }),
              makeInstruction({ text, lines: { start: 10 + index, end: 11 + index } }),
            ],
          }),
        ),
      }),
    ]);
    const line = (image: string) =>
      findBaseStep(`[image0-stage0 internal] load metadata for docker.io/${image}`, reading)
        ?.instruction.lines.start;
    expect([line("acme/tool:9"), line("acme/mount:9"), line("acme/other:9")]).toEqual([
      ...[10, 11, undefined],
    ]);
  });

  it("is not guessed for another image", () => {
    const name = "[image0-stage1 internal] load metadata for docker.io/library/busybox:1.36";
    expect(findBaseStep(name, targets)).toBeUndefined();
  });
});

it("the line that asks for a frontend is found where the target is left out", () => {
  const text = "# syntax=acme/frontend:9\nFROM busybox\n";
  const asking = bakeTargets([makePlannedImage({ text, frontend: "acme/frontend:9" })]);
  const name = "resolve image config for docker-image://docker.io/acme/frontend:9";
  expect(findSyntaxStep(name, asking)?.instruction.lines.start).toBe(1);
  expect(findSyntaxStep(`[image0-stage0] ${name}`, asking)?.instruction.lines.start).toBe(1);
});

it("the instruction that reads from a build context in a repository is found by its address", () => {
  const copy = makeInstruction({ text: "COPY --from=other /x /y", lines: { start: 7, end: 7 } });
  const reading = bakeTargets([
    makePlannedImage({ stages: [makeStage({ instructions: [copy] })] }),
  ]);
  const contexts = { other: "https://a.example/x.git" };
  const line = (name: string) => findContextStep(name, reading, contexts)?.instruction.lines.start;
  expect(line("[image0-stage0 internal] load git source https://a.example/x.git")).toBe(7);
  expect(line("[internal] load git source https://a.example/x.git")).toBe(7);
  expect(line("[internal] load git source https://a.example/y.git")).toBeUndefined();
});
