import { expect, test } from "vitest";
import { readAssignments, readSummary } from "../../../scripts/lab/github/runner/command-files.ts";

test("a line assigns what stands behind its first equals sign", () => {
  expect(readAssignments("verdict=pass\nquery=a=b<<c\n")).toEqual({
    verdict: "pass",
    query: "a=b<<c",
  });
});

test("a block is everything up to its delimiter, line breaks and all", () => {
  expect(readAssignments("stages<<end_1\n[\n  1\n]\nend_1\nname=x\n")).toEqual({
    stages: "[\n  1\n]",
    name: "x",
  });
});

test("an empty block is an empty value", () => {
  expect(readAssignments("empty<<EOF\nEOF\n")).toEqual({ empty: "" });
});

test("the last assignment of a name wins", () => {
  expect(readAssignments("a=1\na=2")).toEqual({ a: "2" });
});

test.each([
  ["without a delimiter's end", "a<<EOF\nvalue\n", "Matching delimiter not found 'EOF'"],
  ["without a name", "=value\n", "Invalid format '=value'"],
  ["without a delimiter", "a<<\nvalue\n", "Invalid format 'a<<'"],
  ["without an assignment", "value\n", "Invalid format 'value'"],
])("a file %s fails the step", (_, text, message) => {
  expect(() => readAssignments(text)).toThrow(message);
});

test("a summary above a mebibyte would be dropped", () => {
  expect(readSummary("x".repeat(1_048_576))).toHaveLength(1_048_576);
  expect(() => readSummary("é".repeat(524_289))).toThrow("this has 1048578");
});
