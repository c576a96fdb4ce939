import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/errors.ts";
import { parseGoals } from "../../src/inputs/goals.ts";
import { ProblemList } from "../../src/inputs/parsed.ts";
import type { GoalEntry } from "../../src/model/inputs.ts";

function read(text: string): {
  readonly entries: readonly GoalEntry[];
  readonly problems: readonly Problem[];
} {
  const list = new ProblemList();
  const entries = parseGoals(text, (line) => `input goals, line ${line}`, list);
  return { entries, problems: list.problems };
}

function problemsOf(text: string): readonly Problem[] {
  return read(text).problems;
}

const RULES =
  "max-unpacked, max-download, min-reduction, original, max-wasted, max-own-wasted, min-efficiency and fail-on-severity";

describe("goals that are understood", () => {
  it("have every rule", () => {
    const text = `
"*":
  fail-on-severity: HIGH
production:
  max-unpacked: 150MB
  max-download: 60 MiB
  min-reduction: 70%
  original: 500000000
`;
    expect(read(text)).toEqual({
      entries: [
        { pattern: "*", rules: { failOnSeverity: "high" }, where: "input goals, line 2" },
        {
          pattern: "production",
          rules: {
            maxUnpacked: 150_000_000,
            maxDownload: 62_914_560,
            minReduction: 70,
            original: 500_000_000,
          },
          where: "input goals, line 4",
        },
      ],
      problems: [],
    });
  });

  it("take a severity back", () => {
    expect(read("development: {fail-on-severity: none}").entries).toEqual([
      { pattern: "development", rules: { failOnSeverity: "none" }, where: "input goals, line 1" },
    ]);
  });

  it("may name a stage by its number, or image and stage", () => {
    expect(read("2: {max-unpacked: 1B}\nweb/api/prod: {max-unpacked: 1B}").entries).toMatchObject([
      { pattern: "2" },
      { pattern: "web/api/prod" },
    ]);
  });

  it("may be none", () => {
    expect(read("# none yet")).toEqual({ entries: [], problems: [] });
  });

  it("share rules by an anchor", () => {
    expect(read("a: &small {max-unpacked: 1kB}\nb: *small").entries).toMatchObject([
      { pattern: "a", rules: { maxUnpacked: 1_000 } },
      { pattern: "b", rules: { maxUnpacked: 1_000 } },
    ]);
  });
});

describe("goals that are wrong", () => {
  it("name the line, the rule and the value of a size", () => {
    expect(problemsOf("production:\n  max-unpacked: 150 Mb")).toEqual([
      {
        where: "input goals, line 2",
        what:
          'max-unpacked: "150 Mb" is not a size: Mb means bits, not bytes; a size is a number and ' +
          "B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as 150MB; did you mean 150MB?",
      },
    ]);
  });

  it("name a percentage", () => {
    expect(problemsOf("a: {min-reduction: 70, original: 1MB}")).toEqual([
      {
        where: "input goals, line 1",
        what: 'min-reduction: "70" is not a percentage from 0% to 100%, such as 70%; did you mean 70%?',
      },
    ]);
  });

  it("name a severity", () => {
    expect(problemsOf("a: {fail-on-severity: hihg}")).toEqual([
      {
        where: "input goals, line 1",
        what: 'fail-on-severity: "hihg" is not allowed; it is critical, high, medium, low, unknown or none; did you mean "high"?',
      },
    ]);
  });

  it("offer the rule that was probably meant", () => {
    expect(problemsOf("a:\n  max_unpaked: 1MB")).toEqual([
      {
        where: "input goals, line 2",
        what: `"max_unpaked" is not a rule; rules are ${RULES}; did you mean "max-unpacked"?`,
      },
    ]);
  });

  it("know no rule from the prototype of objects", () => {
    expect(problemsOf("__proto__: {__proto__: 1, constructor: 2}")).toEqual([
      { where: "input goals, line 1", what: `"__proto__" is not a rule; rules are ${RULES}` },
      { where: "input goals, line 1", what: `"constructor" is not a rule; rules are ${RULES}` },
    ]);
  });

  it.each([
    ["a: {max-unpacked: }", "max-unpacked: is nothing; it has to be one size, such as 150MB"],
    ["a: {max-unpacked: [1]}", "max-unpacked: is a list; it has to be one size, such as 150MB"],
    ["a: {max-unpacked: {b: 1}}", "max-unpacked: is a map; it has to be one size, such as 150MB"],
    [
      "a: {max-unpacked: true}",
      expect.stringMatching(/^max-unpacked: "true" is not a size; a size is /),
    ],
    [
      "a: {min-efficiency: [1]}",
      "min-efficiency: is a list; it has to be one percentage, such as 70%",
    ],
    [
      "a: {fail-on-severity: [HIGH, CRITICAL]}",
      "fail-on-severity: is a list; it has to be one of critical, high, medium, low, unknown or none; a severity stands for the worse ones too",
    ],
    [
      "a: {fail-on-severity: true}",
      'fail-on-severity: "true" is not allowed; it is critical, high, medium, low, unknown or none',
    ],
    [
      "a: {min-efficiency: 0.95}",
      'min-efficiency: "0.95" is not a percentage from 0% to 100%, such as 70%; did you mean 95%?',
    ],
    [
      "a: {max-unpacked: 150}",
      "max-unpacked: 150 has no unit; write 150MB, or 150B if it is bytes",
    ],
    ["a: {original: 0}", 'original: "0" leaves nothing to be smaller than'],
    ["a: {}", '"a" has no rules'],
    ["a: 150MB", '"150MB" is not a map of `key: value` lines'],
    ["150MB", '"150MB" is not a map of `key: value` lines'],
    ["a b: {max-unpacked: 1B}", expect.stringContaining('"a b" is not a stage')],
  ])("are told of %s", (text, what) => {
    expect(problemsOf(text)).toEqual([{ where: "input goals, line 1", what }]);
  });

  it("name a stage twice in different cases", () => {
    expect(problemsOf("Prod: {max-unpacked: 1B}\nprod: {max-download: 1B}")).toEqual([
      {
        where: "input goals, line 2",
        what: '"prod" is the same stage as "Prod" at input goals, line 1: case does not matter',
      },
    ]);
  });

  it("are all told at once", () => {
    expect(problemsOf("a: {max-unpacked: 1 Mb}\nb: {nothing: 1}\na: {}")).toHaveLength(3);
  });

  it("leave out what is wrong and keep the rest", () => {
    expect(
      read("a: {max-unpacked: 1 Mb, max-download: 1MB}\nb c: {max-unpacked: 1B}").entries,
    ).toEqual([{ pattern: "a", rules: { maxDownload: 1_000_000 }, where: "input goals, line 1" }]);
  });

  it("count a wrong original as given, so that nobody says it is missing", () => {
    expect(read("a: {min-reduction: 70%, original: 500 Mb}").entries).toMatchObject([
      { rules: { minReduction: 70, original: expect.any(Number) } },
    ]);
  });
});
