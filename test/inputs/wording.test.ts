import { describe, expect, it } from "vitest";
import {
  byNearness,
  choiceOf,
  listOf,
  nearest,
  quoted,
  thereIs,
} from "../../src/inputs/wording.ts";

describe("quoted", () => {
  it("shows a value as it is", () => {
    expect(quoted("150 Mb")).toBe('"150 Mb"');
  });

  it("shows line breaks, terminal escapes and turned writing as their codes", () => {
    expect(quoted("a\n\r\t\u001b[31m\u202eb\u0000")).toBe(
      '"a\\n\\r\\t\\u{1b}[31m\\u{202e}b\\u{0}"',
    );
  });

  it("shows eighty characters of a longer value", () => {
    expect(quoted("x".repeat(1_000_000))).toBe(`"${"x".repeat(80)}…"`);
  });

  it("never cuts a character in two", () => {
    expect(quoted("🐳".repeat(81))).toBe(`"${"🐳".repeat(80)}…"`);
  });
});

describe("lists", () => {
  it("says a choice", () => {
    expect(choiceOf(["error", "warning", "off"])).toBe("error, warning or off");
  });

  it("says a list", () => {
    expect(listOf(["a", "b"])).toBe("a and b");
  });

  it("says one word alone", () => {
    expect(listOf(["a"])).toBe("a");
  });
});

describe("what there is", () => {
  it.each([
    [[], "there is none"],
    [["a"], 'there is "a"'],
    [["a", "a"], 'there is "a"'],
    [["a", "b"], 'there are "b" and "a"'],
  ])("is told with the right verb: %j", (names, words) => {
    expect(thereIs("b", names)).toBe(words);
  });

  it("is counted where it is much", () => {
    const names = Array.from({ length: 15 }, (_, at) => `name-${at}`);
    expect(thereIs("name", names)).toMatch(/^there are "name-0", .* and 3 more$/);
  });
});

describe("nearest", () => {
  it("finds a word with a letter missing", () => {
    expect(nearest("max-unpaked", ["max-download", "max-unpacked"])).toBe("max-unpacked");
  });

  it("minds neither case nor underscores", () => {
    expect(nearest("MAX_UNPACKED", ["max-unpacked"])).toBe("max-unpacked");
  });

  it("finds nothing that is far off", () => {
    expect(nearest("banana", ["max-download", "max-unpacked"])).toBeUndefined();
  });

  it("finds nothing among no words", () => {
    expect(nearest("a", [])).toBeUndefined();
  });

  it("is quick with a value of a megabyte", () => {
    expect(nearest("x".repeat(1_000_000), ["max-unpacked"])).toBeUndefined();
  });
});

it("sorts by nearness", () => {
  expect(byNearness("prodution", ["development", "production"])).toEqual([
    "production",
    "development",
  ]);
});
