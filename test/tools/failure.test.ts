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

test.each([{}, { endedBy: "SIGKILL" }, { endedBy: "SIGTERM" }])(
  "a program without an exit code was killed, if it is by %j",
  (signal) => {
    const result = { exitCode: undefined, ...signal, stdout: "", stderr: "x" };
    expect(howItEnded(result, "x")).toBe("was killed: out of memory, over its time, or cancelled");
  },
);

test.each(["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT"])("%s is a crash", (endedBy) => {
  const result = { exitCode: undefined, endedBy, stdout: "", stderr: "" };
  expect(howItEnded(result, "")).toBe(`crashed (${endedBy})`);
  expect(howItEnded(result, "double free\n")).toBe(`crashed (${endedBy}): double free`);
});

test("another signal is named, and not explained", () => {
  const result = { exitCode: undefined, endedBy: "SIGSYS", stdout: "", stderr: "" };
  expect(howItEnded(result, "")).toBe("was ended by SIGSYS");
});

test("of much that a program says the end is told too, which names the cause", () => {
  const result = { exitCode: 1, stdout: "", stderr: "" };
  const said = `scan error: write /tmp/${"a1b2".repeat(100)}: no space left on device`;
  const words = howItEnded(result, said);
  expect(words).toMatch(/^ended with exit code 1: scan error: write .*…/);
  expect(words).toMatch(/…[ab12]+: no space left on device$/);
});
