import { describe, expect, it } from "vitest";
import { findingAnnotations } from "../../src/publish/finding-annotations.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { MISSED_ON_HIGH, makeFinding, makeLintFinding } from "../make.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";
import { comment, reportOf } from "./rendered.ts";
import { tradingApp } from "./trading-app.ts";

describe("findings", () => {
  it("are one row for one problem in several stages, worst first", () => {
    const rows = comment(tradingApp)
      .split("\n")
      .filter((line) => /^\| (secret \(high\)|critical|high|medium) \|/.test(line));
    expect(rows).toEqual([
      "| secret (high) | `private-key` | `/app/certs/dev.pem` | `production` | 45 |",
      "| critical | [`CVE-2023-45853`](https://avd.aquasec.com/nvd/cve-2023-45853) | `zlib1g` 1:1.2.13.dfsg-1, no fix yet | all 5 | 1 |",
      "| high | [`CVE-2024-0001`](https://avd.aquasec.com/nvd/cve-2024-0001) | `libssl3`, `openssl` 3.0.11-1\\~deb12u2 → 3.0.13-1\\~deb12u1 | all 5 | 1 |",
      "| medium | [`CVE-2024-35195`](https://avd.aquasec.com/nvd/cve-2024-35195) | `requests` 2.31.0 → 2.32.0 | `production`, `development` | 42 |",
    ]);
  });

  it("are counted as a scanner counts them", () => {
    expect(comment(tradingApp)).toContain(
      "<summary>Found by the scan: 1 secret, 1 critical, 2 high, 1 medium</summary>",
    );
  });

  it("are counted in one unit wherever they are counted, also of one package at two paths", () => {
    const found = ["/app/node_modules/a/package.json", "/usr/lib/node_modules/a/package.json"].map(
      (path) => makeFinding({ rule: "CVE-1", package: "a", installed: "1.0", fixed: "1.1", path }),
    );
    const stages = { findings: found, goals: [MISSED_ON_HIGH] };
    const report = reportOf({ name: "builder", ...stages }, { index: 1, ...stages });
    const missed = { ...report, verdict: "fail" } as const;
    expect(comment(missed)).toContain("<summary>Found by the scan: 2 high</summary>");
    expect(comment(missed)).toMatch(/^\| `a` 1.0 → \*\*1.1\*\* \| 2 high: \[`CVE-1`\]/m);
    expect(comment(missed)).toMatch(/^\| ❌.`builder` .*\*\*2.high\*\*/m);
    const told = renderTerminal(missed, { color: false });
    expect(told).toContain("Found by the scan in Dockerfile: 2 high");
    expect(told).toMatch(/^ *2 high +\S* *update a 1.0 → 1.1/m);
    expect(comment(reportOf({ findings: found }))).toContain("The scan found 2 high");
  });

  it("that a scanner tells twice are counted twice, and in several stages as in one", () => {
    const twice = [makeFinding(), makeFinding()];
    const report = reportOf({ name: "builder", findings: twice }, { index: 1, findings: twice });
    expect(comment(report)).toContain("<summary>Found by the scan: 2 high</summary>");
  });

  it("of linters are sorted by level, with what they say as they mean it", () => {
    expect(comment(tradingApp)).toContain(
      "| info | [`DL3059`](https://github.com/hadolint/hadolint/wiki/DL3059) | 9 | Multiple consecutive `RUN` instructions. Consider consolidation. |",
    );
  });

  it("of Hadolint say that there are no more where it could not read the Dockerfile", () => {
    const finding = makeLintFinding({ tool: "hadolint", rule: "DL1000", severity: "error" });
    const report = reportOf({ findings: [finding] });
    const words = "1 error; Hadolint could not read on, and linted no more";
    expect(comment(report)).toContain(words);
    expect(renderTerminal(report, { color: false })).toContain(words);
    const images = report.images.map((image) => ({
      ...image,
      failOnLint: { limit: "error", actual: "error", verdict: "fail" } as const,
    }));
    expect(comment({ ...report, images })).toContain(
      "Hadolint could not read on, and linted no more.",
    );
  });

  it("of linters are told whole at a terminal, and up to a sentence's end in a comment", () => {
    const first = `Set the SHELL option ${"and more ".repeat(10)}before it.`;
    const message = `${first} ${"If you use /bin/sh in an image, then ".repeat(4)}do so.`;
    const report = reportOf({ findings: [makeLintFinding({ severity: "warning", message })] });
    expect(comment(report)).toContain(`${first} … |`);
    const told = renderTerminal(report, { color: false, columns: 100 });
    expect(told.replace(/\s+/g, " ")).toContain("in an image, then do so.");
  });

  it("are only counted beyond what there is room for", () => {
    const findings = Array.from({ length: 200 }, (_, at) => makeFinding({ rule: `CVE-${at}` }));
    expect(comment(reportOf({ findings }))).toContain("… and 190 more findings.");
  });
});

describe("what makes a goal on severity missed", () => {
  const secret = {
    tool: "trivy",
    kind: "secret",
    rule: "private-key",
    severity: "high",
    message: "Asymmetric Private Key in /app/key.pem, at line 1 of that file.",
    path: "/app/key.pem",
  } as const;
  const { fixed: _, ...unfixed } = makeFinding({
    rule: "CVE-9",
    package: "zlib1g",
    message: "zlib1g 1.2: overflow; its vendor will not fix it.",
    outlook: "will-not-fix",
  });
  const findings = [
    makeFinding({ line: 5, fixed: "3.0.12-1, 3.1.0" }),
    makeFinding({ line: 5, rule: "CVE-2024-0002", fixed: "3.0.13-1", severity: "critical" }),
    makeFinding({ rule: "CVE-2024-0003", severity: "medium", package: "curl" }),
    unfixed,
    { ...secret, line: 7 },
  ];
  const copied = findings.map((finding) => ({ ...finding, line: 12 }));
  const report = {
    ...reportOf(
      { name: "builder", findings },
      { index: 1, findings: copied, goals: [MISSED_ON_HIGH] },
    ),
    verdict: "fail",
  } as const;

  it("is told by package, with the one version to go to, at the line that brought it in", () => {
    expect(comment(report)).toContain(
      "| `openssl` 3.0.11-1 → **3.0.13-1** | 1 critical, 1 high: [`CVE-2024-0002`](https://avd.aquasec.com/nvd/cve-2024-0001), [`CVE-2024-0001`](https://avd.aquasec.com/nvd/cve-2024-0001) | 5 |",
    );
    expect(comment(report)).toContain("the goal on severity asks for** in `production`\n");
    expect(comment(report)).not.toContain("| `curl` 3.0.11-1 → **");
  });

  it("is told with its stages where not all of them carry the same", () => {
    const other = makeReportStage({
      name: "docs",
      index: 2,
      goals: [MISSED_ON_HIGH],
      findings: [makeFinding({ package: "curl" })],
    });
    const image = makeReportImage({ stages: [...(report.images[0]?.stages ?? []), other] });
    expect(comment({ ...report, images: [image] })).toMatch(
      /^\| `openssl` .* \| 5 \| `production` \|$/m,
    );
  });

  it("is told apart where there is nothing to update to", () => {
    expect(comment(report)).toContain("Nothing to update to: `zlib1g` (high [`CVE-9`](");
    expect(comment(report)).toContain("), won't fix).");
  });

  it("is told with what can be done about it, by what it is", () => {
    const findings = [
      unfixed,
      makeFinding({ kind: "misconfiguration", rule: "DS-0002", path: "/app/Dockerfile" }),
      makeFinding({ kind: "license", rule: "GPL-2.0-only", package: "less" }),
    ].map((finding) => ({ ...finding, severity: "high" as const }));
    const text = comment(reportOf({ findings, goals: [MISSED_ON_HIGH] }));
    expect(text).toMatch(/^Nothing to update to: .* or leave out all that have no fix with /m);
    expect(text).toMatch(/^Misconfigured: .* put the file right, /m);
    expect(text).toMatch(/^Licenses: `less` \(high .* do without the package, or accept /m);
  });

  it("is told with what can be done where no update helps", () => {
    const text = comment(reportOf({ findings: [unfixed], goals: [MISSED_ON_HIGH] }));
    expect(text).toContain(
      "won't fix). What can be done: wait, take another base image, accept single findings in the file that `trivy-ignore-file` names, or leave out all that have no fix with `ignore-unfixed: true`.\n",
    );
    expect(comment(reportOf({ findings: [makeFinding()], goals: [MISSED_ON_HIGH] }))).not.toContain(
      "ignore-",
    );
  });

  it("is not told of stages without such a goal", () => {
    expect(comment(reportOf({ findings }))).not.toContain("the goal on severity asks for");
  });
});

describe("lint that breaks a goal", () => {
  it("is open, each thing once whatever the linters call it, with all lines of a rule", () => {
    const image = makeReportImage({
      failOnLint: { limit: "warning", actual: "error", verdict: "fail" },
      findings: [
        makeLintFinding({ rule: "DL3025", line: 9, help: "https://example.com/a" }),
        makeLintFinding({
          tool: "buildkit",
          rule: "JSONArgsRecommended",
          message: "JSON arguments recommended",
          line: 9,
          help: "https://example.com/b",
        }),
        makeLintFinding({ line: 3 }),
        makeLintFinding({ line: 5 }),
        makeLintFinding({ rule: "DL3059", severity: "info", line: 6 }),
      ],
    });
    const markdown = comment(makeReport({ verdict: "fail", images: [image] }));
    const [open = "", folded = ""] = markdown.split("<summary>What the linters found besides");
    expect(markdown).toContain("3 warnings from lint");
    expect(open).toContain(
      "| warning | [`DL3025`](https://example.com/a), [`JSONArgsRecommended`](https://example.com/b) | 9 |",
    );
    expect(open).toContain("| 3, 5 | Pin versions in apt get install |");
    expect(folded).toContain("`DL3059`");
  });
});

it("a linter's rule stands on the lines only that it finds fault with itself", () => {
  const words = "Use arguments JSON notation for CMD and ENTRYPOINT arguments";
  const hadolint = { rule: "DL3025", message: words, help: "https://example.com/a" };
  const image = makeReportImage({
    findings: [
      makeLintFinding({ ...hadolint, line: 2 }),
      makeLintFinding({ ...hadolint, line: 3 }),
      makeLintFinding({ ...hadolint, line: 6 }),
      ...[3, 6].map((line) =>
        makeLintFinding({
          tool: "buildkit",
          rule: "JSONArgsRecommended",
          message: "JSON arguments recommended for CMD",
          help: "https://example.com/b",
          line,
        }),
      ),
    ],
  });
  const markdown = comment(makeReport({ images: [image] }));
  expect(markdown).toContain(
    `| warning | [\`DL3025\`](https://example.com/a) | 2 | ${words} |\n` +
      "| warning | [`DL3025`](https://example.com/a), [`JSONArgsRecommended`](https://example.com/b) " +
      "| 3, 6 | JSON arguments recommended for CMD |\n",
  );
});

it("of two linters the one is heard that names what a line has", () => {
  const image = makeReportImage({
    findings: [
      makeLintFinding({ rule: "DL3064", message: "Potentially sensitive data", line: 2 }),
      ...["TOKEN", "KEY"].map((name) =>
        makeLintFinding({
          tool: "buildkit",
          rule: "SecretsUsedInArgOrEnv",
          message: `Do not use ENV for sensitive data (ENV "${name}")`,
          line: 2,
        }),
      ),
    ],
  });
  const report = makeReport({ images: [image] });
  const all =
    'Do not use ENV for sensitive data (ENV "TOKEN"); Do not use ENV for sensitive data (ENV "KEY")';
  expect(comment(report)).toContain(`| 2 | ${all} |`);
  expect(renderTerminal(report, { color: false, columns: 200 })).toContain(all);
  expect(findingAnnotations([image], { fail: true })[0]?.text).toContain(all);
});
