// Stages of every kind, and everything that says how they are built.

import { createHash } from "node:crypto";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENGINES } from "./engines.ts";
import { fileIn, stageOf, stagesOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

/** A file of a stage's image, by the stage's name or position. */
function read(step: StepResult, stage: string | number, path: string): string | undefined {
  const found = typeof stage === "string" ? stageOf(step, stage) : stagesOf(step)[stage];
  if (found === undefined) throw new Error(`no stage ${stage} in ${step.log}`);
  return fileIn(step.outputs.layout ?? "", found, path);
}

describe.each(ENGINES)("stages that no target names, with the %s engine", (engine) => {
  let scenario: Scenario;
  let step: StepResult;

  beforeAll(async () => {
    const files = {
      Dockerfile: `FROM busybox:1.35 AS app
RUN echo first > /which
FROM busybox:1.35
RUN echo unnamed > /which
FROM scratch AS App
COPY --from=0 /which /of-app
COPY --from=1 /which /of-unnamed
FROM busybox:1.35 AS build.v1.2
COPY *.txt /notes/
FROM build.v1.2 AS twin
`,
      "sent.txt": "sent\n",
      "ignored.txt": "ignored\n",
      "Dockerfile.dockerignore": "ignored.txt\n",
      ".dockerignore": "sent.txt\n",
    };
    scenario = await Scenario.start({ engine, files });
    step = await scenario.run();
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("are built: unnamed, hidden by a later one of the same name, and with a dot", () => {
    expect(step.exitCode, step.log).toBe(0);
    expect(stagesOf(step).map(({ name, line, status }) => [name, line, status])).toEqual([
      ["app", 1, "built"],
      ["1", 3, "built"],
      ["App", 5, "built"],
      ["build.v1.2", 8, "built"],
      ["twin", 10, "built"],
    ]);
    expect([read(step, 0, "which"), read(step, 1, "which")]).toEqual(["first\n", "unnamed\n"]);
    expect([read(step, 2, "of-app"), read(step, 2, "of-unnamed")]).toEqual([
      "first\n",
      "unnamed\n",
    ]);
  });

  it("send what the ignore file of their own Dockerfile lets through", () => {
    expect(read(step, "build.v1.2", "notes/sent.txt")).toBe("sent\n");
    expect(read(step, "build.v1.2", "notes/ignored.txt")).toBeUndefined();
  });

  it("may be the same image, which the layout then lists by both names", async () => {
    const { digest } = stageOf(step, "build.v1.2");
    expect(stageOf(step, "twin").digest).toBe(digest);
    const text = await readFile(join(step.outputs.layout ?? "", "index.json"), "utf8");
    const manifests: readonly Listed[] = JSON.parse(text).manifests;
    const names = manifests.filter((image) => image.digest === digest).map(nameOf);
    expect(names.toSorted()).toEqual(["Dockerfile/build.v1.2", "Dockerfile/twin"]);
    expect(manifests).toHaveLength(5);
  });
});

interface Listed {
  readonly digest: string;
  readonly annotations: Readonly<Record<string, string>>;
}

function nameOf({ annotations }: Listed): string | undefined {
  return annotations["org.opencontainers.image.ref.name"];
}

describe("several Dockerfiles in one run", () => {
  const service = "FROM busybox:1.35 AS base\nFROM base AS dev\nFROM base AS production\n";
  const files = {
    "services/api/Dockerfile": `${service}COPY note.txt /\n`,
    "services/api/note.txt": "of the api\n",
    "services/web/Dockerfile": `${service}COPY note.txt /\n`,
    "services/web/note.txt": "of the web\n",
    "note.txt": "of all\n",
    "Dockerfile.tools": "FROM busybox:1.35 AS lint\nFROM busybox:1.35\n",
  };
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start({ files });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  const builtBy = (step: StepResult) =>
    stagesOf(step)
      .filter(({ status }) => status === "built")
      .map(({ image, name }) => `${image}/${name}`);

  it("are found by globs, and their stages chosen by patterns", async () => {
    const step = await scenario.run({
      inputs: {
        file: "**/Dockerfile*\n!services/web/*",
        targets: "production, Dockerfile.tools/*, !lint",
      },
    });
    expect(step.exitCode, step.log).toBe(0);
    expect(builtBy(step)).toEqual(["Dockerfile.tools/1", "services/api/production"]);
    const { status, reason } = stageOf(step, "services/api/dev");
    expect([status, reason]).toEqual(["skipped", "targets leaves it out"]);
    expect(read(step, "services/api/production", "note.txt")).toBe("of all\n");
    expect(scenario.comments()[0]).toContain("Dockerfile.tools+services/api");
  });

  it("are listed by a configuration file, each with its context and its goals", async () => {
    await scenario.write({
      ".github/weighbridge.yml": `targets: ["!dev"]
images:
  - name: api
    context: services/api
    goals: {production: {max-unpacked: 10MB}}
  - name: web
    context: services/web
    goals: {production: {max-unpacked: 1MB}}
`,
    });
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(1);
    expect(builtBy(step)).toEqual(["api/base", "api/production", "web/base", "web/production"]);
    expect(read(step, "api/production", "note.txt")).toBe("of the api\n");
    expect(read(step, "web/production", "note.txt")).toBe("of the web\n");
    const verdicts = ["api", "web"].map((name) => stageOf(step, `${name}/production`).goals);
    expect(verdicts).toMatchObject([[{ verdict: "pass" }], [{ verdict: "fail" }]]);
  });
});

describe("the inputs of a build", () => {
  const DOCKERFILE = `ARG BASE=nobody/has-this:1
FROM \${BASE} AS args
ARG VERSION=none
ARG CHANNEL
RUN echo "$VERSION on $CHANNEL" > /version
FROM runtime AS contexts
COPY --from=shared shared.txt /
FROM busybox:1.35 AS secrets
RUN --mount=type=secret,id=value --mount=type=secret,id=variable --mount=type=secret,id=file \\
  cat /run/secrets/value /run/secrets/variable /run/secrets/file | sha256sum > /proof
`;

  it("reach it: arguments, contexts and secrets", async () => {
    const files = {
      Dockerfile: DOCKERFILE,
      "libraries/shared.txt": "shared\n",
      ".key": "c\n",
      // What buildx would read by itself.
      "docker-bake.json": "{",
      "docker-bake.override.hcl": "{",
      "compose.yaml": "{",
      ".env": "BUILDX_BUILDER=nobody\nVERSION=9\n",
    };
    await using scenario = await Scenario.start({ files });
    const step = await scenario.run({
      inputs: {
        "build-args": "BASE=busybox:1.35\nVERSION=1.2.3 = new\nCHANNEL",
        "build-contexts": "shared=libraries\nruntime=docker-image://busybox:1.35",
        secrets: "value=aaaa",
        // Such a variable reaches buildx by no other way.
        "secret-envs": "variable=ACTIONS_RUNTIME_TOKEN",
        "secret-files": "file=.key",
        // A step that was once done with its secrets is found again without them.
        "no-cache": "true",
      },
      env: { CHANNEL: "beta", ACTIONS_RUNTIME_TOKEN: "bbbb" },
    });
    expect(step.exitCode, step.log).toBe(0);
    expect(read(step, "args", "version")).toBe("1.2.3 = new on beta\n");
    expect(read(step, "contexts", "shared.txt")).toBe("shared\n");
    const hash = createHash("sha256").update("aaaabbbbc\n").digest("hex");
    expect(read(step, "secrets", "proof")).toBe(`${hash}  -\n`);
    expect(JSON.stringify(step.report)).not.toContain("1.2.3 = new");
  });

  it("reach it too where a context is an image layout of the workspace", async () => {
    const files = { Dockerfile: "FROM busybox:1.35 AS kept\nRUN echo kept > /kept\n" };
    await using scenario = await Scenario.start({ files });
    const first = await scenario.run();
    const digest = stageOf(first, "kept").digest;
    await cp(first.outputs.layout ?? "", join(scenario.workspace, "layout"), { recursive: true });
    await scenario.write({ Dockerfile: "FROM kept AS app\nRUN cp /kept /seen\n" });
    const step = await scenario.run({
      inputs: { "build-contexts": `kept=oci-layout://layout@${digest}` },
    });
    expect(step.exitCode, step.log).toBe(0);
    expect(read(step, "app", "seen")).toBe("kept\n");
  });

  it("choose the platform, which need not be the machine's", async () => {
    const files = { Dockerfile: "FROM scratch\nCOPY note.txt /\n", "note.txt": "note\n" };
    await using scenario = await Scenario.start({ files });
    const step = await scenario.run({ inputs: { platform: "linux/arm/v7" } });
    expect(step.exitCode, step.log).toBe(0);
    expect(stageOf(step, "0")).toMatchObject({ platform: "linux/arm/v7", unpacked: 5 });
  });

  it("build everything anew where no cache is wanted", async () => {
    const files = { Dockerfile: "FROM busybox:1.35\nRUN head -c 9 /dev/urandom > /lot\n" };
    await using scenario = await Scenario.start({ files });
    const [first, second] = [await scenario.run(), await scenario.run()];
    expect(stageOf(second, "0").digest).toBe(stageOf(first, "0").digest);
    const third = await scenario.run({ inputs: { "no-cache": "true", pull: "true" } });
    expect(third.exitCode, third.log).toBe(0);
    expect(stageOf(third, "0").digest).not.toBe(stageOf(first, "0").digest);
    expect(stageOf(third, "0").steps).toMatchObject([{ line: 1 }, { line: 2, cached: false }]);
  });
});
