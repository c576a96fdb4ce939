import { expect, test } from "vitest";
import { looksLikeError, standsInUsage } from "../../../src/build/progress/telling-lines.ts";

test.each([
  "main.c:3:5: error: expected ';' before 'return'",
  "npm ERR! code ERESOLVE",
  "npm error code EUSAGE",
  "ERROR: No matching distribution found for flask==99.0",
  "Traceback (most recent call last):",
  "ModuleNotFoundError: No module named 'flask'",
  "E: Unable to locate package libfoo",
  "fatal: repository 'https://example.com/x.git/' not found",
  "make: *** [Makefile:2: all] Error 1",
  "/bin/sh: make: not found",
  "error[E0432]: unresolved import `serde`",
  "[ERROR] Failed to execute goal",
  'Exception in thread "main" java.lang.IllegalStateException: no',
  "undefined reference to `main'",
  "FAILED tests/test_app.py::test_one",
  "Killed",
])("%j looks like an error", (line) => {
  expect(looksLikeError(line)).toBe(true);
});

test.each([
  "gcc -Wall -Werror -Wno-error=format -c main.c",
  "Get:1 http://deb.debian.org/debian bookworm/main amd64 libgpg-error0 amd64 1.46-1",
  "Selecting previously unselected package liberror-perl.",
  "  create mode 100644 src/errors/handler.js",
  "added error.js",
  "Finished with 0 errors and 2 warnings",
  "12 passed, no failures",
  "downloading 93 %",
])("%j does not", (line) => {
  expect(looksLikeError(line)).toBe(false);
});

test("what npm says of how it is to be called looks like an error and is none", () => {
  const said = [
    "npm error code EUSAGE",
    "npm error The `npm ci` command needs a lock file",
    "npm error",
    "npm error Clean install a project",
    "npm error Usage:",
    "npm error npm ci",
    "npm error aliases: clean-install, ic",
    "npm error A complete log of this run can be found in: /root/.npm/_logs/x.log",
    "npm error code E404",
    "make: *** Error 1",
  ];
  let isInside = false;
  const usage = said.filter((line) => {
    isInside = standsInUsage(line, isInside);
    return isInside;
  });
  expect(usage).toEqual(said.slice(3, 8));
  expect(looksLikeError("npm error")).toBe(false);
  expect(looksLikeError("npm error 404 ")).toBe(false);
});
