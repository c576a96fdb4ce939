import { describe, expect, it } from "vitest";
import type { GoalEntry } from "../../src/model/inputs.ts";
import { emptySelection, replacedGoals } from "../../src/plan/replaced-stages.ts";

const base = { image: "app", name: "base", file: "Dockerfile", context: "docker-image://busybox" };

describe("goals on stages that a build context replaces", () => {
  function problemsOf(pattern: string) {
    const entry: GoalEntry = { pattern, rules: { maxUnpacked: 1 }, where: "input goals, line 1" };
    return replacedGoals([entry], [base]);
  }

  it.each(["base", "BASE", "app/base"])("cannot be judged: %s", (pattern) => {
    expect(problemsOf(pattern)).toEqual([
      {
        where: "input goals, line 1",
        what: `"${pattern}" has goals, and build-contexts replaces that stage: it is not built, so they cannot be judged; leave out one of the two`,
      },
    ]);
  });

  it.each(["*", "b*", "other"])("are fine where they are on others too, or only: %s", (pattern) => {
    expect(problemsOf(pattern)).toEqual([]);
  });
});

describe("a selection of which all is replaced", () => {
  it("is empty", () => {
    expect(emptySelection([base], [base])).toEqual([
      {
        where: "input build-contexts",
        what: 'no stage is left to build: "base" is replaced by what is given here',
      },
    ]);
  });

  it("is none where one stage is left, or none was wanted", () => {
    expect(emptySelection([base, { image: "app", name: "top" }], [base])).toEqual([]);
    expect(emptySelection([], [])).toEqual([]);
  });
});
