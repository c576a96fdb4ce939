// The main job on every engine, from a pull request's event to its comment.

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReportStage } from "../../src/model.ts";
import { ENGINES, Scenario, type StepResult } from "./scenario.ts";

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

function stagesOf(step: StepResult): readonly ReportStage[] {
  return step.report?.images.flatMap((image) => image.stages) ?? [];
}

function stageOf(step: StepResult, name: string): ReportStage {
  const stage = stagesOf(step).find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`no stage ${name} in ${step.log}`);
  return stage;
}

/** Bytes of regular files over all layers, as tar lists them. */
function countedBytes(layout: string, stage: ReportStage): number {
  return stage.layers.reduce((sum, { digest }) => {
    const blob = join(layout, "blobs", "sha256", digest.slice("sha256:".length));
    const list = execFileSync("tar", ["--list", "--verbose", "--file", blob], { encoding: "utf8" });
    const files = list.split("\n").filter((line) => line.startsWith("-"));
    return sum + files.reduce((bytes, line) => bytes + Number(line.split(/\s+/)[2]), 0);
  }, 0);
}

describe.each(ENGINES)("with the %s engine", (engine) => {
  it("builds, weighs and scans every stage and tells the pull request", async () => {
    await using scenario = await Scenario.start({ engine, files: FILES });
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    expect(stagesOf(step).map(({ name, status, line }) => [name, status, line])).toEqual([
      ["deps", "built", 2],
      ["Build.Server", "built", 4],
      ["production", "built", 8],
      ["3", "built", 12],
      ["4", "built", 14],
    ]);
    expect(step.outputs.verdict).toBe("pass");
    expect(scenario.comments()).toHaveLength(1);
    expect(scenario.comments()[0]).toContain("`production`");
    expect(step.outputs["comment-url"]).toContain("#issuecomment-");
    expect(step.summary).toContain("`production`");
    expect(scenario.categories()).toEqual([
      "weighbridge/Dockerfile/buildkit",
      "weighbridge/Dockerfile/hadolint",
      "weighbridge/Dockerfile/trivy",
    ]);
  });

  it("weighs what a plain count over the layers weighs", async () => {
    await using scenario = await Scenario.start({ engine, files: FILES });
    const step = await scenario.run();
    const layout = step.outputs.layout ?? "";
    const index = JSON.parse(await readFile(join(layout, "index.json"), "utf8"));
    const listed = index.manifests.map((manifest: { digest: string }) => manifest.digest);
    for (const stage of stagesOf(step)) {
      expect(listed).toContain(stage.digest);
      expect(stage.unpacked, stage.name).toBe(countedBytes(layout, stage));
    }
  });

  it("names the line of every layer, and what is own and what is base", async () => {
    await using scenario = await Scenario.start({ engine, files: FILES });
    const step = await scenario.run();
    const lines = stageOf(step, "Build.Server").layers.map(({ origin, line }) => [origin, line]);
    expect(lines.filter(([origin]) => origin === "own")).toEqual([
      ["own", 3],
      ["own", 5],
      ["own", 6],
      ["own", 7],
    ]);
    expect(new Set(lines.filter(([origin]) => origin === "base").map(([, line]) => line))).toEqual(
      new Set([2]),
    );
    expect(stageOf(step, "3").base).toEqual({ unpacked: 0, download: 0 });
  });

  it("updates its comment, and has the same digests, when it runs again", async () => {
    await using scenario = await Scenario.start({ engine, files: FILES });
    const first = await scenario.run({ runId: 100 });
    const second = await scenario.run({ runId: 101 });
    expect(second.exitCode, second.log).toBe(0);
    expect(stagesOf(second).map(({ digest }) => digest)).toEqual(
      stagesOf(first).map(({ digest }) => digest),
    );
    expect(stagesOf(second).flatMap(({ steps }) => steps.filter((s) => !s.cached))).toEqual([]);
    expect(scenario.comments()).toHaveLength(1);
  });

  it("finishes the other stages when one fails, and annotates the line", async () => {
    const broken = DOCKERFILE.replace("USER 1000", 'RUN echo "no such luck" >&2; exit 3');
    await using scenario = await Scenario.start({
      engine,
      files: { ...FILES, Dockerfile: broken },
    });
    const step = await scenario.run();
    expect(step.exitCode).toBe(1);
    expect(step.outputs.verdict).toBe("fail");
    expect(stagesOf(step).map(({ name, status }) => [name, status])).toEqual([
      ["deps", "built"],
      ["Build.Server", "built"],
      ["production", "failed"],
      ["3", "built"],
      ["4", "built"],
    ]);
    const errors = step.commands.filter(({ name }) => name === "error");
    expect(
      errors.map(({ properties, message }) => [properties.file, properties.line, message]),
    ).toEqual([["Dockerfile", "11", expect.stringContaining("no such luck")]]);
    expect(scenario.categories()).not.toContain("weighbridge/Dockerfile/trivy");
    expect(scenario.comments()[0]).toContain("failed to build at line 11");
  });
});
