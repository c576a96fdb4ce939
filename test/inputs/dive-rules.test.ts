import { describe, expect, test } from "vitest";
import { parseDiveRules } from "../../src/inputs/dive-rules.ts";
import { ProblemList } from "../../src/inputs/parsed.ts";
import { createProject, readInputs } from "./project.ts";

function read(text: string) {
  const problems = new ProblemList();
  return { rules: parseDiveRules(text, ".dive-ci", problems), problems: problems.problems };
}

describe("dive's thresholds", () => {
  test("are ratios and a size", () => {
    const text =
      "rules:\n  lowestEfficiency: 0.95\n  highestWastedBytes: 20MB\n  highestUserWastedPercent: 0.20\n";
    expect(read(text)).toEqual({
      rules: { minEfficiency: 95, maxWasted: 20_000_000, maxOwnWasted: 20 },
      problems: [],
    });
  });

  test("may be spelt with dashes, as newer versions do", () => {
    const text = 'rules:\n  lowest-efficiency: "0.9"\n  highest-user-wasted-percent: .1\n';
    expect(read(text).rules).toEqual({ minEfficiency: 90, maxOwnWasted: 10 });
  });

  test.each([
    ["0", 0],
    ["1", 100],
    ["1.0", 100],
    ["0.07", 7],
    ["0.955", 95.5],
    [".5", 50],
  ])("are exact: %s is %d percent", (ratio, percent) => {
    expect(read(`rules: {lowestEfficiency: "${ratio}"}`).rules.minEfficiency).toBe(percent);
  });

  test.each(["disabled", "off", "false", '""'])("are off where they say so: %s", (word) => {
    expect(read(`rules: {lowestEfficiency: ${word}}`)).toEqual({
      rules: { maxOwnWasted: 10 },
      problems: [],
    });
  });

  test.each(["", "rules:\n", "rules:\n  highestWastedBytes: 1MB\n"])(
    "are dive's own where the file does not say: %j",
    (text) => {
      expect(read(text).rules).toMatchObject({ minEfficiency: 90, maxOwnWasted: 10 });
    },
  );

  test.each([
    ["20mb", 20_000_000],
    ["1 GiB", 2 ** 30],
    ["500", 500],
    ["5k", 5_000],
  ])("take a size as dive does: %s", (size, bytes) => {
    expect(read(`rules: {highestWastedBytes: ${size}}`).rules.maxWasted).toBe(bytes);
  });

  test("that are wrong are told, all of them, each with its line", () => {
    const text =
      "rules:\n  lowestEfficiency: 95\n  highestWastedBytes: much\n  lowestEficiency: 0.9\n";
    expect(read(text)).toEqual({
      rules: { maxOwnWasted: 10 },
      problems: [
        { where: ".dive-ci:2", what: '"95" is not a ratio from 0 to 1, such as 0.9' },
        { where: ".dive-ci:3", what: expect.stringContaining('"much" is not a size') },
        { where: ".dive-ci:4", what: expect.stringContaining('did you mean "lowestEfficiency"?') },
      ],
    });
  });

  test("are dive's own in a file of another kind of settings", () => {
    expect(read("log:\n  enabled: true\n").problems).toEqual([]);
    expect(read("log:\n  enabled: true\n").rules).toEqual({ minEfficiency: 90, maxOwnWasted: 10 });
  });
});

test("a .dive-ci in the workspace is read, and said to be", async () => {
  await using project = await createProject({
    Dockerfile: "FROM scratch",
    ".dive-ci": "rules: {lowestEfficiency: 0.9}",
  });
  const { inputs, notes } = await readInputs(project, {});
  expect(inputs.diveRules).toEqual({ minEfficiency: 90, maxOwnWasted: 10 });
  expect(notes).toEqual([
    "dive's thresholds are read from .dive-ci, as goals of the last stage of each Dockerfile that is built.",
  ]);
});

test("dive's thresholds can lie elsewhere, but then they have to be there", async () => {
  await using project = await createProject({ Dockerfile: "FROM scratch" });
  await expect(readInputs(project, { "dive-config": "ci/dive.yml" })).rejects.toThrow(
    "input dive-config",
  );
});
