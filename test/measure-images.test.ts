import { expect, test } from "vitest";
import type { ImageStore } from "../src/inspect/image-store.ts";
import { type Bench, measureImages } from "../src/measure-images.ts";
import type { GoalRules } from "../src/model/inputs.ts";
import { openState } from "../src/state/state.ts";
import { makeFacts } from "./inspect/make-facts.ts";
import { makeDigest, makePlannedImage, makeStage, makeStageBuild } from "./make.ts";
import { makePrepared } from "./make-prepared.ts";
import { openWorkshop } from "./tools/workshop.ts";

const builder = makeStage({ name: "builder" });
const production = makeStage({ name: "production", index: 1 });
const docs = makeStage({
  name: "docs",
  index: 2,
  decision: { kind: "skip", reason: "targets leaves it out" },
});
const image = makePlannedImage({ stages: [builder, production, docs] });

/** Every image in it has no layer. */
const images: Pick<ImageStore, "look"> = {
  look: async () => ({
    image: {
      digest: makeDigest("1"),
      layers: [],
      config: { platform: "linux/amd64", diffIds: [], history: [] },
      configSize: 2_000,
    },
    facts: makeFacts(),
  }),
};

/** Which stages are told with what dive would say, by name. */
async function stagesWithDive(diveRules: GoalRules): Promise<readonly string[]> {
  await using workshop = await openWorkshop();
  await using state = await openState(workshop.host, "state");
  const bench: Bench = {
    host: workshop.host,
    prepared: makePrepared({ diveRules }, image),
    state,
    images: { ...images, enter: () => Promise.reject(new Error("nobody looks around in it")) },
    scanner: Promise.resolve({
      scan: async () => ({ kind: "off" }),
      prepare: async () => ({ kind: "off" }),
    }),
    begin: (part) => part,
  };
  const [measured] = await measureImages(bench, new Map(), {
    builds: new Map([builder, production].map((stage) => [stage, makeStageBuild()])),
    layerLines: new Map(),
    warnings: new Map(),
    contextBytes: new Map(),
    notes: Promise.resolve([]),
  });
  const stages = measured?.stages ?? [];
  return stages.flatMap(({ stage, dive }) => (dive === undefined ? [] : [stage.name]));
}

test("dive's figures are told of the last stage that is built, of which its rules are goals", async () => {
  expect(await stagesWithDive({ minEfficiency: 90 })).toEqual(["production"]);
  expect(await stagesWithDive({})).toEqual([]);
});
