import { expect, test } from "vitest";
import { oneLine, oneReason } from "../src/one-line.ts";

test("line ends, tabs and control characters become single spaces", () => {
  expect(oneLine("  a\r\n\tb\u001b[31mc\u0000 \u2028d \n")).toBe("a b [31mc d");
});

test("a text that is just short enough stays whole", () => {
  expect(oneLine("12345", 5)).toBe("12345");
});

test("a longer text ends in an ellipsis", () => {
  expect(oneLine("123 456", 5)).toBe("123…");
});

test("of a reason that is too long the middle is cut: the cause stands last", () => {
  expect(oneReason("cannot write\n/a/long/path/of/a/file: no space", 30)).toBe(
    "cannot write /a…file: no space",
  );
});
