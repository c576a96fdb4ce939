// An engine with the older image store on another machine, as it looks from here: its port is open at
// an address that is not loopback, and our loopback is not its own.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EnginePort, openEnginePort } from "./engine-port.ts";
import { lab } from "./engines.ts";
import { imagesIn } from "./killing.ts";
import { countedBytes, stageOf, stagesOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";
import { bridgeAddress } from "./tls-registry.ts";

const GOALS = "'*': { max-download: 100MB, max-unpacked: 100MB }";

const files = {
  Dockerfile: `FROM busybox:1.35 AS base
RUN head -c 300000 /dev/zero > /zeros
FROM base AS app
COPY app.txt /app/
RUN rm /zeros
FROM scratch AS labels
LABEL only=this
FROM scratch AS slim
COPY --from=app /app /app
`,
  "app.txt": "app\n",
};

const NAMES = ["base", "app", "labels", "slim"];

let port: EnginePort;
/** The same project on the same engine, where it reaches us. */
let near: StepResult;
let nearby: Scenario;

beforeAll(async () => {
  // Nobody else reaches it.
  port = await openEnginePort(lab.graph.dockerHost, await bridgeAddress());
  nearby = await Scenario.start({ engine: "graph", files });
  near = await nearby.run({ inputs: { goals: GOALS, scanners: "none" } });
});

afterAll(async () => {
  await nearby[Symbol.asyncDispose]();
  await port[Symbol.asyncDispose]();
});

function runFar(scenario: Scenario, image: string): Promise<StepResult> {
  return scenario.run({
    env: { DOCKER_HOST: port.dockerHost },
    inputs: { goals: GOALS, scanners: "vuln,secret", "buildkit-image": image },
  });
}

/** Names that images have in the engine while they are saved. */
async function savedImages(): Promise<readonly string[]> {
  return (await imagesIn("graph")).filter((name) => name.startsWith("127.0.0.1:0/"));
}

/** All that does not depend on how layers are packed. */
function contentOf(step: StepResult) {
  return stagesOf(step).map(({ name, unpacked, live, own, base, layers, waste }) => ({
    ...{ name, unpacked, live, own: own?.unpacked, base: base?.unpacked },
    layers: layers.map(({ diffId, unpacked, line, origin }) => ({
      ...{ diffId, unpacked, line, origin },
    })),
    waste: waste.map(({ path, bytes, kind, killedBy }) => ({
      path,
      bytes,
      kind,
      line: killedBy.line,
    })),
  }));
}

describe("an engine with the older image store that is elsewhere", () => {
  it("builds with a builder made for it, and downloads are known", async () => {
    await using scenario = await Scenario.start({ engine: "graph", files });
    const step = await runFar(scenario, "moby/buildkit:buildx-stable-1");
    await scenario.post(step);
    expect(step.exitCode, step.log).toBe(0);
    expect(step.log).toContain("Building with a builder made for this");
    expect(stagesOf(step).map(({ name, status }) => `${name} ${status}`)).toEqual(
      NAMES.map((name) => `${name} built`),
    );
    for (const stage of stagesOf(step)) {
      expect(stage.download, stage.name).toBeGreaterThan(0);
      expect(stage.unpacked).toBe(countedBytes(step.outputs.layout ?? "", stage));
    }
    expect(step.report?.verdict).toBe("pass");
    expect(step.report?.notes).toEqual([]);
  });
});

describe("where no builder can be made either", () => {
  let scenario: Scenario;
  let step: StepResult;

  beforeAll(async () => {
    scenario = await Scenario.start({ engine: "graph", files });
    step = await runFar(scenario, "127.0.0.1:9/nothing:1");
  });
  afterAll(() => scenario[Symbol.asyncDispose]());

  it("every stage is built and saved, and weighs what it does where it is pushed", () => {
    expect(near.exitCode, near.log).toBe(0);
    expect(stagesOf(step).map(({ name, status }) => `${name} ${status}`)).toEqual(
      NAMES.map((name) => `${name} built`),
    );
    expect(contentOf(step)).toEqual(contentOf(near));
    expect(stagesOf(step).map(({ scan }) => scan.status)).toEqual(NAMES.map(() => "checked"));
  });

  it("no download is told, and goals on it are unknown", () => {
    for (const stage of stagesOf(step)) {
      expect(stage).not.toHaveProperty("download");
      expect(stage.downloadUnknown).toBe("docker save gave it unpacked");
    }
    expect(stageOf(step, "app").goals).toMatchObject([
      { rule: "max-unpacked", verdict: "pass" },
      {
        rule: "max-download",
        verdict: "unknown",
        reason: "how much is downloaded is not known: docker save gave it unpacked",
      },
    ]);
    expect(step.report?.verdict).toBe("unknown");
    expect(step.exitCode).toBe(1);
  });

  it("log, notes and comment say so, and why", () => {
    const why = /cannot export images from another machine, and no other builder can be had: /;
    expect(step.log).toMatch(why);
    expect(step.log).toContain("Images are saved by the engine");
    expect(step.report?.notes.join("\n")).toMatch(why);
    const [comment = ""] = scenario.comments();
    expect(comment).toContain("how much is downloaded is not known: docker save gave it unpacked");
    expect(comment.replaceAll("\u00A0", " ")).toContain("| not known |");
    expect(comment).not.toMatch(/NaN|undefined/);
  });

  it("another run finds all in the layout, and nothing is left in the engine", async () => {
    expect(await savedImages()).toEqual([]);
    const again = await runFar(scenario, "127.0.0.1:9/nothing:1");
    expect(contentOf(again)).toEqual(contentOf(step));
    expect(again.report?.verdict).toBe("unknown");
    expect(await savedImages()).toEqual([]);
  });
});
