import { expect, it } from "vitest";
import { bakeTargets } from "../../src/build/bake-file.ts";
import { StepTracker } from "../../src/build/progress/step-tracker.ts";
import { sumOfSeconds } from "../../src/build/progress/tracked-vertex.ts";
import { stageBuilds } from "../../src/build/stage-builds.ts";
import type { StageBuild } from "../../src/model/build.ts";
import { makePlannedImage, makeStage } from "../make.ts";

const image = makePlannedImage({
  stages: [
    makeStage({ name: "base" }),
    makeStage({ name: "two", index: 1 }),
    makeStage({ name: "five", index: 2, needs: [0] }),
    makeStage({ name: "six", index: 3, needs: [1, 2] }),
  ],
});
const failed: StageBuild = { kind: "failed", reason: "no", output: [], seconds: 0, steps: [] };
const skipped: StageBuild = {
  kind: "skipped",
  reason: "needs base, which failed",
  failedNeeds: ["base"],
};

const sources = {
  tracker: new StepTracker(() => {}),
  buildArgs: {},
  conceal: (text: string) => text,
};

/** The reason of a stage that failed, with the build argument `TOKEN`. */
function reasonWith(token: string, reason: string, line = 3): string {
  const [target] = bakeTargets([image]);
  if (target === undefined) return "no target";
  const result = { kind: "unbuilt", build: { ...failed, reason, line } } as const;
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
  const builds = [failed, failed, skipped, skipped];
  const targets = bakeTargets([image]);
  const results = new Map(
    targets.map(
      (target, at) => [target, { kind: "unbuilt", build: builds[at] ?? failed }] as const,
    ),
  );
  const became = stageBuilds({ images: [image] }, results, sources);
  expect([...became.values()].slice(2)).toEqual([
    skipped,
    {
      kind: "skipped",
      reason: "needs base and two, which failed",
      failedNeeds: ["base", "two"],
    },
  ]);
});

it("seconds are summed up to the millisecond", () => {
  expect(sumOfSeconds([0.1, 0.2, 0.029])).toBe(0.329);
});
