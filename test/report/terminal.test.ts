import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { MISSED_ON_HIGH, makeFinding, makeLayer, makeLintFinding } from "../make.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
  makeSavedReportStage,
  makeSkippedReportStage,
} from "../make-report.ts";
import { bigReport } from "./big.ts";
import { hostileText } from "./hostile.ts";
import { tradingApp } from "./trading-app.ts";

function plain(report: Report): string {
  return renderTerminal(report, { color: false });
}

const noHigh = {
  rule: "fail-on-severity",
  limit: "high",
  verdict: "unknown",
  reason: "it was not scanned: no database",
} as const;

describe("renderTerminal", () => {
  it("begins with the verdict and what it comes from", () => {
    expect(plain(tradingApp).split("\n")[0]).toBe(
      "FAIL  monitoring failed to build at line 68; 3 goals missed in production; 1 goal not judged",
    );
    expect(plain(makeReport()).split("\n")[0]).toBe(
      "PASS  production is 140 MB unpacked, 50 MB to download",
    );
  });

  it("lists the goals, the missed ones first", () => {
    expect(plain(tradingApp)).toContain(
      [
        "  ✗  production     ≤ 150 MB                     17.1 MB over",
        "  ✗  production     ≥ 70% below 500 MB           66.6%, 17.1 MB over",
        "  ✗  production     no HIGH or CRITICAL finding  1 secret, 1 critical, 2 high",
        "  ?  monitoring     ≤ 170 MB                     not judged: it failed to build",
        "  ✓  development    ≤ 180 MB                     17.7 MB left",
        "  ✓  hft-optimized  ≤ 160 MB                     22 MB left",
      ].join("\n"),
    );
  });

  it("does not show the output of a failed step where it stands already", () => {
    const options = { color: false, outputIsIn: "the group above" };
    const report = makeReport({
      images: [makeReportImage({ stages: [makeFailedReportStage()] })],
    });
    expect(plain(report)).toContain("  │ ERROR: No matching distribution found");
    const text = renderTerminal(report, options);
    expect(text).not.toContain("No matching distribution");
    expect(text).toContain("Its output is in the group above.");
  });

  it("says where a download is not known", () => {
    const report = makeReport({ images: [makeReportImage({ stages: [makeSavedReportStage()] })] });
    expect(plain(report)).toContain(
      [
        "  stage       unpacked   download    own    base  build  scan",
        "  production    140 MB  not known  30 MB  110 MB  3.2 s  nothing found",
      ].join("\n"),
    );
  });

  it("lines the stages up in a table", () => {
    expect(plain(tradingApp)).toContain(
      [
        "  stage          unpacked  download       own      base   build  scan",
        "  deps-builder   343.3 MB  116.5 MB  210.1 MB  133.2 MB    41 s  1 critical, 2 high",
        "  app-builder    164.4 MB   54.4 MB   31.2 MB  133.2 MB   6.9 s  1 critical, 2 high",
        "  production     167.1 MB   56.1 MB   33.9 MB  133.2 MB    12 s  1 secret, 1 critical, 2 high, 1 medium",
        "  development    162.3 MB   54.9 MB   29.1 MB  133.2 MB   3.1 s  1 critical, 2 high, 1 medium",
        "  hft-optimized    138 MB   46.5 MB   4.81 MB  133.2 MB  cached  1 critical, 2 high",
        "  monitoring       failed",
      ].join("\n"),
    );
  });

  it("shows the step that failed with the end of its output", () => {
    const report = makeReport({
      verdict: "fail",
      images: [makeReportImage({ stages: [makeFailedReportStage()] })],
    });
    expect(plain(report)).toContain(
      [
        "production failed at Dockerfile:3",
        '  process "/bin/sh -c pip install -r requirements.txt" did not complete: exit code: 1',
        "  │ ERROR: Could not find a version that satisfies the requirement flask==99.0",
        "  │ ERROR: No matching distribution found for flask==99.0",
      ].join("\n"),
    );
  });

  it("shows what is biggest in a stage that is too big, and in no other", () => {
    const text = plain(tradingApp);
    expect(text).toContain("What is biggest in production\n");
    expect(text).toContain("   4.81 MB    45  COPY --from=app-builder /build/app /app\n");
    expect(text).toContain(
      "  133.2 MB     1  FROM python:3.11-slim AS deps-builder (2 base layers)\n",
    );
    expect(text.match(/What is biggest/g)).toHaveLength(1);
  });

  it("leaves out of that what is less than a thousandth of the stage", () => {
    const goal = { rule: "max-unpacked", limit: 1, actual: 140_000_000, verdict: "fail" } as const;
    const stage = makeReportStage({
      goals: [goal],
      layers: [makeLayer(), makeLayer({ unpacked: 116 })],
      biggestFiles: [{ path: "/etc/hostname", bytes: 116 }],
    });
    const text = plain(
      makeReport({ verdict: "fail", images: [makeReportImage({ stages: [stage] })] }),
    );
    expect(text).toMatch(/ 30 MB +3 .*\n\s*\n +29 MB/);
    expect(text).not.toMatch(/116 B|smaller layer|hostname/);
  });

  it("says how many more stages are too big", () => {
    const goal = { rule: "max-unpacked", limit: 1, actual: 2, verdict: "fail" } as const;
    const stages = ["a", "b", "c", "d", "e"].map((name) =>
      makeReportStage({ name, goals: [goal] }),
    );
    const text = plain(makeReport({ verdict: "fail", images: [makeReportImage({ stages })] }));
    expect(text).toContain("\n  and 2 more stages beyond a goal on size\n");
    expect(text.match(/What is biggest/g)).toHaveLength(3);
  });

  it("shows the worst dozen findings, and counts the rest", () => {
    const findings = Array.from({ length: 20 }, (_, at) =>
      makeFinding({ rule: `CVE-${at}`, severity: at < 15 ? "low" : "critical" }),
    );
    const image = makeReportImage({ stages: [makeReportStage({ findings })] });
    const text = plain(makeReport({ images: [image] }));
    expect(text).toContain("Found by the scan in Dockerfile: 5 critical, 15 low\n");
    expect(text.match(/^ {2}(critical|low) /gm)).toHaveLength(12);
    expect(text).toContain("  and 8 more rows\n");
    expect(text.indexOf("CVE-15")).toBeLessThan(text.indexOf("CVE-0"));
  });

  it("says that something was not scanned, and what that leaves open", () => {
    const stage = makeReportStage({
      scan: { status: "unavailable", reason: "no database" },
      goals: [noHigh],
    });
    const image = makeReportImage({ stages: [stage] });
    const text = plain(makeReport({ verdict: "unknown", images: [image] }));
    expect(text.split("\n")[0]).toBe("UNKNOWN  production could not be judged");
    expect(text).toContain(
      "?  production  no HIGH or CRITICAL finding  it was not scanned: no database",
    );
    expect(text).toContain("not scanned\n");
  });

  it("tells how lint stands", () => {
    const image = makeReportImage({
      failOnLint: { limit: "warning", actual: "warning", verdict: "fail" },
      stages: [makeReportStage({ findings: [makeLintFinding()] })],
    });
    const text = plain(makeReport({ verdict: "fail", images: [image] }));
    expect(text).toContain("  ✗  Dockerfile  lint: no warnings or errors  1 warning\n");
    expect(text).toContain("Lint of Dockerfile: 1 warning\n");
  });

  it("says why a stage was left out", () => {
    const text = plain(
      makeReport({ images: [makeReportImage({ stages: [makeSkippedReportStage()] })] }),
    );
    expect(text).toMatch(/production {2}not weighed +not among the targets\n/);
  });

  it("shows what failed first, right below the verdict", () => {
    const text = plain(tradingApp);
    expect(text.indexOf("monitoring failed at Dockerfile:68")).toBeLessThan(text.indexOf("✗"));
  });

  it("says the verdict again at the end of a long report, and where to read on", () => {
    const lines = plain(tradingApp).trimEnd().split("\n");
    expect(lines.at(-1)).toBe(lines[0]);
    const links = ["Comment: https://github.com/acme/shop/pull/7#issuecomment-1"];
    const short = renderTerminal(makeReport(), { color: false, links }).trimEnd().split("\n");
    expect(short.slice(-2)).toEqual([short[0], links[0]]);
    expect(plain(makeReport()).match(/^PASS/gm)).toHaveLength(1);
  });

  it("says what to update, to which version, where a goal on severity is missed", () => {
    const stage = makeReportStage({ goals: [MISSED_ON_HIGH], findings: [makeFinding()] });
    const image = makeReportImage({ stages: [stage] });
    expect(plain(makeReport({ verdict: "fail", images: [image] }))).toMatch(
      /^ {2}1 high +1 +update openssl 3\.0\.11-1 → 3\.0\.13-1 +CVE-2024-0001 +production$/m,
    );
  });

  it("breaks what is wider than the terminal", () => {
    const message = "Pin versions in apt get install, as else nobody knows what was installed when";
    const findings = [makeLintFinding({ message })];
    const report = makeReport({ images: [makeReportImage({ findings })] });
    const text = renderTerminal(report, { color: false, columns: 80 });
    expect(text).toContain(
      [
        "  warning     3  DL3008  Pin versions in apt get install, as else nobody knows",
        "                         what was installed when",
      ].join("\n"),
    );
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("writes no colour where there is none", () => {
    expect(plain(tradingApp)).not.toContain("\u001B");
  });

  it("says the same in colour", () => {
    const colored = renderTerminal(tradingApp, { color: true });
    expect(colored).toContain("\u001B[31mFAIL\u001B[39m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out
    expect(colored.replace(/\u001B\[\d+m/g, "").replace(/ +$/gm, "")).toBe(plain(tradingApp));
  });

  it("lets no text steer the terminal", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 20, maxLength: 20 }), (texts) => {
        let at = 0;
        const text = (): string => {
          at += 1;
          return texts[at % texts.length] ?? "";
        };
        const shown = plain(bigReport({ images: 2, stages: 3, findings: 3, text }));
        expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 50 },
    );
  });
});
