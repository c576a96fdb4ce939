import { expect, test } from "vitest";
import { inWords } from "../src/in-words.ts";

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c"], "a, b and c"],
  [["a", "b", "c", "d", "e"], "a, b, c and 2 more"],
])("%j is told in words", (names, words) => {
  expect(inWords(names)).toBe(words);
});
