import { describe, expect, it } from "vitest";
import { goalNotes, goalProblems, goalsFor } from "../../src/inputs/goals-for.ts";
import type { GoalEntry, GoalRules } from "../../src/model/inputs.ts";

function entry(pattern: string, rules: GoalRules): GoalEntry {
  return { pattern, rules, where: `input goals, ${pattern}` };
}

const production = { image: "web", name: "production" };

describe("the goals of a stage", () => {
  it("are those of every entry that names it, rule by rule", () => {
    const entries = [
      entry("*", { failOnSeverity: "high", maxUnpacked: 500 }),
      entry("production", { maxUnpacked: 150, maxDownload: 60 }),
      entry("development", { maxUnpacked: 180 }),
    ];
    expect(goalsFor(production, entries)).toEqual([
      { rule: "max-unpacked", limit: 150 },
      { rule: "max-download", limit: 60 },
      { rule: "fail-on-severity", limit: "high" },
    ]);
  });

  it("join a reduction and its original from two entries", () => {
    const entries = [entry("*", { original: 500 }), entry("production", { minReduction: 70 })];
    expect(goalsFor(production, entries)).toEqual([
      { rule: "min-reduction", limit: 70, original: 500 },
    ]);
  });

  it("are none for an original alone", () => {
    expect(goalsFor(production, [entry("*", { original: 500 })])).toEqual([]);
  });

  it("lose a severity that a more specific entry takes back", () => {
    const entries = [
      entry("production", { failOnSeverity: "none" }),
      entry("*", { failOnSeverity: "high" }),
    ];
    expect(goalsFor(production, entries)).toEqual([]);
  });

  it("keep a severity that a less specific entry would take back", () => {
    const entries = [
      entry("production", { failOnSeverity: "high" }),
      entry("*", { failOnSeverity: "none" }),
    ];
    expect(goalsFor(production, entries)).toEqual([{ rule: "fail-on-severity", limit: "high" }]);
  });

  it.each([
    ["a glob wins over the star", "*", "p*"],
    ["the longer glob wins over the shorter", "p*", "prod*"],
    ["a stage wins over a glob", "produc*", "production"],
    ["an image's glob wins over a stage", "production", "*/production"],
    ["an image wins over an image's glob", "*/production", "web/*"],
    ["a glob in an image wins over all of it", "web/*", "web/p*"],
    ["image and stage win over all", "web/produc*", "web/production"],
  ])("%s, whatever the order", (_, less, more) => {
    const [weak, strong] = [entry(less, { maxUnpacked: 1 }), entry(more, { maxUnpacked: 2 })];
    expect(goalsFor(production, [weak, strong])).toEqual([{ rule: "max-unpacked", limit: 2 }]);
    expect(goalsFor(production, [strong, weak])).toEqual([{ rule: "max-unpacked", limit: 2 }]);
  });

  it("follow the later of two entries that are equally specific", () => {
    const entries = [
      entry("production", { maxUnpacked: 1 }),
      entry("Production", { maxUnpacked: 2 }),
    ];
    expect(goalsFor(production, entries)).toEqual([{ rule: "max-unpacked", limit: 2 }]);
  });

  it("hold for stages of the same name in every image, unless an image is named", () => {
    const entries = [
      entry("production", { maxUnpacked: 1 }),
      entry("api/production", { maxUnpacked: 2 }),
    ];
    expect(goalsFor(production, entries)).toEqual([{ rule: "max-unpacked", limit: 1 }]);
    expect(goalsFor({ image: "api", name: "production" }, entries)).toEqual([
      { rule: "max-unpacked", limit: 2 },
    ]);
  });
});

describe("what is wrong with the goals of a plan", () => {
  const stages = [
    { image: "web", name: "builder" },
    { image: "web", name: "production" },
    { image: "services/api", name: "production" },
  ];

  it("is nothing when every entry names a stage", () => {
    const entries = [entry("Production", {}), entry("services/api/production", {}), entry("*", {})];
    expect(goalProblems(entries, stages)).toEqual([]);
  });

  it("is a stage that there is not, with those there are, the nearest first", () => {
    expect(goalProblems([entry("prodution", {})], stages)).toEqual([
      {
        where: "input goals, prodution",
        what: 'there is no stage "prodution"; there are "production" and "builder"',
      },
    ]);
  });

  it("is an image that there is not", () => {
    expect(goalProblems([entry("api/production", {})], stages)).toEqual([
      {
        where: "input goals, api/production",
        what: 'there is no stage "api/production"; there are "web/production", "services/api/production" and "web/builder"',
      },
    ]);
  });

  it("lists a dozen stages of many", () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      image: "web",
      name: `stage-${index}`,
    }));
    const [problem] = goalProblems([entry("nothing", {})], many);
    expect(problem?.what).toMatch(
      /^there is no stage "nothing"; there are ("stage-\d+", ){11}"stage-\d+" and 18 more$/,
    );
  });

  it("is not a glob that names no stage", () => {
    expect(goalProblems([entry("test-*", { maxUnpacked: 1 })], stages)).toEqual([]);
  });

  it("is a glob that names no stage, where it is given to the run itself", () => {
    const given = { ...entry("web/test-*", { maxUnpacked: 1 }), isGiven: true as const };
    expect(goalProblems([given], stages)).toEqual([
      {
        where: "input goals, web/test-*",
        what: '"web/test-*" matches no stage; there are "web/builder", "web/production" and "services/api/production"',
      },
    ]);
    expect(goalNotes([given], stages)).toEqual([]);
    expect(goalProblems([{ ...given, mayNameNoStage: true }], stages)).toEqual([]);
  });

  it("is not a stage of an image that this run leaves out", () => {
    expect(goalProblems([{ ...entry("admin", {}), mayNameNoStage: true }], stages)).toEqual([]);
  });

  it("is a reduction without an original, once, where it is said", () => {
    const entries = [
      entry("production", { minReduction: 70 }),
      entry("builder", { original: 500 }),
    ];
    expect(goalProblems(entries, stages)).toEqual([
      {
        where: "input goals, production",
        what: 'min-reduction of stage "production" has no original to be measured from; add original: 500MB, say',
      },
    ]);
  });

  it("is not a reduction whose original another entry gives", () => {
    const entries = [entry("production", { minReduction: 70 }), entry("*", { original: 500 })];
    expect(goalProblems(entries, stages)).toEqual([]);
  });

  it("is nothing when no stage is known, as that has a reason of its own", () => {
    expect(goalProblems([entry("production", {})], [])).toEqual([]);
  });
});

describe("goals that may be meant for other runs", () => {
  const entry = { rules: { maxUnpacked: 1 }, where: "config:2", mayNameNoStage: true };
  const stages = [{ image: "app", name: "production" }];

  it("are told where they hold for nothing, for that may be a slip", () => {
    const entries = [
      { ...entry, pattern: "producton" },
      { ...entry, pattern: "production" },
      { ...entry, pattern: "dev*" },
    ];
    expect(goalNotes(entries, stages)).toEqual([
      'No stage of this run is called "producton" or "dev*": the goals on that hold for nothing here. Was "production" meant?',
    ]);
  });

  it("are no news where all hold, nor where no stage could be read", () => {
    expect(goalNotes([{ ...entry, pattern: "production" }], stages)).toEqual([]);
    expect(goalNotes([{ ...entry, pattern: "producton" }], [])).toEqual([]);
  });
});

describe("an original without a reduction", () => {
  const stages = [production];

  it("is noted, as it asks for nothing", () => {
    expect(goalNotes([entry("production", { original: 500 })], stages)).toEqual([
      'Goals of "production" have an original, and no min-reduction that is measured from it.',
    ]);
  });

  it("is none where it is given for all, or another entry has the reduction", () => {
    expect(goalNotes([entry("*", { original: 500 })], stages)).toEqual([]);
    const both = [entry("production", { original: 500 }), entry("*", { minReduction: 70 })];
    expect(goalNotes(both, stages)).toEqual([]);
  });
});
