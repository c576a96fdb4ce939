import { describe, expect, it } from "vitest";
import {
  compareMatches,
  isGlob,
  matchStage,
  normalPattern,
  patternProblem,
} from "../../src/inputs/stage-pattern.ts";
import { growth, LINEAR } from "../growth.ts";

const production = { image: "services/api", name: "production" };

describe("a pattern names a stage", () => {
  it.each([
    ["by its name", "production"],
    ["by its name in another case", "Production"],
    ["by a glob", "prod*"],
    ["by a glob in another case", "PROD*"],
    ["as every stage", "*"],
    ["by one character", "productio?"],
    ["by a choice", "{production,development}"],
    ["by a class of characters", "[op]roduction"],
    ["with its image", "services/api/production"],
    ["with a glob for its image", "services/*/production"],
    ["with a glob over folders", "**/production"],
    ["with a star for an image of any folder", "*/production"],
    ["with a star for a part of its image", "*api/production"],
    ["as every stage of its image", "services/api/*"],
    ["as every stage of every image", "*/*"],
    ["as every stage of every image in a folder", "services/**"],
    ["as every stage in a folder that a glob names", "serv*/**"],
  ])("%s", (_, pattern) => {
    expect(matchStage(pattern, production)).toBeDefined();
  });

  it("that has capitals itself", () => {
    expect(matchStage("base", { image: "Dockerfile", name: "Base" })).toBeDefined();
  });

  it("whose name has a dot", () => {
    expect(matchStage("v1*", { image: "Dockerfile", name: "v1.2" })).toBeDefined();
    expect(matchStage("*", { image: "Dockerfile", name: ".hidden" })).toBeDefined();
  });

  it("of an image whose path looks like a glob", () => {
    expect(matchStage("a[1]/production", { image: "a[1]", name: "production" })).toMatchObject({
      image: 2,
    });
  });
});

describe("a pattern does not name a stage", () => {
  it.each([
    ["of another name", "development"],
    ["of which it is only the start", "prod"],
    ["of another image", "services/web/production"],
    ["of an image in another case", "Services/api/production"],
    ["of an image in a folder whose name it only begins like", "serv/**"],
    ["of an image in a folder, where the star is for the stage", "services/*"],
    ["of which the last part is another", "*/web/production"],
    ["by what extended globs would mean", "!(development)"],
    ["by what regular expressions would mean", "(a|production)"],
    ["by negation", "!development"],
    ["by negation of a glob", "!dev*"],
    ["by an extended glob beside a plain one", "@(production|x)*"],
    ["by a regular expression beside a glob", "(a|produc)*"],
    ["by a class of a regular expression", "\\w*"],
  ])("%s", (_, pattern) => {
    expect(matchStage(pattern, production)).toBeUndefined();
  });
});

it("sorts from the least to the most specific", () => {
  const patterns = [
    "*",
    "p*",
    "prod*",
    "production",
    "**/*",
    "services/*/*",
    "**/prod*",
    "**/production",
    "services/*/production",
    "services/api/*",
    "services/api/prod*",
    "services/api/production",
  ];
  const sorted = [...patterns].reverse().sort((a, b) => {
    const [one, other] = [matchStage(a, production), matchStage(b, production)];
    if (one === undefined || other === undefined) throw new Error("every pattern names it");
    return compareMatches(one, other);
  });
  expect(sorted).toEqual(patterns);
});

it("is quick with the worst pattern that is allowed, and a name of any length", () => {
  const worst = "*a*a*ab";
  const work = (length: number) => {
    expect(matchStage(worst, { image: "web", name: "a".repeat(length) })).toBeUndefined();
  };
  expect(growth(300, work)).toBeLessThan(LINEAR);
  expect(growth(1_000_000, work)).toBeLessThan(LINEAR);
});

describe("isGlob", () => {
  it.each(["*", "a?", "[ab]", "{a,b}"])("says so of %s", (pattern) => {
    expect(isGlob(pattern)).toBe(true);
  });

  it.each(["production", "services/api/production", "2"])("does not say so of %s", (pattern) => {
    expect(isGlob(pattern)).toBe(false);
  });
});

describe("what is wrong with a pattern", () => {
  it.each(["production", "prod*", "v1.2_a-b", "2", "a b/production", "**/*", "{a,b}"])(
    "is nothing for %s",
    (pattern) => {
      expect(patternProblem(pattern)).toBeUndefined();
    },
  );

  it("is that it is empty", () => {
    expect(patternProblem("")).toBe("the name of a stage is empty");
  });

  it.each(["/production", "api/", "/", "pro duction", "(a|b)", "+(a)", "a$b", "__proto__()"])(
    "is for %s that no stage is called so",
    (pattern) => {
      expect(patternProblem(pattern)).toBe(
        `"${pattern}" is not a stage: it is a stage, a glob or image/stage, ` +
          "of letters, digits, . _ - and the globs * ? [ ] { }",
      );
    },
  );

  it("is that it would take forever to match", () => {
    const what = "has too many stars; allowed are 3 in a name";
    expect(patternProblem("*a*a*a*a")).toBe(`"*a*a*a*a" ${what}`);
    expect(patternProblem("*a*a*a*a/b")).toBe(`"*a*a*a*a/b" ${what}`);
    expect(patternProblem("**/a/**/b*")).toBeUndefined();
  });

  it.each(["a\nb", "a\u0000/b", "x".repeat(201)])("is that it is not a short line", (pattern) => {
    expect(patternProblem(pattern)).toContain(
      "is not a stage: allowed is one line of at most 200 characters",
    );
  });
});

it("is the same normal pattern for stages in any case, and another for images", () => {
  expect(normalPattern("Api/Production")).toBe("Api/production");
  expect(normalPattern("Production")).toBe("production");
});
