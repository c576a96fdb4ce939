import { expect, test } from "vitest";
import { ToolError, UserError } from "../src/errors.ts";
import { createFiles } from "../src/host/files.ts";
import type { Log } from "../src/host/host.ts";
import type { PublishInputs } from "../src/model/inputs.ts";
import { endingOf, explain, explainOnRunner, whyPassed } from "../src/outcome.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeSkippedReportStage,
} from "./make-report.ts";
import { makeHost } from "./publish/make-host.ts";

const inputs: PublishInputs = {
  name: "app",
  nameIsGiven: false,
  comment: "auto",
  uploadSarif: "auto",
  summary: true,
  fail: true,
  onUnknown: "fail",
};

test("the verdict decides how a run ends, and on-unknown what an unknown one means", () => {
  const endings = (["pass", "fail", "unknown"] as const).flatMap((verdict) =>
    (["fail", "warn"] as const).map((onUnknown) =>
      endingOf(makeReport({ verdict }), { ...inputs, onUnknown }),
    ),
  );
  expect(endings).toEqual(["passed", "passed", "failed", "failed", "failed", "passed"]);
});

test("goals that only advise fail nothing, and a stage that does not build still does", () => {
  const advice = { ...inputs, fail: false };
  const broken = makeReportImage({ stages: [makeFailedReportStage()] });
  expect(endingOf(makeReport({ verdict: "fail" }), advice)).toBe("passed");
  expect(endingOf(makeReport({ verdict: "fail", images: [broken] }), advice)).toBe("failed");
  const { leftOut: _, ...skipped } = makeSkippedReportStage({ reason: "was not built" });
  const without = makeReportImage({ stages: [skipped] });
  expect(endingOf(makeReport({ verdict: "fail", images: [without] }), advice)).toBe("failed");
});

test("why a run passes although its verdict is another is told, and only then", () => {
  const why = (verdict: "pass" | "fail" | "unknown", changes: Partial<PublishInputs>) =>
    whyPassed(makeReport({ verdict }), { ...inputs, ...changes });
  expect(why("fail", { fail: false })).toBe("Goals only advise (fail: false): the step passes.");
  expect(why("unknown", { onUnknown: "warn" })).toContain("(on-unknown: warn): the step passes.");
  expect(why("pass", { fail: false })).toBeUndefined();
  expect(why("fail", {})).toBeUndefined();
});

test("everything that the user has to change is listed with its place", () => {
  const { said, ending } = explained(
    new UserError([
      { where: "input goals, line 1", what: "is not a size" },
      { where: "Dockerfile:3", what: "unknown instruction" },
    ]),
  );
  expect(ending).toBe("bad input");
  expect(said).toBe(
    [
      "error: 2 things have to be put right; nothing was built:",
      "  input goals, line 1: is not a size",
      "  Dockerfile:3: unknown instruction",
    ].join("\n"),
  );
});

test("what turned out while it was being built is not said to have kept anything from that", async () => {
  const error = new UserError(
    [{ where: ".hadolint.yaml", what: "is broken" }],
    "the build was stopped",
  );
  expect(explained(error).said).toBe(
    "error: One thing has to be put right; the build was stopped:\n  .hadolint.yaml: is broken",
  );
  const recording = makeHost();
  const { signal } = new AbortController();
  await explainOnRunner({ ...recording, kind: "actions", signal }, error);
  expect(recording.summaries[0]).toContain("\n\nThe build was stopped.\n\n");
});

test("inputs are told first, then the configuration file by line, then the Dockerfiles", () => {
  const places = [
    "Dockerfile:3",
    ".github/weighbridge.yml:12",
    "input targets",
    ".github/weighbridge.yml:4",
    "input builder",
  ];
  const { said } = explained(new UserError(places.map((where) => ({ where, what: "is wrong" }))));
  expect(said.split("\n").slice(1)).toEqual([
    "  input targets: is wrong",
    "  input builder: is wrong",
    "  .github/weighbridge.yml:4: is wrong",
    "  .github/weighbridge.yml:12: is wrong",
    "  Dockerfile:3: is wrong",
  ]);
});

test("on a runner, what is wrong with a file is said on its line, and all of it in the summary", async () => {
  const placed: unknown[] = [];
  const recording = makeHost();
  const log: Log = { ...recording.log, error: (_text, place) => void placed.push(place) };
  const { signal } = new AbortController();
  const host = { ...recording, kind: "actions", signal, log } as const;
  const error = new UserError([
    { where: "input goals, line 1", what: '"150 Mb" is not a size' },
    { where: "Dockerfile:3", what: 'unknown instruction "<b>"' },
    { where: "../elsewhere:3", what: "is outside" },
  ]);
  expect(await explainOnRunner(host, error)).toBe("bad input");
  expect(placed).toEqual([{ file: "Dockerfile", line: 3 }]);
  expect(recording.summaries).toEqual([
    [
      "### ❌ 3 things have to be put right",
      "",
      "Nothing was built.",
      "",
      '- `input goals, line 1`: "150 Mb" is not a size',
      "- `../elsewhere:3`: is outside",
      '- `Dockerfile:3`: unknown instruction "\\<b\\>"',
    ].join("\n"),
  ]);
});

test("what has to be put right is not in a summary that is switched off", async () => {
  const error = new UserError([{ where: "input goals, line 1", what: '"150 Mb" is not a size' }]);
  const summaries = async (given?: string) => {
    const recording = makeHost();
    const host = { ...recording, kind: "actions", signal: new AbortController().signal } as const;
    expect(await explainOnRunner(host, error, given)).toBe("bad input");
    return recording.summaries.length;
  };
  expect(await summaries("false\n")).toBe(0);
  expect(await summaries("no")).toBe(1);
  expect(await summaries("")).toBe(1);
});

test("a tool that failed is told with the end of what it said", () => {
  const details = { command: "docker buildx bake", exitCode: 1, stderrTail: "no space left\n" };
  const { said, ending } = explained(new ToolError("The build was stopped", details));
  expect(ending).toBe("broken");
  expect(said).toBe("error: The build was stopped (docker buildx bake)\nno space left");
});

test("what the system refuses is no bug, and has no stack trace", async () => {
  const files = createFiles({ workspace: "/", env: {} });
  const error = await files.readText("/dev/null/report.json").catch((thrown) => thrown);
  const { said, ending } = explained(error);
  expect(ending).toBe("broken");
  expect(said).toMatch(
    /^error: The system refuses what has to be done: ENOTDIR: not a directory, open /,
  );
});

test("a full disk is called so", () => {
  const full = new Error("ENOSPC: no space left on device, write '/state/layout/index.json'");
  const { said, ending } = explained(Object.assign(full, { code: "ENOSPC", syscall: "write" }));
  expect(ending).toBe("broken");
  expect(said).toBe(`error: The disk is full: ${full.message}`);
});

test("when tidying up fails too, what came first is told", () => {
  const first = new ToolError("The build was stopped", { command: "docker buildx bake" });
  const { said, ending } = explained(new SuppressedError(new Error("second"), first));
  expect(ending).toBe("broken");
  expect(said).toBe("error: The build was stopped (docker buildx bake)");
});

test("whatever a cancelled run fails with, it was cancelled", () => {
  const { said, ending } = explained(
    new UserError([{ where: "input trivy-path", what: "was killed" }]),
    AbortSignal.abort(new Error("cancelled by SIGINT")),
  );
  expect(ending).toBe("broken");
  expect(said).toBe("error: The run was cancelled by SIGINT; there is no report");
});

test("anything else is a bug of ours, with its stack trace", () => {
  const { said, ending } = explained(new TypeError("x is not a function"));
  expect(ending).toBe("broken");
  expect(said).toMatch(
    /^error: This is a bug of weighbridge: x is not a function\ninfo: .*\n +at /,
  );
});

function explained(error: unknown, signal = new AbortController().signal) {
  const lines: string[] = [];
  const say = (level: string) => (text: string) => void lines.push(`${level}: ${text}`);
  const log: Log = {
    info: say("info"),
    debug: say("debug"),
    notice: say("notice"),
    warning: say("warning"),
    error: say("error"),
    group: say("group"),
    endGroup() {},
    progress: say("progress"),
    showsProgress: true,
  };
  return { ending: explain({ log, signal }, error), said: lines.join("\n") };
}
