import { expect, it } from "vitest";
import { buildxProblem } from "../../../src/build/builder/buildx-version.ts";

it.each(["0.14.0", "0.29.1+ds1", "0.36.1", "1.0.0", "0.14.0-rc1"])("takes buildx %s", (version) => {
  expect(buildxProblem(version)).toBeUndefined();
});

it("says what is needed, what was found and what helps where it is older", () => {
  expect(buildxProblem("0.12.1")).toEqual({
    where: "Docker",
    what: "buildx 0.14.0 or newer is needed, and 0.12.1 was found; update Docker, or use docker/setup-buildx-action",
  });
});

it("takes one that does not tell its version", () => {
  for (const version of [undefined, "0.0.0-unknown"])
    expect(buildxProblem(version)).toBeUndefined();
});
