import { describe, expect, it } from "vitest";
import { unknownInputs } from "../../src/inputs/runner-inputs.ts";

function problemOf(variable: string): string | undefined {
  return unknownInputs({ [variable]: "x" }).problems[0]?.what;
}

describe("variables that begin as inputs do", () => {
  it("are inputs, of which nothing is to be said", () => {
    const env = { INPUT_GOALS: "", "INPUT_FAIL-ON-LINT": "error", PATH: "/bin", INPUT_: "x" };
    expect(unknownInputs(env)).toEqual({ problems: [], notes: [] });
  });

  it.each([
    ["INPUT_GOAL", "goal", "goals"],
    ["INPUT_TARGET", "target", "targets"],
    ["INPUT_FAIL_ON_LINT", "fail_on_lint", "fail-on-lint"],
    ["INPUT_SEVERITIES", "severities", "severity"],
    ["INPUT_BUILD-ARG", "build-arg", "build-args"],
    ["INPUT_FIAL", "fial", "fail"],
    ["INPUT_CONFGI", "confgi", "config"],
  ])("are a problem where they are nearly called as an input: %s", (variable, name, meant) => {
    expect(problemOf(variable)).toBe(`there is no input "${name}"; did you mean "${meant}"?`);
    expect(unknownInputs({ [variable]: "" }).notes).toEqual([]);
  });

  it("are a problem where they are a rule of goals", () => {
    expect(problemOf("INPUT_MAX-UNPACKED")).toBe(
      'there is no input "max-unpacked"; it is a rule, and stands in "goals"',
    );
  });

  it.each(["INPUT_DATE", "INPUT_TITLE", "INPUT_USER", "INPUT_VERSION", "INPUT_TAGS"])(
    "may be the job's own: %s",
    (variable) => {
      expect(unknownInputs({ [variable]: "x" })).toEqual({
        problems: [],
        notes: [`${variable} begins as inputs do, and is none: what was given so was not read.`],
      });
    },
  );

  it("are noted together, and the first of many by name", () => {
    const env = Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`INPUT_XYZ${at}`, ""]));
    const { notes } = unknownInputs(env);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      /^INPUT_XYZ0, .*INPUT_XYZ11 and 2 more begin as inputs do, and are none/,
    );
  });
});
