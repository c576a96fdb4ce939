import { expect, test } from "vitest";
import {
  isChatter,
  isWarning,
  looksLikeError,
  standsInUsage,
} from "../../../src/build/progress/telling-lines.ts";

test.each([
  "    sum_test.go:12: got 3, want 4",
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
  "The conflict is caused by:",
  "not ok 1 - adds",
  "    not ok 2 - adds",
  "✖ adds (1.2ms)",
  "  ● spread › is three",
  ">       assert book.spread() == 3",
  "E       assert 2 == 3",
  "./main.go:5:2: undefined: foo",
  "vet: ./main.go:5:2: undefined: foo",
  "src/a.ts(3,7): ';' expected.",
  "Makefile:3: *** missing separator.  Stop.",
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
  "not ok 3 - subtracts # TODO later",
  "> shop@1.0.0 test",
  "[ERROR] ",
  "src/book.c:6:1: note: declared here",
  "12:30:45: compiling part 3",
  "nginx:1.25: pulled",
  "app.js:12: listening",
  "registry.npmjs.org:443: ok",
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

test.each([
  "# todo 0",
  "# fail 0",
  "# duration_ms 847.063612",
  "ℹ pass 12",
  "ok 2 - adds",
  "ok  \tacme/book\t0.010s",
  "PASS src/a.test.js",
  "npm notice New version of npm available",
  "go: downloading golang.org/x/net v0.30.0",
  "Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]",
  "Reading package lists...",
  "[ERROR] -> [Help 1]",
])("%j is said however a step ends", (line) => {
  expect(isChatter(line)).toBe(true);
});

test.each(["# fail 1", "# Subtest: adds", "PASSWORD is not set", "okay"])("%j is not", (line) => {
  expect(isChatter(line)).toBe(false);
});

test("the first line of a compiler's warning is told from other lines", () => {
  expect(isWarning("src/book.c:6:1: warning: control reaches end [-Wreturn-type]")).toBe(true);
  expect(isWarning("warning: unused variable: `y`")).toBe(true);
  expect(isWarning("setup.py:12: DeprecationWarning: use build instead")).toBe(true);
  expect(isWarning("src/a.ts(3,7): warning TS6133: 'x' is never read")).toBe(true);
  expect(isWarning("cc1: all warnings being treated as errors")).toBe(false);
  expect(isWarning("  12:5  warning  Unexpected console statement  no-console")).toBe(false);
});
