import { describe, expect, it } from "vitest";
import { makeLintFinding } from "../make.ts";
import {
  makeReport,
  makeReportImage,
  makeReportStage,
  makeSkippedReportStage,
} from "../make-report.ts";
import { comment, summary, tooBig } from "./rendered.ts";

describe("several Dockerfiles", () => {
  const report = makeReport({
    verdict: "fail",
    images: [
      makeReportImage({ name: "backend", dockerfile: "Dockerfile.backend" }),
      makeReportImage({
        name: "frontend",
        dockerfile: "Dockerfile.frontend",
        stages: [makeReportStage({ image: "frontend", goals: [tooBig], unpacked: 162_300_000 })],
      }),
    ],
  });

  it("have a heading each", () => {
    expect(comment(report)).toContain("#### `backend` from `Dockerfile.backend`");
    expect(comment(report)).toContain("#### `frontend` from `Dockerfile.frontend`");
  });

  it("are told apart in the headline", () => {
    expect(comment(report).split("\n")[0]).toBe(
      "### ❌ `frontend/production`: 162.3 MB unpacked, 12.3 MB over its goal of 150 MB",
    );
  });
});

describe("a Dockerfile of which no stage is built", () => {
  const error = makeLintFinding({
    severity: "error",
    rule: "DL3020",
    message: "Use COPY",
    line: 7,
  });
  const leftOut = makeReportImage({
    name: "b",
    dockerfile: "Dockerfile.b",
    findings: [error],
    stages: [makeSkippedReportStage({ image: "b" })],
  });
  const built = makeReportImage({ name: "a", dockerfile: "Dockerfile.a" });

  it("is shown with the rule, the line and the message where lint fails the run", () => {
    const failOnLint = { limit: "error", actual: "error", verdict: "fail" } as const;
    const report = makeReport({ verdict: "fail", images: [built, { ...leftOut, failOnLint }] });
    for (const markdown of [comment(report), summary(report)]) {
      expect(markdown).toMatch(/^#### `b` from `Dockerfile.b`$/m);
      expect(markdown).toMatch(/^\| error \| .*`DL3020`.* \| 7 \| Use COPY \|$/m);
      expect(markdown).not.toContain("more Dockerfile");
    }
  });

  it("is shown where the linters found something in it, else only counted", () => {
    const shown = comment(makeReport({ images: [built, leftOut] }));
    expect(shown).toContain("1 lint finding: 1 error");
    const quiet = comment(makeReport({ images: [built, { ...leftOut, findings: [] }] }));
    expect(quiet).toContain("… and 1 more Dockerfile.");
  });
});

describe("many Dockerfiles", () => {
  const images = ["a", "b", "c", "d", "e"].map((name) =>
    makeReportImage({
      name,
      dockerfile: `${name}/Dockerfile`,
      stages: [makeReportStage({ image: name, goals: name === "c" ? [tooBig] : [] })],
    }),
  );

  it("have a section where something is wrong, and are one table where nothing is", () => {
    const markdown = comment(makeReport({ verdict: "fail", images }));
    expect(markdown.match(/^#### .*/gm)).toEqual(["#### `c` from `c/Dockerfile`"]);
    const folded = markdown.slice(markdown.indexOf("4 Dockerfiles pass"));
    expect(folded).toContain("| `a/production` | 140 MB | 50 MB |");
  });

  it("have what the linters found counted, where nothing else is wrong with them", () => {
    const linted = images.map((image) => ({ ...image, findings: [makeLintFinding()] }));
    const markdown = comment(makeReport({ images: linted }));
    expect(markdown).toContain("4 lint findings: 4 warnings");
    expect(comment(makeReport({ images }))).not.toContain("lint finding");
  });

  it("are behind a line each that says what is wrong, where that is so in more than three", () => {
    const missing = images.map((image, at) => ({
      ...image,
      name: `image-${at}`,
      stages: at === 4 ? image.stages : [makeReportStage({ image: image.name, goals: [tooBig] })],
    }));
    const markdown = comment(makeReport({ verdict: "fail", images: missing }));
    expect(markdown).not.toMatch(/^####/m);
    expect(markdown.match(/^<summary>.* from .*<\/summary>$/gm)).toEqual(
      ["a", "b", "c", "d"].map(
        (name, at) =>
          `<summary><code>image&#45;${at}</code> from <code>${name}&#47;Dockerfile</code>: 1 goal missed</summary>`,
      ),
    );
    expect(markdown).toContain("<summary>1 Dockerfile passes</summary>");
    // What is behind them all is seen at once.
    const [open = ""] = markdown.split("<details>");
    expect(open.match(/^\| ❌ `[a-d]\/production` \| 140 MB \|/gm)).toHaveLength(4);
    expect(open).not.toContain("`e/production`");
  });

  it("are one line where there are many that pass", () => {
    const many = Array.from({ length: 40 }, (_, at) => makeReportImage({ name: `image-${at}` }));
    expect(comment(makeReport({ images: many }))).toContain(
      "<summary>40 Dockerfiles pass</summary>",
    );
  });

  it("have a section each in the summary, what is wrong first", () => {
    const headings = summary(makeReport({ verdict: "fail", images })).match(/^#### `./gm);
    expect(headings).toEqual(["c", "a", "b", "d", "e"].map((name) => `#### \`${name}`));
  });
});
