// The main job on every engine, from a pull request's event to its comment.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENGINES } from "./engines.ts";
import { countedBytes, stageOf, stagesOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

const DOCKERFILE = `ARG TAG=1.35
FROM busybox:\${TAG} AS deps
RUN head -c 3000000 /dev/zero > /deps.bin
FROM deps AS Build.Server
WORKDIR /src
COPY app.txt .
RUN head -c 1000000 /dev/zero > server && rm /deps.bin
FROM busybox:\${TAG} AS production
COPY --from=Build.Server /src/server /server
HEALTHCHECK CMD ["true"]
USER 1000
FROM scratch
COPY --from=Build.Server /src/server /server
FROM busybox:\${TAG}
COPY app.txt /
`;

const FILES = { Dockerfile: DOCKERFILE, "app.txt": "an application\n" };

describe.each(ENGINES)("with the %s engine", (engine) => {
  let scenario: Scenario;
  let first: StepResult;

  beforeAll(async () => {
    scenario = await Scenario.start({ engine, files: FILES });
    first = await scenario.run({ runId: 100 });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("builds, weighs and scans every stage and tells the pull request", () => {
    expect(first.exitCode, first.log).toBe(0);
    expect(stagesOf(first).map(({ name, status, line }) => [name, status, line])).toEqual([
      ["deps", "built", 2],
      ["Build.Server", "built", 4],
      ["production", "built", 8],
      ["3", "built", 12],
      ["4", "built", 14],
    ]);
    expect(first.outputs.verdict).toBe("pass");
    expect(scenario.comments()).toHaveLength(1);
    expect(scenario.comments()[0]).toContain("`production`");
    expect(first.outputs["comment-url"]).toContain("#issuecomment-");
    expect(first.summary).toContain("`production`");
    expect(scenario.categories()).toEqual([
      "weighbridge/Dockerfile/buildkit",
      "weighbridge/Dockerfile/hadolint",
      "weighbridge/Dockerfile/trivy",
    ]);
  });

  it("hands on the stages as an output, without their long lists", () => {
    const lists = ["layers", "steps", "findings", "waste", "packages", "boxes", "advice"];
    const stages = stagesOf(first).map((stage) =>
      Object.fromEntries(Object.entries(stage).filter(([key]) => !lists.includes(key))),
    );
    expect(JSON.parse(first.outputs.stages ?? "")).toEqual(stages);
  });

  it("weighs what a plain count over the layers weighs", async () => {
    const layout = first.outputs.layout ?? "";
    const index = JSON.parse(await readFile(join(layout, "index.json"), "utf8"));
    const listed = index.manifests.map((manifest: { digest: string }) => manifest.digest);
    for (const stage of stagesOf(first)) {
      expect(listed).toContain(stage.digest);
      expect(stage.unpacked, stage.name).toBe(countedBytes(layout, stage));
    }
  });

  it("names the line of every layer, and what is own and what is base", () => {
    const lines = stageOf(first, "Build.Server").layers.map(({ origin, line }) => [origin, line]);
    expect(lines.filter(([origin]) => origin === "own")).toEqual([
      ["own", 3],
      ["own", 5],
      ["own", 6],
      ["own", 7],
    ]);
    expect(new Set(lines.filter(([origin]) => origin === "base").map(([, line]) => line))).toEqual(
      new Set([2]),
    );
    expect(stageOf(first, "3").base).toEqual({ unpacked: 0, download: 0 });
  });

  it("updates its comment, and has the same digests, when it runs again", async () => {
    const second = await scenario.run({ runId: 101 });
    expect(second.exitCode, second.log).toBe(0);
    expect(stagesOf(second).map(({ digest }) => digest)).toEqual(
      stagesOf(first).map(({ digest }) => digest),
    );
    expect(stagesOf(second).flatMap(({ steps }) => steps.filter((s) => !s.cached))).toEqual([]);
    expect(scenario.comments()).toHaveLength(1);
    expect(scenario.comments()[0]).toContain('"run":101');
  });

  it("finishes the other stages when one fails, and annotates the line", async () => {
    const failing = DOCKERFILE.replace("USER 1000", 'RUN echo "no such luck" >&2; exit 3');
    const broken = `${failing}FROM production AS debug\n`;
    await using other = await Scenario.start({ engine, files: { ...FILES, Dockerfile: broken } });
    const step = await other.run();
    expect(step.exitCode).toBe(1);
    expect(step.outputs.verdict).toBe("fail");
    expect(stagesOf(step).map(({ name, status }) => [name, status])).toEqual([
      ["deps", "built"],
      ["Build.Server", "built"],
      ["production", "failed"],
      ["3", "built"],
      ["4", "built"],
      ["debug", "skipped"],
    ]);
    expect(stageOf(step, "debug").reason).toBe("needs production, which failed");
    const errors = step.commands.filter(({ name }) => name === "error");
    expect(
      errors.map(({ properties, message }) => [properties.file, properties.line, message]),
    ).toEqual([["Dockerfile", "11", expect.stringContaining("no such luck")]]);
    expect(other.categories()).not.toContain("weighbridge/Dockerfile/trivy");
    expect(other.comments()[0]).toContain("failed to build at line 11");
  });
});
