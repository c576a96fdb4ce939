import { describe, expect, test } from "vitest";
import { readShellText } from "../../src/plan/shell-lexer.ts";

const values = new Map([
  ["A", "abc"],
  ["VERSION", "1.2.3"],
  ["EMPTY", ""],
  ["PATTERN", "a*c"],
]);

function read(text: string, escapeCharacter = "\\"): string {
  const result = readShellText(text, { escapeCharacter, lookUp: (name) => values.get(name) });
  return result.kind === "text" ? result.text : `fault: ${result.what}`;
}

describe("a word of a Dockerfile", () => {
  test.each([
    ["$A", "abc"],
    ["x${A}y", "xabcy"],
    ["$NONE-", "-"],
    ["${A:-b}", "abc"],
    ["${NONE:-b}", "b"],
    ["${EMPTY:-b}", "b"],
    ["${EMPTY-b}", ""],
    ["${NONE:-${A}}", "abc"],
    ["${A:+b}", "b"],
    ["${EMPTY:+b}", ""],
    ["${EMPTY+b}", "b"],
    ["${NONE+b}", ""],
    ["${A:?needed}", "abc"],
    ["'$A'", "$A"],
    ['"$A"', "abc"],
    ['a"b c"d', "ab cd"],
    ["\\$A", "$A"],
    ['"\\$A\\x"', "$A\\x"],
    ["$", "$"],
    ["a$", "a$"],
  ])("%s is read as %s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    ["${VERSION#*.}", "2.3"],
    ["${VERSION##*.}", "3"],
    ["${VERSION%.*}", "1.2"],
    ["${VERSION%%.*}", "1"],
    ["${VERSION#1.?}", ".3"],
    ["${VERSION#2}", "1.2.3"],
    ["${VERSION%3}", "1.2."],
    ["${VERSION/./-}", "1-2.3"],
    ["${VERSION//./-}", "1-2-3"],
    ["${VERSION/.*/}", "1"],
    ["${VERSION//?/x}", "xxxxx"],
    ["${VERSION//*/x}", "x"],
    ["${VERSION///-}", "-1-.-2-.-3-"],
    ["${PATTERN#a\\*}", "c"],
    ["${PATTERN/\\*/\\}}", "a\\}c"],
    ["${NONE#a}", ""],
  ])("%s is cut to %s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test("is escaped by a backtick where the directive says so", () => {
    expect(read("`$A\\", "`")).toBe("$A\\");
  });

  test.each([
    ["${A", "fault: ${ has no }"],
    ["${}", "fault: ${ is followed by no name"],
    ["${A@Q}", "fault: ${A@ is no substitution that Dockerfiles know"],
    ["${A:=b}", "fault: ${A:= is no substitution that Dockerfiles know"],
    ["${A:#b}", "fault: ${A:# is no substitution that Dockerfiles know"],
    ["${A/b}", "fault: ${ has no /"],
    ["${NONE:?give it}", "fault: NONE: give it"],
    ["${NONE?}", "fault: NONE: is not allowed to be unset"],
    ["${EMPTY:?}", "fault: EMPTY: is not allowed to be empty"],
    ["'a", "fault: a ' has no other ' that ends it"],
    ['"a', 'fault: a " has no other " that ends it'],
    ["${A#\\b}", 'fault: "\\b" is no pattern: \\ stands before *, ?, }, / and \\ only'],
  ])("%s is refused: %s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test("names the variables that are not set, each once", () => {
    const result = readShellText("$A$B${C:-}$B", {
      escapeCharacter: "\\",
      lookUp: () => undefined,
    });
    expect(result).toMatchObject({ unset: ["A", "B"] });
  });
});

describe("hostile text", () => {
  test("that nests without end is refused", () => {
    expect(read("${A:+".repeat(20_000))).toBe("fault: substitutions are nested too deeply");
  });

  test("that grows without end is refused", () => {
    values.set("LONG", "x".repeat(60_000));
    expect(read("$LONG$LONG$LONG$LONG$LONG")).toBe("fault: it becomes too long");
  });

  test("that would be matched for long is refused", () => {
    values.set("LONG", "a".repeat(60_000));
    expect(read(`\${LONG#${"*a".repeat(10_000)}b}`)).toBe(
      "fault: the value of LONG or a pattern for it is too long",
    );
  });
});
