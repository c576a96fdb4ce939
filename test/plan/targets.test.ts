import { describe, expect, test } from "vitest";
import { isWanted, targetProblems } from "../../src/plan/targets.ts";

const stages = [
  { image: "api", name: "deps" },
  { image: "api", name: "Production" },
  { image: "services/web", name: "deps" },
  { image: "services/web", name: "dev-tools" },
  { image: "services/web", name: "3" },
];

function wanted(...patterns: readonly string[]): readonly string[] {
  return stages
    .filter((stage) => isWanted(stage, patterns))
    .map(({ image, name }) => `${image}/${name}`);
}

const context = { where: "input targets", unread: [] };

describe("targets", () => {
  test.each([
    [[], stages.map(({ image, name }) => `${image}/${name}`)],
    [["production"], ["api/Production"]],
    [["deps"], ["api/deps", "services/web/deps"]],
    [["services/web/deps"], ["services/web/deps"]],
    [["d*"], ["api/deps", "services/web/deps", "services/web/dev-tools"]],
    [["d*", "!deps"], ["services/web/dev-tools"]],
    [["!deps", "d*"], ["services/web/dev-tools"]],
    [["!api/*"], ["services/web/deps", "services/web/dev-tools", "services/web/3"]],
    [["services/*/*"], ["services/web/deps", "services/web/dev-tools", "services/web/3"]],
    [
      ["3", "{production,dev-tools}"],
      ["api/Production", "services/web/dev-tools", "services/web/3"],
    ],
  ])("%j choose %j", (patterns, expected) => {
    expect(wanted(...patterns)).toEqual(expected);
  });

  test.each([
    ["prodution", "api/Production"],
    ["!services/web/depz", "services/web/deps"],
    ["services/web/x*", "services/web/3"],
  ])("%s matches nothing, and is told with the nearest name first: %s", (pattern, nearest) => {
    const [problem, ...more] = targetProblems(stages, [pattern], context);
    expect(more).toEqual([]);
    expect(problem?.where).toBe("input targets");
    expect(problem?.what).toContain(`"${pattern}" matches no stage; there are "${nearest}", `);
  });

  test("name the nearest stages first, without the image where there is one only", () => {
    const one = [
      { image: "app", name: "base" },
      { image: "app", name: "monitoring" },
      { image: "app", name: "production" },
    ];
    expect(targetProblems(one, ["prodution"], context)).toEqual([
      {
        where: "input targets",
        what: '"prodution" matches no stage; there are "production", "monitoring" and "base"',
      },
    ]);
  });

  test("are each told where several match nothing", () => {
    expect(targetProblems(stages, ["a", "deps", "b"], context)).toHaveLength(2);
  });

  test("say where stages are not known", () => {
    const [problem] = targetProblems(stages, ["a"], { ...context, unread: ["worker"] });
    expect(problem?.what).toMatch(/; the stages of "worker" are not known$/);
  });

  test("name the only stage that there is", () => {
    const [problem] = targetProblems([{ image: "app", name: "production" }], ["base"], context);
    expect(problem?.what).toBe('"base" matches no stage; there is "production"');
  });

  test("that leave nothing are a problem", () => {
    expect(targetProblems(stages, ["deps", "!d*"], context)).toEqual([
      { where: "input targets", what: '"deps" and "!d*" together leave no stage to build' },
    ]);
    expect(targetProblems(stages, ["!*"], context)).toEqual([
      { where: "input targets", what: '"!*" leaves no stage to build' },
    ]);
  });

  test("are not looked at while no stage is known", () => {
    expect(targetProblems([], ["a"], context)).toEqual([]);
  });
});
