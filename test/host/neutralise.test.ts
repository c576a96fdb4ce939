import fc from "fast-check";
import { expect, test } from "vitest";
import { neutralise, neutraliseLine } from "../../src/host/neutralise.ts";

/** Text made of what attacks are made of, and of anything else. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom("::", "##[", "::error::", " ", "\t", "\r", "\n", "\r\n", "#", ":", "[", "]"),
      fc.constantFrom(
        "\u001b[",
        "\u001b]0;",
        "\u0007",
        "\u009b",
        "\u001b\\",
        "\u001b",
        "31m",
        "\0",
      ),
      fc.constantFrom("\u202e", "\u2066", "\u2028", "\u3000", "\u180e", "\u200b", "\ud800"),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

/** Lines as the runner sees them, without the white space that it trims (and some more). */
function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.replace(/^[\s\u0085\u180e\u200b\ufeff]+/, ""));
}

test("no line of a neutralised text is a workflow command", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const lines = linesOf(neutralise(text));
      expect(lines.filter((line) => line.startsWith("::") || line.includes("##["))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test("a neutralised text holds no character that steers a terminal or reorders text", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const steering = /[^\P{Cc}\n\t]|[\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
      expect(neutralise(text)).not.toMatch(steering);
    }),
    { numRuns: 2000 },
  );
});

test("a neutralised line is one line", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(neutraliseLine(text)).not.toMatch(/[\r\n]/);
    }),
  );
});

test("neutralising what is neutral already changes nothing", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(neutralise(neutralise(text))).toBe(neutralise(text));
    }),
  );
});

test("plain text stays as it is", () => {
  const text = "#12 [stage-1 2/3] RUN make\n\t::not at the start: é 漢字 👩‍👩‍👧 `x` 100%";
  expect(neutralise(text.replace("\t::", "\tx::"))).toBe(text.replace("\t::", "\tx::"));
});

test.each([
  ["::set-output name=a::b", ": :set-output name=a::b"],
  ["  \t::error::x", "  \t: :error::x"],
  ["ok\n::add-mask::x", "ok\n: :add-mask::x"],
  ["10%\r::error::x", "10%\n: :error::x"],
  ["\u001b[2K::error::x", ": :error::x"],
  ["text ##[group]title", "text ## [group]title"],
  ["#\u001b[0m#[error]x", "## [error]x"],
])("disarms the workflow command in %j", (text, expected) => {
  expect(neutralise(text)).toBe(expected);
});

test.each([
  ["\u001b[1;31mred\u001b[0m", "red"],
  ["\u001b[2J\u001b[Hcleared", "cleared"],
  ["\u001b]0;title\u0007after", "after"],
  ["\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\", "click"],
  ["\u009b31mred", "red"],
])("removes the terminal sequence in %j", (text, expected) => {
  expect(neutralise(text)).toBe(expected);
});

test.each([
  ["a\0b", "a<U+0000>b"],
  ["a\bb", "a<U+0008>b"],
  ["broken \u001b]0;title", "broken <U+001B>]0;title"],
  ["\u001b\u001b[31m[31m", "<U+001B>[31m"],
  ["user\u202enimda", "user<U+202E>nimda"],
  ["one\u2028two", "one<U+2028>two"],
])("shows the character that nobody can see in %j", (text, expected) => {
  expect(neutralise(text)).toBe(expected);
});
