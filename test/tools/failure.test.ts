import { expect, test } from "vitest";
import { howItEnded } from "../../src/tools/failure.ts";

test("names the exit code and what the program says, in one line", () => {
  const result = { exitCode: 3, stdout: "", stderr: "" };
  expect(howItEnded(result, "no\n  such host ")).toBe("ended with exit code 3: no such host");
});

test("says when it said nothing", () => {
  const result = { exitCode: 1, stdout: "", stderr: "" };
  expect(howItEnded(result, "\n")).toBe("ended with exit code 1 and said nothing");
});

test("a program without an exit code was killed", () => {
  const result = { exitCode: undefined, stdout: "", stderr: "x" };
  expect(howItEnded(result, "x")).toBe("was killed: out of memory, over its time, or cancelled");
});
