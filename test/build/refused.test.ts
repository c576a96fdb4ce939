import { expect, it } from "vitest";
import { bakeTargets } from "../../src/build/bake-file.ts";
import { failureBehind, refusedInstruction, unbuilt } from "../../src/build/failures.ts";
import { makePlannedImage, makeStage } from "../make.ts";

const image = makePlannedImage({
  stages: [
    makeStage({ name: "builder", line: 1 }),
    makeStage({ name: "app", line: 6, index: 1, needs: [0] }),
  ],
});
const targets = bakeTargets([image]);
const refused = {
  kind: "failed",
  message: "failed to solve: invalid syntax",
  target: "image0-stage1",
} as const;

const buildsOf = (line: number) => {
  const failures = refusedInstruction({ ...refused, line }, targets);
  return targets.map((target) =>
    unbuilt(target, failureBehind(target, failures), "failed to solve: context canceled"),
  );
};

it("an instruction that is refused before there is a step fails its own stage on its line", () => {
  expect(buildsOf(7)[1]).toMatchObject({
    build: { line: 7, reason: "`COPY . /app`: invalid syntax" },
    isOfNeed: false,
  });
  expect(buildsOf(7)[0]?.build).not.toHaveProperty("line");
});

it("it is found by any of its lines, and takes the stages along that need its own", () => {
  const [builder, app] = buildsOf(4);
  expect(builder).toMatchObject({ build: { line: 3 }, isOfNeed: false });
  expect(app).toMatchObject({ build: { line: 3 }, isOfNeed: true });
});

it("no instruction is blamed where BuildKit shows no line, or one between instructions", () => {
  expect(refusedInstruction(refused, targets)).toEqual([]);
  expect(refusedInstruction({ ...refused, line: 5 }, targets)).toEqual([]);
});
