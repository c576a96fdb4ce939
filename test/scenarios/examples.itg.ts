// The examples, as their owners would run them, held against what others say of the same bytes.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { liveBytes } from "../../src/inspect/tree/waste.ts";
import type { ReportImage } from "../../src/model/report.ts";
import { seen } from "../inspect/listing.ts";
import {
  hadolintByHand,
  hadolintInReport,
  inGraphStore,
  pushedBytes,
  type Stored,
  sarifComplaints,
  trivyByHand,
  trivyInReport,
} from "./by-hand.ts";
import { ENGINES } from "./engines.ts";
import { shareOnRightLine } from "./lines-by-hand.ts";
import { countedBytes, stageOf, stagesOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

const examples = join(import.meta.dirname, "..", "..", "examples");

const TRADING_APP = {
  example: "trading-app",
  stages: [
    "Dockerfile/deps-builder",
    "Dockerfile/app-builder",
    "Dockerfile/production",
    "Dockerfile/development",
    "Dockerfile/hft-optimized",
    "Dockerfile/monitoring",
  ],
  /** Every goal, met or missed. */
  goals: {
    production: ["max-unpacked pass", "min-reduction pass", "fail-on-severity fail"],
    development: ["max-unpacked fail"],
    "hft-optimized": ["max-unpacked fail", "fail-on-severity fail"],
    monitoring: ["max-unpacked pass"],
  },
  /** Rules and lines of what is advised. */
  advice: {
    "deps-builder": [],
    "app-builder": [],
    production: [],
    "hft-optimized": ["metadata-only 36 57", "metadata-only 56 57"],
    monitoring: [],
  },
  trivyOptions: [],
};

const WEB_APP = {
  example: "web-app",
  stages: [
    "backend/deps",
    "backend/build",
    "backend/test",
    "backend/production",
    "backend/development",
    "frontend/deps",
    "frontend/build",
    "frontend/test",
    "frontend/development",
    "frontend/assets",
    "frontend/production",
  ],
  goals: {
    "backend/production": ["max-unpacked pass", "min-reduction pass", "fail-on-severity pass"],
    "frontend/production": ["max-unpacked fail", "min-reduction fail", "fail-on-severity pass"],
    "frontend/assets": ["max-unpacked pass", "min-reduction pass", "fail-on-severity pass"],
  },
  advice: {
    "backend/deps": ["package-cache 6"],
    "backend/production": ["package-cache 20", "metadata-only 20 23"],
    "frontend/assets": [],
    "frontend/production": ["package-cache 26", "recommended-packages 26"],
  },
  trivyOptions: ["--ignore-unfixed"],
};

const CASES = ENGINES.flatMap((engine) =>
  [TRADING_APP, WEB_APP].map((example) => ({ engine, ...example })),
);

const FORGETFUL = { recall: async () => undefined, remember: async () => {} };

function bytesOf(items: readonly { readonly bytes: number }[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What the scanner of a run has kept. */
function trivyCacheOf({ runner }: StepResult): string {
  const folder = join(runner.folder, "_tool", "weighbridge", "trivy");
  const [cache = ""] = readdirSync(folder);
  return join(folder, cache);
}

describe.each(CASES)("the example $example with the $engine engine", (expected) => {
  const { engine, example } = expected;
  const workspace = join(examples, example);
  let scenario: Scenario;
  let step: StepResult;
  const layout = () => step.outputs.layout ?? "";
  const images = (): readonly ReportImage[] => step.report?.images ?? [];

  beforeAll(async () => {
    scenario = await Scenario.start({ engine, workspace });
    step = await scenario.run({ inputs: { config: "weighbridge.yml" } });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("has every stage built, and its goals met or missed as they are", () => {
    const built = stagesOf(step).filter(({ status }) => status === "built");
    expect(built.map(({ image, name }) => `${image}/${name}`)).toEqual(expected.stages);
    expect([step.exitCode, step.outputs.verdict]).toEqual([1, "fail"]);
    const goals = Object.keys(expected.goals).map((stage) => [
      stage,
      stageOf(step, stage).goals.map(({ rule, verdict }) => `${rule} ${verdict}`),
    ]);
    expect(Object.fromEntries(goals)).toEqual(expected.goals);
    for (const { name } of built) expect(scenario.comments()[0]).toContain(`\`${name}\``);
  });

  it("is advised on what ships, and on nothing else", () => {
    const advice = Object.keys(expected.advice).map((stage) => [
      stage,
      stageOf(step, stage).advice.map(({ rule, lines }) => `${rule} ${lines.join(" ")}`),
    ]);
    expect(Object.fromEntries(advice)).toEqual(expected.advice);
  });

  it("weighs what a plain count over the layers weighs", () => {
    for (const stage of stagesOf(step)) {
      expect(stage.unpacked, stage.name).toBe(countedBytes(layout(), stage));
    }
  });

  it("has every byte live or wasted, and in one box", () => {
    for (const { name, unpacked, live = 0, wasted = 0, waste, boxes } of stagesOf(step)) {
      expect(live + wasted, name).toBe(unpacked);
      expect(bytesOf(waste), name).toBe(wasted);
      expect(bytesOf(boxes), name).toBe(unpacked);
    }
  });

  it("has its own bytes on the lines that brought them", async () => {
    for (const stage of stagesOf(step)) {
      expect(await shareOnRightLine(layout(), stage), stage.name).toBeGreaterThanOrEqual(0.99);
    }
  });

  // What it weighs is no matter of the engine that has built it: one is enough.
  if (engine === "containerd") {
    describe("in the graph store", () => {
      let stored: ReadonlyMap<string, Stored>;

      beforeAll(async () => {
        stored = await inGraphStore(layout(), scenario.folder("load"), stagesOf(step));
      });

      it("weighs what that says", () => {
        for (const { digest = "", unpacked = 0, name } of stagesOf(step)) {
          const size = stored.get(digest)?.size ?? 0;
          expect(Math.abs(size - unpacked) / size, name).toBeLessThan(0.0005);
        }
      });

      it("shows a container the files and the bytes that are live", async () => {
        using host = createLocalHost({ workspace });
        const layers = createLayerStore(host, FORGETFUL);
        for (const { digest = "", live, name } of stagesOf(step)) {
          const tree = applyLayers((await layers.read(layout(), digest)).layers);
          expect(seen(tree), name).toEqual(stored.get(digest)?.seen);
          expect(liveBytes(tree), name).toBe(live);
        }
      });
    });
  }

  it("downloads what a push to a registry stores", async () => {
    const stages = images().flatMap(({ dockerfile, context, stages: all }) =>
      all.map((stage) => ({
        stage,
        context: join(workspace, context),
        dockerfile: join(workspace, dockerfile),
      })),
    );
    const folder = await scenario.makeFolder("push");
    const pushed = await pushedBytes(folder, engine, stages);
    for (const { digest = "", download, name } of stagesOf(step)) {
      expect(download, name).toBe(pushed.get(digest));
    }
  });

  it("has what Trivy finds when it is run by hand", async () => {
    // What Trivy has seen in a layer it need not see again: one engine starts from nothing.
    const cache = engine === "containerd" ? scenario.folder("trivy") : trivyCacheOf(step);
    for (const stage of stagesOf(step)) {
      const options = { cache, options: expected.trivyOptions };
      const byHand = await trivyByHand(layout(), stage.digest ?? "", options);
      expect(trivyInReport(stage), stage.name).toEqual(byHand);
    }
    expect(stagesOf(step).flatMap(trivyInReport)).not.toEqual([]);
  });

  it("has what Hadolint finds when it is run by hand", async () => {
    for (const image of images()) {
      const byHand = await hadolintByHand(join(workspace, image.dockerfile));
      expect(byHand).not.toEqual([]);
      expect(hadolintInReport(image), image.name).toEqual(byHand);
    }
  });

  it("has SARIF that passes Microsoft's validator with GitHub's rules", async () => {
    const folder = step.outputs.sarif ?? "";
    expect(readdirSync(folder)).toHaveLength(3 * images().length);
    expect(await sarifComplaints(folder)).toEqual([]);
    expect(scenario.categories()).toHaveLength(3 * images().length);
  });
});
