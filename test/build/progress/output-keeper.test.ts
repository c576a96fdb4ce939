import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { OutputKeeper } from "../../../src/build/progress/output-keeper.ts";
import type { StepOutput } from "../../../src/build/progress/telling-lines.ts";

const noise = (count: number) =>
  Array.from({ length: count }, (_, at) => `compiling part ${at}\n`).join("");

/** The lines that say most, as many as are asked for, the best first. */
function best({ lines, telling }: StepOutput, count: number) {
  return telling.slice(0, count).map((at) => lines[at]);
}

/** What says most of an output, in the order in which it was written. */
function telling(written: string): readonly string[] {
  const keeper = new OutputKeeper();
  keeper.add("stdout", noise(40));
  keeper.add("stdout", written);
  const output = keeper.chosen();
  return output.telling.toSorted((one, other) => one - other).map((at) => output.lines[at] ?? "");
}

/** Bytes that are in use, garbage not counted. */
function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

describe("what is kept of a step's output", () => {
  it("is little in memory too, where lines are long", () => {
    const keeper = new OutputKeeper();
    const before = usedBytes();
    for (let at = 0; at < 30; at += 1) keeper.add("stdout", `${`${at}`.repeat(1_000_000)}\n`);
    expect(usedBytes() - before).toBeLessThan(10_000_000);
    expect(keeper.chosen().lines).toHaveLength(30);
  });

  it("is all of it where that is little, in the order in which it was written", () => {
    const keeper = new OutputKeeper();
    keeper.add("stdout", "one\n");
    keeper.add("stderr", "two\n");
    keeper.add("stdout", "three\n");
    expect(keeper.chosen().lines).toEqual(["one", "two", "three"]);
  });

  it("has what was said on stderr before much was said on stdout", () => {
    const keeper = new OutputKeeper();
    keeper.add("stderr", "no such luck\n");
    keeper.add("stdout", noise(500));
    const { lines, ...output } = keeper.chosen();
    expect(lines).toHaveLength(32);
    expect(lines.slice(0, 3)).toEqual(["no such luck", "… 470 lines …", "compiling part 470"]);
    expect(best({ lines, ...output }, 2)).toEqual(["no such luck", "compiling part 499"]);
  });

  it("has what was said on stdout before much was said on stderr", () => {
    const keeper = new OutputKeeper();
    keeper.add("stdout", "no such luck\n");
    keeper.add("stderr", noise(500));
    expect(keeper.chosen().lines.slice(0, 2)).toEqual(["no such luck", "… 470 lines …"]);
  });

  it("has an error in the middle, with what follows it, and says how much was left out", () => {
    const keeper = new OutputKeeper();
    keeper.add("stdout", noise(100));
    keeper.add("stdout", "main.c:3:5: error: expected ';'\n    3 |   return\n      |         ^\n");
    keeper.add("stdout", noise(100));
    const output = keeper.chosen();
    expect(output.lines.slice(0, 5)).toEqual([
      "… 100 lines …",
      "main.c:3:5: error: expected ';'",
      "    3 |   return",
      "      |         ^",
      "… 70 lines …",
    ]);
    expect(best(output, 1)).toEqual(["main.c:3:5: error: expected ';'"]);
  });

  it("says most by its errors and the last few lines, without what npm says of every one", () => {
    const keeper = new OutputKeeper();
    keeper.add("stdout", noise(20));
    keeper.add("stderr", "npm error code EUSAGE\nnpm error Missing: flask from lock file\n");
    keeper.add("stderr", "npm error Usage:\nnpm error npm ci\nnpm error Options:\n");
    keeper.add("stderr", "npm notice New version of npm available\n");
    const early = keeper.chosen();
    expect(early.telling.map((at) => early.lines[at])).not.toContain("compiling part 19");
    keeper.add("stdout", noise(20));
    const { lines, telling } = keeper.chosen();
    expect(lines).toHaveLength(36 + 1);
    const said = telling.toSorted((one, other) => one - other).map((at) => lines[at]);
    expect(said).toEqual([
      "npm error code EUSAGE",
      "npm error Missing: flask from lock file",
      "compiling part 18",
      "compiling part 19",
    ]);
  });

  it("has what a compiler or an interpreter shows below its error, as long as it is indented", () => {
    const keeper = new OutputKeeper();
    const trace = ["Traceback (most recent call last):", '  File "a.py", line 1', "    import b"];
    const frames = ['  File "b.py", line 2', "    import c"];
    keeper.add("stderr", [...trace, ...frames, "ModuleNotFoundError: c", ""].join("\n"));
    keeper.add("stderr", noise(100));
    expect(keeper.chosen().lines.slice(0, 6)).toEqual([
      ...trace,
      ...frames,
      "ModuleNotFoundError: c",
    ]);
  });

  it("has the first errors and the last of very many", () => {
    const keeper = new OutputKeeper();
    for (let at = 0; at < 1_000; at += 1) keeper.add("stdout", `error: number ${at}\n`);
    keeper.add("stdout", noise(100));
    const output = keeper.chosen();
    expect(output.lines[0]).toBe("error: number 0");
    expect(output.lines).toContain("error: number 999");
    expect(output.lines.length).toBeLessThan(80);
  });

  it("has the lines of each stream whole, where pieces of the other come in between", () => {
    const keeper = new OutputKeeper();
    expect(keeper.add("stdout", "compi")).toEqual([]);
    expect(keeper.add("stderr", "warning: odd\n")).toEqual(["warning: odd"]);
    expect(keeper.add("stdout", "ling\nlin")).toEqual(["compiling"]);
    expect(keeper.end()).toEqual(["lin"]);
    expect(keeper.chosen().lines).toEqual(["warning: odd", "compiling", "lin"]);
  });

  it("has of a line that is written over what a terminal shows", () => {
    const keeper = new OutputKeeper();
    expect(keeper.add("stdout", "10 %\r20 %\r\n\r\n")).toEqual(["20 %"]);
  });

  it("has no secret by half where a line has no end", () => {
    const keeper = new OutputKeeper((line) => line.replaceAll("hunter22", "***"));
    const told = keeper.add("stdout", `${"x".repeat(65_533)}hunt`);
    const after = keeper.add("stdout", "er22 and more\nnext\n");
    expect([...told, ...after]).toEqual(["x".repeat(500), "next"]);
  });

  it("stays small, however much is written", () => {
    const keeper = new OutputKeeper();
    const piece = "y".repeat(1_000_000);
    for (let at = 0; at < 200; at += 1) keeper.add("stdout", `${at} %\r${piece}`);
    for (let at = 0; at < 20; at += 1) keeper.add("stderr", `error: no ${noise(10_000)}`);
    expect(JSON.stringify(keeper.chosen()).length).toBeLessThan(60_000);
  });

  it("is of a failed test what TAP says of it, its counters not", () => {
    const test = ["not ok 1 - adds", "  ---", "  location: '/app/a.test.js:1:56'"];
    const said = [...test, "  error: '2 == 3'", "  ..."];
    const passed = ["ok 2 - other", "  ---", "  type: 'test'", "  ...", "1..2", "# pass 1"];
    const counted = ["# fail 1", "# cancelled 0", "# skipped 0", "# todo 0", "# duration_ms 8.6"];
    const lines = [...said, ...passed, ...counted, ""].join("\n");
    expect(telling(lines)).toEqual([...said, "1..2", "# fail 1"]);
  });

  it("has what pytest marks, and nothing of what the test had written", () => {
    const marked = [">       assert book.spread() == 3", "E       assert 2 == 3"];
    const test = "    def test_limit():";
    const place = "tests/test_orders.py:88: AssertionError";
    const captured = ["----------- Captured stdout call -----------", "adding", "adding"];
    const end = [
      "FAILED tests/test_orders.py::test_limit - assert 2 == 3",
      "=== 1 failed in 1.22s",
    ];
    const lines = [test, ...marked, place, ...captured, ...end, ""].join("\n");
    expect(telling(lines)).toEqual([test, ...marked, place, ...end]);
  });

  it("has no picture of a place without what is said of it, and none of a warning", () => {
    const error = ["b.c:5:11: error: no member ‘ticks’", "    5 |   return b->ticks;"];
    const warning = ["b.c:6:1: warning: control reaches end", "    6 | } // error", "      | ^"];
    const lines = ["b.c: In function ‘depth’:", ...error, ...warning, "make: *** Error 1", ""];
    expect(telling(lines.join("\n"))).toEqual([...lines.slice(0, 3), "make: *** Error 1"]);
  });

  const errors = ["./main.go:5:2: undefined: foo", "./main.go:9:14: cannot use x"];
  const report = ["/app/src/a.js", "  3:7  'x' is never used  no-unused-vars"];
  const wrapped: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["go under make", ["# example.com/app", ...errors], ["make: *** [Makefile:3: build] Error 1"]],
    [
      "tsc under yarn",
      [
        "src/a.ts(3,7): error TS2322: Type 'string' is not assignable",
        "src/b.ts(9,1): 'y' expected",
      ],
      ["error Command failed with exit code 2.", "info Visit https://yarnpkg.com/en/docs/cli/run"],
    ],
    [
      "a linter under npm",
      report,
      ["npm ERR! code ELIFECYCLE", "npm ERR! errno 1", "npm ERR! app@1.0.0 build: `eslint .`"],
    ],
  ];
  it.each(wrapped)("says most by the error of %s, whichever stream it is on", (_, said, words) => {
    for (const stream of ["stdout", "stderr"] as const) {
      const keeper = new OutputKeeper();
      keeper.add("stdout", noise(60));
      keeper.add("stdout", `${said.join("\n")}\n`);
      keeper.add(stream, `${words.join("\n")}\n`);
      const output = keeper.chosen();
      expect(best(output, 8)).toEqual(expect.arrayContaining([...said, words.at(-1)]));
    }
  });

  it("has what stands before the words of a wrapper, though an error was seen long before", () => {
    const keeper = new OutputKeeper();
    keeper.add("stdout", `error: harmless\n${noise(60)}`);
    keeper.add("stdout", `${report.join("\n")}\n`);
    keeper.add("stderr", "npm ERR! code ELIFECYCLE\nnpm ERR! errno 1\n");
    expect(best(keeper.chosen(), 12)).toEqual(expect.arrayContaining(report));
  });

  it("has a single line between two that are kept", () => {
    const keeper = new OutputKeeper();
    keeper.add("stdout", "error: one\n  a\nb\nbetween\nerror: two\n");
    keeper.add("stdout", noise(100));
    expect(keeper.chosen().lines.slice(0, 5)).toEqual([
      ...["error: one", "  a", "b", "between", "error: two"],
    ]);
  });
});
