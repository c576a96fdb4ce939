import { describe, expect, it } from "vitest";
import {
  parseFlag,
  parseLine,
  parsePlatform,
  parseWord,
  parseWordInAnyCase,
} from "../../src/inputs/values.ts";

describe("parseFlag", () => {
  it.each(["true", "True", "TRUE"])("reads %s as true", (text) => {
    expect(parseFlag(text)).toEqual({ kind: "ok", value: true });
  });

  it.each(["false", "False", "FALSE"])("reads %s as false", (text) => {
    expect(parseFlag(text)).toEqual({ kind: "ok", value: false });
  });

  it.each(["yes", "no", "1", "0", "on", "tRUE", "true\n", ""])("refuses %j", (text) => {
    expect(parseFlag(text)).toEqual({
      kind: "problem",
      what: `${JSON.stringify(text)} is not a boolean; allowed are true and false`,
    });
  });
});

describe("parseWord", () => {
  it("takes a word that is allowed", () => {
    expect(parseWord("auto", ["auto", "never"])).toEqual({ kind: "ok", value: "auto" });
  });

  it("names what is allowed and what was probably meant", () => {
    expect(parseWord("Allways", ["auto", "always", "never"])).toEqual({
      kind: "problem",
      what: '"Allways" is not allowed; it is auto, always or never; did you mean "always"?',
    });
  });

  it("takes no property of objects for a word", () => {
    expect(parseWord("constructor", ["auto", "never"])).toEqual({
      kind: "problem",
      what: '"constructor" is not allowed; it is auto or never',
    });
  });
});

describe("parseWordInAnyCase", () => {
  it("takes a severity as scanners write it", () => {
    expect(parseWordInAnyCase("HIGH", ["high", "low"])).toEqual({ kind: "ok", value: "high" });
  });
});

describe("parseLine", () => {
  it.each(["a\nb", "a\rb", "a\u0000b", "a\u001bb", "a\u2028b", "a\u0085b"])(
    "refuses the control character in %j",
    (text) => {
      expect(parseLine(text)).toMatchObject({
        kind: "problem",
        what: expect.stringContaining("holds a line break or another control character"),
      });
    },
  );

  it("counts characters, not the units that they are stored in", () => {
    expect(parseLine("🐳🐳🐳", 3)).toEqual({ kind: "ok", value: "🐳🐳🐳" });
  });

  it("refuses more characters than are allowed", () => {
    expect(parseLine("abcd", 3)).toEqual({
      kind: "problem",
      what: '"abcd" has 4 characters; allowed are 3',
    });
  });
});

describe("parsePlatform", () => {
  it.each(["linux/amd64", "linux/arm/v7", "linux/arm64/v8", "windows/amd64"])(
    "takes %s",
    (text) => {
      expect(parsePlatform(text)).toEqual({ kind: "ok", value: text });
    },
  );

  it.each(["linux/amd64,linux/arm64", "linux/amd64 linux/arm64", "linux/amd64\nlinux/arm64"])(
    "refuses the list %j and says why",
    (text) => {
      expect(parsePlatform(text)).toEqual({
        kind: "problem",
        what:
          `${JSON.stringify(text)} is more than one platform: a size belongs to one; ` +
          "use a matrix with a leg for each, and give each leg its own name",
      });
    },
  );

  it("offers the architecture that was probably meant", () => {
    expect(parsePlatform("linux/amd46")).toMatchObject({
      what: expect.stringMatching(/^"linux\/amd46" is not a platform: .*did you mean "amd64"\?$/),
    });
  });

  it("offers the system that was probably meant", () => {
    expect(parsePlatform("Linux/amd64").kind).toBe("problem");
    expect(parsePlatform("linus/amd64")).toMatchObject({
      what: expect.stringContaining('did you mean "linux"?'),
    });
  });

  it.each(["amd64", "linux", "linux/", "/amd64", "linux/amd64/", "linux/arm/v7/x", "--help"])(
    "refuses %j and says the form",
    (text) => {
      expect(parsePlatform(text)).toEqual({
        kind: "problem",
        what: `${JSON.stringify(text)} is not a platform; it is os/arch or os/arch/variant, such as linux/arm64`,
      });
    },
  );
});
