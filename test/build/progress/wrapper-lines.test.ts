import { expect, test } from "vitest";
import { isOfWrapper } from "../../../src/build/progress/wrapper-lines.ts";

test.each([
  "make: *** [Makefile:3: build] Error 1",
  "make[2]: *** [CMakeFiles/app.dir/build.make:76: main.o] Error 1",
  "npm ERR! code ELIFECYCLE",
  "npm ERR! app@1.0.0 build: `eslint .`",
  "npm ERR! Exit status 1",
  "npm ERR! Failed at the app@1.0.0 build script.",
  "npm error Lifecycle script `build` failed with error:",
  "error Command failed with exit code 2.",
  " ELIFECYCLE  Command failed with exit code 2.",
  "FAILURE: Build failed with an exception.",
  "BUILD FAILED in 3s",
  "> Task :compileJava FAILED",
  "[INFO] BUILD FAILURE",
  "-- Configuring incomplete, errors occurred!",
  "FAILED: app",
  "ninja: build stopped: subcommand failed.",
  "ERROR: Build did NOT complete successfully",
  'error: could not compile `app` (bin "app") due to 1 previous error',
  "exit status 1",
  "FAIL\texample.com/app\t0.010s",
])("%j says that something failed, and not what", (line) => {
  expect(isOfWrapper(line)).toBe(true);
});

test.each([
  "make: *** No rule to make target 'a.c', needed by 'a.o'.  Stop.",
  "make: *** [Makefile:3: test] Segmentation fault (core dumped)",
  "npm ERR! code ERESOLVE",
  "npm error Missing: flask from lock file",
  "FAILED tests/test_app.py::test_one",
  "--- FAIL: TestSum (0.00s)",
  "error[E0432]: unresolved import `serde`",
  "[ERROR] Failed to execute goal on project app: Could not resolve dependencies",
  "CMake Error at CMakeLists.txt:3 (find_package):",
])("%j says what", (line) => {
  expect(isOfWrapper(line)).toBe(false);
});
