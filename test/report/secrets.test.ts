import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.ts";
import type { Report, ReportStage } from "../../src/model/report.ts";
import { renderComment, renderSummary } from "../../src/report/markdown.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { MISSED_ON_HIGH, makeDigest, makeFinding } from "../make.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";
import { expectValidReport } from "./schema.ts";

const key: Finding = {
  tool: "trivy",
  kind: "secret",
  rule: "private-key",
  severity: "high",
  message: "Asymmetric Private Key in /app/key.pem, line 1.",
  path: "/app/key.pem",
  line: 7,
};

function reportOf(verdict: Report["verdict"], ...stages: readonly ReportStage[]): Report {
  const report = makeReport({ verdict, images: [makeReportImage({ stages })] });
  expectValidReport(report);
  return report;
}

function terminal(report: Report): string {
  return renderTerminal(report, { color: false });
}

describe("a secret that no goal counts", () => {
  const report = reportOf("pass", makeReportStage({ findings: [key] }));

  it.each([
    ["comment", renderComment(report, {})],
    ["summary", renderSummary(report, {})],
  ])("is open, right under the verdict, in the %s", (_, text) => {
    expect(text.split("\n").slice(2, 9)).toEqual([
      "1 stage of `Dockerfile` built for `linux/amd64`. No goal is set for it.",
      "",
      "#### ⚠️ Secrets in the image",
      "",
      "- `private-key` in `/app/key.pem`, from line 7, in `production`",
      "",
      "Anybody who can pull the image can read it. Replace what it opens, and keep it out of the image: an ignore file keeps files from `COPY` and `ADD`, and what the build needs can be a build secret (`RUN --mount=type=secret`), which leaves nothing behind. No goal counts it.",
    ]);
    expect(text).not.toContain("**`private-key`");
  });

  it("is told right under the verdict in the terminal", () => {
    expect(terminal(report).split("\n").slice(1, 6)).toEqual([
      "",
      "⚠️ Secrets in the image",
      "  secret       in            line  stages",
      "  private-key  /app/key.pem     7  production",
      "  Anybody who can pull the image can read it. Replace what it opens, and keep it out of the image: an ignore file keeps files from COPY and ADD, and what the build needs can be a build secret (RUN --mount=type=secret), which leaves nothing behind. No goal counts it.",
    ]);
  });

  it("is told however little room there is", () => {
    expect(renderComment(report, {}, 1_001)).toContain("- `private-key` in `/app/key.pem`");
  });
});

it("no secrets have no section", () => {
  const report = reportOf("pass", makeReportStage({ findings: [makeFinding()] }));
  expect(renderComment(report, {})).not.toContain("Secrets");
  expect(terminal(report)).not.toContain("Secrets");
});

describe("a secret that breaks a goal", () => {
  const other = { ...key, rule: "github-pat", path: "/app/.netrc" };
  const report = reportOf(
    "fail",
    makeReportStage({ name: "tests", findings: [other, key] }),
    makeReportStage({ findings: [key], goals: [MISSED_ON_HIGH] }),
  );

  it("comes first, is bold, and stands in every stage that carries it", () => {
    expect(renderComment(report, {})).toContain(
      [
        "- **`private-key` in `/app/key.pem`**, from line 7, in `tests`, `production`",
        "- `github-pat` in `/app/.netrc`, from line 7, in `tests`",
      ].join("\n"),
    );
    const words = "has no goal on severity: what only it has does not fail the run.";
    expect(renderComment(report, {})).toContain(` \`tests\` ${words}`);
    expect(terminal(report)).toContain(` tests ${words}`);
  });

  it("is told apart from those that a goal does not reach", () => {
    const low = { ...other, severity: "low" } as const;
    const stage = makeReportStage({ findings: [low, key], goals: [MISSED_ON_HIGH] });
    expect(renderComment(reportOf("fail", stage), {})).toContain(
      "No goal counts what is in 1 of these 2 places.",
    );
  });

  it("is told once, not among the updates too", () => {
    expect(terminal(report).match(/\/app\/key\.pem/g)).toHaveLength(2);
    expect(terminal(report)).not.toContain("What the goal on severity");
  });
});

it("secrets come worst first, also in the table of all that was found", () => {
  const worse = { ...key, rule: "aws-key", severity: "critical", path: "/app/.env" } as const;
  const text = renderComment(reportOf("pass", makeReportStage({ findings: [key, worse] })), {});
  expect(text.match(/^- `[\w-]+`/gm)).toEqual(["- `aws-key`", "- `private-key`"]);
  expect(text.match(/^\| secret \(\w+\)/gm)).toEqual(["| secret (critical)", "| secret (high)"]);
});

it("all stages that carry a secret are named, of very many the first eight", () => {
  const stagesOf = (count: number) =>
    Array.from({ length: count }, (_, at) => makeReportStage({ name: `s${at}`, findings: [key] }));
  expect(renderComment(reportOf("pass", ...stagesOf(8)), {})).toContain(
    "in `s0`, `s1`, `s2`, `s3`, `s4`, `s5`, `s6`, `s7`\n",
  );
  expect(renderComment(reportOf("pass", ...stagesOf(12)), {})).toContain("`s7` and 4 more\n");
});

it("a headline that tells of no trouble tells of secrets", () => {
  const stages = [makeReportStage({ name: "tests", findings: [key] }), makeReportStage()];
  const said = /^### ✅ .*; secrets in 1 place of 1 stage$/m;
  expect(renderComment(reportOf("pass", ...stages), {})).toMatch(said);
});

describe("a secret whose file is removed later", () => {
  const layer = { layer: 2, digest: makeDigest("e") };

  it("is still in its layer, as is said", () => {
    const stage = makeReportStage({ findings: [{ ...key, killedBy: { ...layer, line: 9 } }] });
    const said = "line 9 deletes or overwrites it, but the layers before that still have it";
    const who = "Anybody who can pull the image can read it, though no container sees it.";
    expect(renderComment(reportOf("pass", stage), {})).toContain(`in \`production\`; ${said}`);
    expect(renderComment(reportOf("pass", stage), {})).toContain(who);
    expect(terminal(reportOf("pass", stage))).toContain(said);
    expect(terminal(reportOf("pass", stage))).toContain(who);
  });

  it("is told so together with others", () => {
    const findings = [
      { ...key, killedBy: layer },
      { ...key, path: "/app/other.pem" },
    ];
    expect(renderComment(reportOf("pass", makeReportStage({ findings })), {})).toContain(
      "can read them, deleted ones included. Replace what they open, and keep them out of the",
    );
  });

  it("is told with the stages in which it is, where it is not in all", () => {
    const report = reportOf(
      "pass",
      makeReportStage({ name: "tests", findings: [key] }),
      makeReportStage({ findings: [{ ...key, killedBy: layer }] }),
    );
    expect(renderComment(report, {})).toContain(
      "in `tests`, `production`; in `production` a later layer deletes or overwrites it, but the layers before",
    );
    expect(renderComment(report, {})).toContain("Anybody who can pull the image can read it. ");
  });
});

describe("secrets and vulnerabilities", () => {
  const { fixed: _, ...unfixed } = makeFinding({ rule: "CVE-2", severity: "critical" });
  const report = reportOf(
    "fail",
    makeReportStage({ goals: [MISSED_ON_HIGH], findings: [key, makeFinding(), unfixed] }),
  );

  it.each([
    ["comment", renderComment(report, {}).replaceAll("\u00A0", " ")],
    ["summary", renderSummary(report, {}).replaceAll("\u00A0", " ")],
    ["terminal", terminal(report)],
  ])("are counted apart wherever they are counted in the %s", (_, text) => {
    const counts = text.match(/(1 secret, )?1 critical, \d high/g) ?? [];
    expect(counts.length).toBeGreaterThanOrEqual(3);
    expect(new Set(counts)).toEqual(new Set(["1 secret, 1 critical, 1 high"]));
    expect(text).toContain("(1 of 2 vulnerabilities has a fix)");
  });

  it("nothing is said of a fix where there are only secrets", () => {
    const only = reportOf("fail", makeReportStage({ goals: [MISSED_ON_HIGH], findings: [key] }));
    expect(renderComment(only, {}).split("\n")[0]).toBe(
      "### ❌ `production`: 1 secret, goal: no HIGH or CRITICAL finding",
    );
  });
});

it("what breaks no goal is not bold beside what does", () => {
  const goal = { ...MISSED_ON_HIGH, limit: "critical", actual: "critical" } as const;
  const findings = [key, makeFinding({ severity: "critical" })];
  const text = renderComment(reportOf("fail", makeReportStage({ goals: [goal], findings })), {});
  expect(text.replaceAll("\u00A0", " ")).toContain("**1 found** | **1 critical**, 1 secret |");
  expect(text).toContain("- `private-key` in");
});

describe("secrets of one rule in several files", () => {
  const rowsOf = (findings: readonly Finding[]) =>
    renderComment(reportOf("pass", makeReportStage({ findings })), {})
      .split("\n")
      .filter((line) => line.startsWith("| secret"));
  const at = (path: string, line: number) => ({ ...key, path, line });

  it("have a row each in the table of the scan, with the line of each", () => {
    const findings = [at("/app/a.pem", 7), at("/app/b.pem", 9), at("/app/c.pem", 7)];
    expect(rowsOf(findings)).toEqual([
      "| secret (high) | `private-key` | `/app/a.pem` | `production` | 7 |",
      "| secret (high) | `private-key` | `/app/b.pem` | `production` | 9 |",
      "| secret (high) | `private-key` | `/app/c.pem` | `production` | 7 |",
    ]);
    const report = reportOf("pass", makeReportStage({ findings }));
    expect(terminal(report)).toMatch(/secret \(high\) +9 +private-key +\/app\/b\.pem/);
  });

  it("have a row for each line where they are many, and are all counted", () => {
    const many = Array.from({ length: 9 }, (_, index) => at(`/app/${index}.pem`, 7));
    const findings = [...many, at("/etc/late.pem", 9)];
    expect(rowsOf(findings)).toEqual([
      "| secret (high) | `private-key` | `/app/0.pem`, `/app/1.pem` and 7 more | `production` | 7 |",
      "| secret (high) | `private-key` | `/etc/late.pem` | `production` | 9 |",
    ]);
    const text = renderComment(reportOf("pass", makeReportStage({ findings })), {});
    expect(text).toContain("Found by the scan: 10 secrets");
  });
});

describe("secrets in an image's configuration", () => {
  const { path, ...set } = { ...key, rule: "github-pat", line: 3 };
  const base = makeReportStage({ name: "base", findings: [set] });
  const second = { ...set, line: 5 };
  const app = makeReportStage({ name: "app", index: 1, findings: [set, second] });
  const report = reportOf("pass", base, app);

  it("are told once for each line that put one there, with all stages that have it", () => {
    const text = renderComment(report, {}).replaceAll("\u00A0", " ");
    expect(text).toContain(
      "- `github-pat` in the image's configuration, from line 3, in `base`, `app`\n- `github-pat` in the image's configuration, from line 5, in `app`\n",
    );
    expect(text).toContain("Found by the scan: 2 secrets");
    expect(text).toContain("| 2 secrets |");
    expect(text).toContain("what a container needs can be given to it when it starts");
    expect(text).not.toContain("an ignore file");
    expect(terminal(report)).toMatch(/github-pat +the image's configuration +3 +base, app/);
  });

  it("are counted once in one place, whatever the scanner counts", () => {
    const twice = makeReportStage({ findings: [key, { ...key, message: "Line 2." }] });
    const text = renderComment(reportOf("pass", twice), {}).replaceAll("\u00A0", " ");
    expect(text).toContain("| 1 secret |");
  });
});

it("secrets are searched for once, however often the comment is made shorter", () => {
  const readsWithin = (limit: number) => {
    let reads = 0;
    const watched: Finding = {
      ...key,
      get killedBy() {
        reads++;
        return { layer: 3, digest: makeDigest("3"), line: 9 };
      },
    };
    const stages = [makeReportStage({ findings: [watched] })];
    const report = makeReport({ verdict: "pass", images: [makeReportImage({ stages })] });
    renderComment(report, {}, limit);
    return reads;
  };
  expect(readsWithin(65_536)).toBeGreaterThan(0);
  expect(readsWithin(1_001)).toBe(readsWithin(65_536));
});
