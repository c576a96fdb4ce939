import { expect, it } from "vitest";
import { bakeTargets } from "../../src/build/bake-file.ts";
import { StepTracker } from "../../src/build/progress/step-tracker.ts";
import { sumOfSeconds } from "../../src/build/progress/tracked-vertex.ts";
import type { TargetResult } from "../../src/build/solves.ts";
import { stageBuilds } from "../../src/build/stage-builds.ts";
import type { StageBuild } from "../../src/model/build.ts";
import { makeDigest, makePlannedImage, makeStage } from "../make.ts";

const image = makePlannedImage({
  stages: [
    makeStage({ name: "base" }),
    makeStage({ name: "two", index: 1 }),
    makeStage({ name: "five", index: 2, needs: [0] }),
    makeStage({ name: "six", index: 3, needs: [1, 2] }),
  ],
});
const failed = {
  kind: "failed",
  reason: "no",
  output: [],
  seconds: 0,
  steps: [],
} as const satisfies StageBuild;
const ofItself = { kind: "unbuilt", build: failed, isOfNeed: false } as const;
const ofNeed = { ...ofItself, isOfNeed: true };

/** What became of the four stages, by what their solves came to. */
function buildsOf(...results: readonly TargetResult[]): readonly (StageBuild | undefined)[] {
  const targets = bakeTargets([image]);
  const all = new Map(targets.map((target, at) => [target, results[at] ?? ofItself] as const));
  const builds = stageBuilds({ images: [image] }, all, sources);
  return image.stages.map((stage) => builds.get(stage));
}

const sources = {
  tracker: new StepTracker(() => {}),
  buildArgs: {},
  conceal: (text: string) => text,
};

/** The reason of a stage that failed, with the build argument `TOKEN`. */
function reasonWith(token: string, reason: string, line = 3): string {
  const [target] = bakeTargets([image]);
  if (target === undefined) return "no target";
  const result = { ...ofItself, build: { ...failed, reason, line } };
  const buildArgs = { TOKEN: token };
  const builds = stageBuilds({ images: [image] }, new Map([[target, result]]), {
    ...sources,
    buildArgs,
  });
  const build = builds.get(target.stage);
  return build?.kind === "failed" ? build.reason : "did not fail";
}

it("a reason has the names of build arguments in place of their values", () => {
  expect(reasonWith("hunter22", "unable to find user hunter22: invalid argument")).toBe(
    "unable to find user $TOKEN: invalid argument",
  );
  expect(reasonWith("hunter22", "Get https://a.example/xhunter22y: no such host")).toBe(
    "Get https://a.example/x$TOKENy: no such host",
  );
});

it("nothing of a value is left where a long reason is cut", () => {
  const token = "ghp_".padEnd(54, "A1b2C3");
  for (let before = 180; before < 300; before += 20) {
    const reason = `${"x".repeat(before)} ${token} ${"y".repeat(600)}`;
    expect(reasonWith(token, reason)).not.toMatch(/ghp_|A1b2C3/);
  }
});

it("but for what any sentence has, the Dockerfile says itself, or an image is called", () => {
  for (const value of ["to", "find", "app"]) {
    expect(reasonWith(value, "unable to finder user")).toBe("unable to finder user");
  }
  expect(reasonWith("requirements.txt", "no requirements.txt")).toBe("no requirements.txt");
  expect(reasonWith("acme/base", "the image acme/base is not there", 1)).toMatch(/acme/);
});

it("a stage that was skipped names all that it needs and that failed, whichever failed first", () => {
  expect(buildsOf(ofItself, ofItself, ofNeed, ofNeed).slice(2)).toEqual([
    { kind: "skipped", reason: "needs base, which failed", failedNeeds: ["base"] },
    {
      kind: "skipped",
      reason: "needs base and two, which failed",
      failedNeeds: ["base", "two"],
    },
  ]);
});

it("a stage failed itself that was stopped by one that worked in its own solve", () => {
  const metadata = { digest: makeDigest("1"), layerLines: new Map() };
  const delivered = { digest: makeDigest("1"), isSaved: false };
  const built = { kind: "built", metadata, image: delivered } as const;
  expect(buildsOf(built, built, ofNeed, ofNeed)).toMatchObject([
    { kind: "built" },
    { kind: "built" },
    { kind: "failed", reason: "no" },
    { kind: "skipped", failedNeeds: ["five"] },
  ]);
});

it("seconds are summed up to the millisecond", () => {
  expect(sumOfSeconds([0.1, 0.2, 0.029])).toBe(0.329);
});
