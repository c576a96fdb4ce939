import { expect, test } from "vitest";
import { setOutputs, stagesOutput } from "../../src/publish/outputs.ts";
import { makeFinding } from "../make.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
} from "../make-report.ts";
import { makeHost } from "./make-host.ts";

test("every output is set", async () => {
  const host = makeHost();
  const paths = { report: "/out/report.json", sarif: "/out/sarif", layout: "/state/layout" };
  await setOutputs(host, makeReport({ verdict: "fail" }), paths, "https://github.com/c/1");
  expect([...host.outputs.keys()]).toEqual([
    "verdict",
    "report",
    "sarif",
    "layout",
    "comment-url",
    "stages",
  ]);
  expect(host.outputs.get("verdict")).toBe("fail");
  expect(host.outputs.get("comment-url")).toBe("https://github.com/c/1");
});

test("without a comment its address is empty", async () => {
  const host = makeHost();
  await setOutputs(host, makeReport(), { report: "", sarif: "", layout: "" }, undefined);
  expect(host.outputs.get("comment-url")).toBe("");
});

test("the stages of all images are one line of JSON, without what fills pages", () => {
  const images = ["backend", "frontend"].map((name) =>
    makeReportImage({
      name,
      stages: [makeReportStage({ image: name, findings: [makeFinding({ message: "a\nb" })] })],
    }),
  );
  const { text, cut } = stagesOutput(makeReport({ images }));
  expect(cut).toBeUndefined();
  expect(text).not.toContain("\n");
  const { layers: _l, steps: _s, findings: _f, ...slim } = makeReportStage({ image: "backend" });
  const { waste: _w, packages: _p, boxes: _b, advice: _a, ...stage } = slim;
  expect(JSON.parse(text)).toEqual([stage, { ...stage, image: "frontend" }]);
});

test("what is too long loses its lists first", () => {
  const output = Array.from({ length: 100 }, () => "x".repeat(100));
  const failure = { line: 3, output, telling: [99] };
  const stages = [makeReportStage(), makeFailedReportStage({ failure })];
  const { text, cut } = stagesOutput(makeReport({ images: [makeReportImage({ stages })] }), 2_000);
  expect(cut).toBe(
    "The output stages has room for 2,000 characters: its stages are without their biggest files " +
      "and folders and the output of failures. The JSON report has it all.",
  );
  expect(JSON.parse(text)[1].failure).toEqual({ line: 3, output: [] });
  expect(JSON.parse(text)).toMatchObject([
    { name: "production", unpacked: 140_000_000, biggestFiles: [], biggestFolders: [] },
    { status: "failed", failure: { line: 3, output: [] } },
  ]);
});

test("what is still too long loses its last stages, and stays JSON", () => {
  const stages = Array.from({ length: 50 }, (_, index) => makeReportStage({ index }));
  const { text, cut } = stagesOutput(makeReport({ images: [makeReportImage({ stages })] }), 2_000);
  expect(text.length).toBeLessThanOrEqual(2_000);
  expect(cut).toContain("the output of failures, and lacks the last 46 stages. The JSON report");
  expect(JSON.parse(text)).toMatchObject([0, 1, 2, 3].map((index) => ({ index })));
});

test("what is left out of an output is a warning, where there are outputs", async () => {
  const paths = { report: "", sarif: "", layout: "" };
  const stages = Array.from({ length: 500 }, (_, index) => makeReportStage({ index }));
  const report = makeReport({ images: [makeReportImage({ stages })] });
  const runner = makeHost();
  await setOutputs(runner, report, paths, undefined);
  expect(runner.logged).toEqual([
    expect.stringMatching(/^warning: The output stages has room for/),
  ]);
  const laptop = makeHost({ ci: undefined });
  await setOutputs(laptop, report, paths, undefined);
  expect(laptop.logged).toEqual([]);
});
