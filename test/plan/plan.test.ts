import { describe, expect, test } from "vitest";
import type { ImageInput } from "../../src/model/inputs.ts";
import { type PlanInputs, planBuilds } from "../../src/plan/plan.ts";
import type { DockerfileHost } from "../../src/plan/read-image.ts";
import { plainBuild } from "./plan-fixture.ts";

/** A workspace with these files in it, and nothing else. */
function workspace(files: Readonly<Record<string, string>>): DockerfileHost {
  return {
    files: {
      async stat(path) {
        const text = files[path];
        if (path === "folder") return { kind: "folder", bytes: 0, modifiedMilliseconds: 0 };
        if (text === undefined) return undefined;
        return { kind: "file", bytes: text.length, modifiedMilliseconds: 0 };
      },
      async readText(path) {
        if (path === "secret/Dockerfile") throw new Error("permission denied");
        return files[path] ?? "";
      },
    },
  };
}

function image(name: string, file = "Dockerfile"): ImageInput {
  return { name, file, context: ".", where: "input file" };
}

function plan(
  files: Readonly<Record<string, string>>,
  inputs: Partial<PlanInputs> = {},
  platform = "linux/amd64",
) {
  const all = { images: [image("app")], targets: [], build: plainBuild, ...inputs };
  return planBuilds(workspace(files), all, { platform });
}

describe("a plan", () => {
  test("tells all of a stage that the rooms behind it need", async () => {
    const text =
      "ARG V=3\nFROM alpine:$V AS Build\nRUN a \\\n  b\n\nFROM build\nCOPY --from=build /a /b\n";
    const { plan: made, problems, notes } = await plan({ Dockerfile: text });
    expect({ problems, notes }).toEqual({ problems: [], notes: [] });
    expect(made).toEqual({
      images: [
        {
          name: "app",
          dockerfile: "Dockerfile",
          context: ".",
          text,
          stages: [
            {
              image: "app",
              name: "Build",
              index: 0,
              line: 2,
              base: { kind: "image", reference: "alpine:3" },
              needs: [],
              platform: "linux/amd64",
              instructions: [
                { keyword: "FROM", lines: { start: 2, end: 2 }, text: "FROM alpine:$V AS Build" },
                { keyword: "RUN", lines: { start: 3, end: 4 }, text: "RUN a b" },
              ],
              decision: { kind: "build", target: "build" },
            },
            {
              image: "app",
              name: "1",
              index: 1,
              line: 6,
              base: { kind: "stage", index: 0 },
              needs: [0],
              platform: "linux/amd64",
              instructions: [
                { keyword: "FROM", lines: { start: 6, end: 6 }, text: "FROM build" },
                {
                  keyword: "COPY",
                  lines: { start: 7, end: 7 },
                  text: "COPY --from=build /a /b",
                },
              ],
              decision: { kind: "build", target: "" },
            },
          ],
        },
      ],
    });
  });

  test("skips what targets leaves out, and says so", async () => {
    const files = { Dockerfile: "FROM a AS one\nFROM one AS two" };
    const { plan: made } = await plan(files, { targets: ["two"] });
    expect(made.images[0]?.stages.map(({ decision }) => decision)).toEqual([
      { kind: "skip", reason: "targets leaves it out" },
      { kind: "build", target: "two" },
    ]);
  });

  test("has a generated text only where a wanted stage has no name of its own", async () => {
    const files = { Dockerfile: "FROM a\nFROM b AS two" };
    const all = await plan(files);
    const one = await plan(files, { targets: ["two"] });
    expect(all.plan.images[0]?.generatedText).toBe("FROM a AS weighbridge-stage-0\nFROM b AS two");
    expect(one.plan.images[0]?.generatedText).toBeUndefined();
  });

  test("is made for the platform of the inputs, on that of the builder", async () => {
    const files = { Dockerfile: "FROM --platform=$BUILDPLATFORM a\nFROM b" };
    const build = { ...plainBuild, platform: "linux/arm64/v8" };
    const { plan: made } = await plan(files, { build }, "linux/s390x");
    expect(made.images[0]?.stages.map(({ platform }) => platform)).toEqual([
      "linux/s390x",
      "linux/arm64",
    ]);
  });

  test("does not build a stage that a build context replaces, and notes it", async () => {
    const files = { Dockerfile: "FROM a AS deps\nFROM deps AS app" };
    const build = { ...plainBuild, buildContexts: { deps: "docker-image://team/deps:1" } };
    const { plan: made, notes } = await plan(files, { build });
    expect(made.images[0]?.stages.map(({ base, decision }) => ({ base, decision }))).toEqual([
      {
        base: { kind: "image", reference: "team/deps:1" },
        decision: {
          kind: "skip",
          reason: 'the build context "docker-image://team/deps:1" replaces it',
        },
      },
      { base: { kind: "stage", index: 0 }, decision: { kind: "build", target: "app" } },
    ]);
    expect(notes).toEqual([
      'The stage "deps" of Dockerfile is not built: the build context "docker-image://team/deps:1" replaces it.',
    ]);
  });
});

describe("problems of a plan", () => {
  test("say that build contexts leave nothing to build", async () => {
    const build = { ...plainBuild, buildContexts: { deps: "docker-image://team/deps:1" } };
    const files = { Dockerfile: "FROM a AS deps\nFROM deps AS app" };
    const { problems } = await plan(files, { build, targets: ["deps"] });
    expect(problems).toEqual([
      {
        where: "input build-contexts",
        what: 'no stage is left to build: "deps" is replaced by what is given here',
      },
    ]);
  });

  test("name the Dockerfile and the line", async () => {
    const { problems } = await plan({ Dockerfile: "FROM a\nUSER\nFROM $X" });
    expect(problems.map(({ where }) => where)).toEqual(["Dockerfile:2", "Dockerfile:3"]);
  });

  test("name the Dockerfile alone where they are about all of it", async () => {
    const { problems } = await plan({ Dockerfile: "" });
    expect(problems).toEqual([{ where: "Dockerfile", what: "the file is empty" }]);
  });

  test("are the first twenty of a file that is no Dockerfile", async () => {
    const { problems } = await plan({ Dockerfile: `FROM a\n${"{\n".repeat(1_000)}` });
    expect(problems).toHaveLength(21);
    expect(problems[0]?.where).toBe("Dockerfile:2");
    expect(problems[20]).toEqual({ where: "Dockerfile", what: "there is more wrong than these" });
  });

  test("of all Dockerfiles and of targets come together", async () => {
    const files = { "a/Dockerfile": "FROM a AS one\nUSER", "b/Dockerfile": "FROM b AS two b" };
    const images = [
      image("a", "a/Dockerfile"),
      image("b", "b/Dockerfile"),
      image("c", "c/Dockerfile"),
    ];
    const { problems } = await plan(files, { images, targets: ["three"] });
    expect(problems).toEqual([
      { where: "a/Dockerfile:2", what: "USER takes an argument" },
      {
        where: "b/Dockerfile:1",
        what: 'FROM takes an image, or an image AS a name: "FROM b AS two b"',
      },
      { where: "input file", what: '"c/Dockerfile" does not exist' },
      {
        where: "input targets",
        what: '"three" matches no stage; there are "a/one" and "b/two"; the stages of "c" are not known',
      },
    ]);
  });

  test.each([
    ["folder", '"folder" is no file'],
    ["secret/Dockerfile", '"secret/Dockerfile" cannot be read: permission denied'],
    ["huge", '"huge" is larger than a Dockerfile can be, 2 MiB'],
    ["utf-16", '"utf-16" is in UTF-16; a Dockerfile has to be in UTF-8'],
    ["marked", '"marked" is in UTF-16; a Dockerfile has to be in UTF-8'],
  ])("tell why %s cannot be read", async (file, what) => {
    const utf16 = Buffer.from("FROM scratch\n", "utf16le").toString("utf8");
    const marked = Buffer.from("\uFEFFFROM scratch\n", "utf16le").toString("utf8");
    const huge = "#".repeat(2_097_153);
    const files = { "secret/Dockerfile": "", huge, "utf-16": utf16, marked };
    const { problems } = await plan(files, { images: [image("app", file)] });
    expect(problems).toEqual([{ where: "input file", what }]);
  });
});
