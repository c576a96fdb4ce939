import { expect, test } from "vitest";
import type { GoalResult } from "../../src/model/goal.ts";
import type { ReportImage } from "../../src/model/report.ts";
import { annotate } from "../../src/publish/annotations.ts";
import { makeBaseLayer, makeDigest, makeFinding, makeLintFinding } from "../make.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
} from "../make-report.ts";
import { makeLog } from "./make-host.ts";

const STRICT = { fail: true, onUnknown: "fail" } as const;

/** What is logged for a report of one image. */
function annotationsFor(
  image: Partial<ReportImage>,
  inputs: { readonly fail: boolean; readonly onUnknown: "fail" | "warn" } = STRICT,
): readonly string[] {
  const logged: string[] = [];
  annotate(makeLog(logged), makeReport({ images: [makeReportImage(image)] }), inputs);
  return logged;
}

const missed: GoalResult = {
  rule: "max-unpacked",
  limit: 100_000_000,
  actual: 140_000_000,
  verdict: "fail",
};
const unknown: GoalResult = {
  rule: "fail-on-severity",
  limit: "high",
  verdict: "unknown",
  reason: "the database could not be fetched",
};

test("a report in which all is well has no annotations", () => {
  expect(annotationsFor({})).toEqual([]);
});

test("a failed stage is an error on its line, with its output", () => {
  expect(annotationsFor({ stages: [makeFailedReportStage()] })).toEqual([
    [
      "Dockerfile:3 error: production failed to build: " +
        'process "/bin/sh -c pip install -r requirements.txt" did not complete: exit code: 1',
      "ERROR: Could not find a version that satisfies the requirement flask==99.0",
      "ERROR: No matching distribution found for flask==99.0",
    ].join("\n"),
  ]);
});

test("a file is named as it is in the repository, wherever that is checked out", () => {
  const logged: string[] = [];
  const image = makeReportImage({
    dockerfile: "app/Dockerfile",
    stages: [makeFailedReportStage()],
  });
  annotate(makeLog(logged), makeReport({ images: [image] }), STRICT, "app");
  expect(logged[0]).toMatch(/^Dockerfile:3 error: /);
});

test("a failed stage whose line is not known is annotated on its FROM", () => {
  const stage = makeFailedReportStage({ line: 5, failure: { output: [] } });
  expect(annotationsFor({ stages: [stage] })[0]).toMatch(/^Dockerfile:5 error: /);
});

test("stages that the same instruction has failed are one annotation", () => {
  const stages = [
    makeFailedReportStage(),
    makeFailedReportStage({ name: "development", index: 1, line: 9 }),
  ];
  const logged = annotationsFor({ stages });
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatch(/^Dockerfile:3 error: production, development failed to build/);
});

test("of a long output the telling lines are shown and no others, within what a runner takes", () => {
  const output = Array.from({ length: 500 }, (_, index) => `line ${index} ${"x".repeat(200)}`);
  const stage = makeFailedReportStage({
    failure: { line: 3, output, telling: [7, ...Array.from({ length: 30 }, (_, at) => 499 - at)] },
  });
  const [text = ""] = annotationsFor({ stages: [stage] });
  expect(text.length).toBeLessThan(4_000);
  const lines = text.split("\n").slice(1);
  expect(lines.slice(0, 3)).toEqual(["… 7 lines …", `line 7 ${"x".repeat(200)}`, "… 479 lines …"]);
  expect(lines.at(-1)).toMatch(/^line 499 /);
});

test("missed goals of a stage are one error on its FROM", () => {
  const stage = makeReportStage({ line: 4, goals: [missed, { ...missed, rule: "max-download" }] });
  expect(annotationsFor({ stages: [stage] })).toEqual([
    "Dockerfile:4 error: production misses 2 goals: " +
      "140 MB unpacked, 40 MB over its goal of 100 MB; the base image alone is 110 MB; your largest line is 3, 30 MB\n" +
      "140 MB to download, 40 MB over its goal of 100 MB; your largest line is 3, 10 MB to download",
  ]);
});

test("goals that only advise are warnings", () => {
  const stage = makeReportStage({ goals: [missed] });
  const [text] = annotationsFor({ stages: [stage] }, { fail: false, onUnknown: "fail" });
  expect(text).toMatch(/^Dockerfile:1 warning: production misses 1 goal: /);
});

test.each([
  { fail: true, onUnknown: "fail", level: "error" },
  { fail: true, onUnknown: "warn", level: "warning" },
  { fail: false, onUnknown: "fail", level: "warning" },
] as const)("an unknown goal is a $level with fail $fail and on-unknown $onUnknown", (row) => {
  const stage = makeReportStage({ goals: [unknown] });
  expect(annotationsFor({ stages: [stage] }, row)).toEqual([
    `Dockerfile:1 ${row.level}: production cannot be held to 1 goal: ` +
      "fail-on-severity: the database could not be fetched",
  ]);
});

test("of a stage that failed, unknown goals are not told besides", () => {
  const stage = makeFailedReportStage({ goals: [unknown] });
  expect(annotationsFor({ stages: [stage] })).toHaveLength(1);
});

test("of a stage that is not there, goals are not told", () => {
  const { digest, unpacked, download, own, base, live, wasted, efficiency, ...rest } =
    makeReportStage({ name: "production", index: 1, goals: [unknown] });
  const skipped = { ...rest, status: "skipped", reason: "needs builder, which failed" } as const;
  expect(annotationsFor({ stages: [makeFailedReportStage(), skipped] })).toHaveLength(1);
});

test("a stage is named with its image where there are several", () => {
  const images = ["backend", "frontend"].map((name) =>
    makeReportImage({ name, stages: [makeReportStage({ image: name, goals: [missed] })] }),
  );
  const logged: string[] = [];
  annotate(makeLog(logged), makeReport({ images }), STRICT);
  expect(logged[1]).toContain("error: frontend/production misses 1 goal: ");
});

test("what one stage installs and another copies is told once, at the line that installs it", () => {
  const builder = makeReportStage({ name: "builder", findings: [makeFinding({ line: 5 })] });
  const copy = makeReportStage({ index: 1, line: 10, findings: [makeFinding({ line: 12 })] });
  expect(annotationsFor({ stages: [builder, copy] })).toEqual([
    expect.stringMatching(/^Dockerfile:5 warning: 1 high finding: In builder, production:/),
  ]);
});

test("critical findings come before what linters take for an error, and that before warnings", () => {
  const findings = [
    makeLintFinding(),
    makeLintFinding({ rule: "DL3020", severity: "error" }),
    makeFinding({ severity: "critical" }),
  ];
  const logged = annotationsFor({ stages: [makeReportStage({ findings })] });
  expect(logged.map((text) => text.split(": ")[1])).toEqual([
    "1 critical finding",
    "Hadolint DL3020 (error)",
    "Hadolint DL3008 (warning)",
  ]);
});

test("critical and high findings are one warning a line, the worst first", () => {
  const findings = [
    makeFinding(),
    makeFinding({ rule: "CVE-2024-0002", severity: "critical", package: "zlib", installed: "1.2" }),
    makeFinding({ rule: "CVE-2024-0003", severity: "medium" }),
  ];
  const stages = [makeReportStage({ findings })];
  expect(annotationsFor({ stages })).toEqual([
    [
      "Dockerfile:1 warning: 1 critical and 1 high finding: In production:",
      "CVE-2024-0002 (critical): zlib 1.2, fixed in 3.0.13-1",
      "CVE-2024-0001 (high): openssl 3.0.11-1, fixed in 3.0.13-1",
    ].join("\n"),
  ]);
});

test("a finding that several stages carry is told once, with all of them", () => {
  const stages = ["production", "development"].map((name, index) =>
    makeReportStage({ name, index, findings: [makeFinding()] }),
  );
  expect(annotationsFor({ stages })).toEqual([
    "Dockerfile:1 warning: 1 high finding: In production, development:\n" +
      "CVE-2024-0001 (high): openssl 3.0.11-1, fixed in 3.0.13-1",
  ]);
});

test("what different base images have in common is told at the line of each", () => {
  const [build, production] = [1, 7].map((line, index) =>
    makeReportStage({
      index,
      line,
      name: index === 0 ? "build" : "production",
      layers: [makeBaseLayer({ diffId: makeDigest(String(index)), line })],
      findings: [makeFinding({ line })],
    }),
  );
  const stages = [build, production].flatMap((stage) => stage ?? []);
  expect(annotationsFor({ stages })).toEqual([
    expect.stringMatching(/^Dockerfile:1 warning: 1 high finding: In build:\n/),
    expect.stringMatching(/^Dockerfile:7 warning: 1 high finding: In production:\n/),
  ]);
});

test("a finding without a fix says so, and one about a file names the file", () => {
  const { fixed: _fixed, ...unfixed } = makeFinding();
  const { package: _package, installed: _installed, ...noPackage } = unfixed;
  const { help: _help, ...bare } = noPackage;
  const secret = { ...bare, kind: "secret", rule: "private-key", path: "/app/key.pem" } as const;
  const [text] = annotationsFor({ stages: [makeReportStage({ findings: [unfixed, secret] })] });
  expect(text?.split("\n").slice(1)).toEqual([
    "CVE-2024-0001 (high): openssl 3.0.11-1, no fix yet",
    "private-key (high): /app/key.pem",
  ]);
  expect(text).toContain("1 secret, 1 high finding: ");
});

test("many findings on one line are counted", () => {
  const findings = Array.from({ length: 20 }, (_, index) => makeFinding({ rule: `CVE-${index}` }));
  const [text] = annotationsFor({ stages: [makeReportStage({ findings })] });
  expect(text?.split("\n")).toHaveLength(10);
  expect(text).toMatch(/20 high findings.*and 12 more\.$/s);
});

test("what linters say is one annotation a rule, the worst first and nothing below a warning", () => {
  const findings = [
    makeLintFinding({ rule: "DL3059", severity: "info", line: 8 }),
    makeLintFinding(),
    makeLintFinding({ line: 7 }),
    makeLintFinding({ line: 9 }),
    makeLintFinding({ rule: "DL3020", severity: "error", line: 5 }),
  ];
  expect(annotationsFor({ findings })).toEqual([
    expect.stringMatching(/^Dockerfile:5 warning: Hadolint DL3020 \(error\): /),
    "Dockerfile:3 warning: Hadolint DL3008 (warning): Pin versions in apt get install\n" +
      "Also at lines 7, 9.\nhttps://github.com/hadolint/hadolint/wiki/DL3008",
  ]);
});

test("lint findings that make the run fail are errors", () => {
  const findings = [makeLintFinding(), makeLintFinding({ rule: "DL3059", severity: "info" })];
  const failOnLint = { limit: "warning", actual: "warning", verdict: "fail" } as const;
  const logged = annotationsFor({ findings, failOnLint });
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatch(/^Dockerfile:3 error: Hadolint DL3008 \(warning\): /);
  expect(logged[0]).toContain("fail-on-lint is warning: this is why it fails.");
  const advised = annotationsFor({ findings, failOnLint }, { fail: false, onUnknown: "fail" });
  expect(advised[0]).toMatch(/^Dockerfile:3 warning/);
  expect(advised[0]).toContain("fail-on-lint is warning: with fail: false, it only advises.");
  expect(advised[0]).not.toContain("this is why");
});

test("there are eight annotations a level, and the rest is counted", () => {
  const findings = Array.from({ length: 11 }, (_, index) =>
    makeLintFinding({ rule: `DL${index}`, line: index + 1 }),
  );
  const logged = annotationsFor({ findings });
  expect(logged).toHaveLength(9);
  expect(logged.at(-1)).toBe(
    "info: 8 of 11 warnings are annotations: GitHub shows ten a step, and two are left for other messages. All are in the report.",
  );
});

test("failures come before goals, and goals before findings", () => {
  const failOnLint = { limit: "warning", actual: "warning", verdict: "fail" } as const;
  const stages = [
    makeReportStage({ name: "a", goals: [missed] }),
    makeFailedReportStage({ name: "b" }),
  ];
  const logged = annotationsFor({ stages, failOnLint, findings: [makeLintFinding()] });
  expect(logged.map((text) => text.split(": ")[1])).toEqual([
    "b failed to build",
    "a misses 1 goal",
    "Hadolint DL3008 (warning)",
  ]);
});

test.each(["/etc/passwd", "../Dockerfile", "a/../../Dockerfile", "C:\\Dockerfile", ""])(
  "no line of %j, outside the workspace, is annotated",
  (dockerfile) => {
    const logged = annotationsFor({ dockerfile, stages: [makeReportStage({ goals: [missed] })] });
    expect(logged).toEqual([
      expect.stringMatching(/^error: production misses 1 goal: 140 MB unpacked, 40 MB over/),
    ]);
  },
);

test("a finding without a line is told without a place", () => {
  const { line: _, ...finding } = makeLintFinding();
  expect(annotationsFor({ findings: [finding] })[0]).toMatch(
    /^warning: Hadolint DL3008 \(warning\): /,
  );
});

test("findings of all images are one list, the worst first", () => {
  const lint = Array.from({ length: 9 }, (_, at) => makeLintFinding({ rule: `DL${at}`, line: at }));
  const secret = makeFinding({ kind: "secret", rule: "private-key", path: "/key", line: 3 });
  const images = [
    makeReportImage({ name: "a", findings: lint }),
    makeReportImage({ name: "b", stages: [makeReportStage({ findings: [secret] })] }),
  ];
  const logged: string[] = [];
  annotate(makeLog(logged), makeReport({ images }), STRICT);
  expect(logged[0]).toContain("1 secret");
});

test("a stage without a name is called one", () => {
  const stage = makeReportStage({
    name: "1",
    index: 1,
    goals: [missed],
    findings: [makeFinding()],
  });
  const [goal, found] = annotationsFor({ stages: [stage] });
  expect(goal).toContain(": Stage 1 misses 1 goal: ");
  expect(found).toContain("In stage 1:");
});

test("a goal on lint that cannot be judged is an error, without a line", () => {
  const failOnLint = {
    limit: "error",
    verdict: "unknown",
    reason: "lint is switched off",
  } as const;
  const told =
    "Dockerfile cannot be held to its goal on lint: fail-on-lint is error: lint is switched off";
  expect(annotationsFor({ failOnLint })).toEqual([`error: ${told}`]);
  expect(annotationsFor({ failOnLint }, { fail: true, onUnknown: "warn" })).toEqual([
    `warning: ${told}`,
  ]);
});

test("what was to be checked and was not is one warning, with the reasons", () => {
  const scan = { status: "unavailable", reason: "no database" } as const;
  const stages = ["one", "two"].map((name) => makeReportStage({ name, scan }));
  const failed = makeFailedReportStage({ scan });
  const hadolint = { status: "unavailable", reason: "no answer" } as const;
  const [failure, warning, ...others] = annotationsFor({ hadolint, stages: [...stages, failed] });
  expect(failure).toMatch(/failed to build/);
  expect(warning).toBe(
    [
      "warning: Not everything was checked: Hadolint did not check Dockerfile: no answer",
      "Trivy did not check one, two: no database",
    ].join("\n"),
  );
  expect(others).toEqual([]);
});

test("what a goal that cannot be judged, or a stage that failed, has said is not said once more", () => {
  const buildkit = { status: "unavailable", reason: "the image x cannot be pulled" } as const;
  const failed = makeFailedReportStage({ reason: buildkit.reason });
  expect(annotationsFor({ buildkit, stages: [failed] })).toHaveLength(1);
  const scan = { status: "unavailable", reason: "no database" } as const;
  const reason = "it was not scanned: no database";
  const goals = [{ ...unknown, reason }];
  const logged = annotationsFor({ stages: [makeReportStage({ scan, goals })] });
  expect(logged).toEqual([expect.stringMatching(/cannot be held to 1 goal/)]);
});
