import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import { renderSarif } from "../../src/report/sarif.ts";
import { makeFinding, makeLintFinding, makePlannedImage } from "../make.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";
import { hostileText } from "./hostile.ts";
import { tradingApp } from "./trading-app.ts";

// Microsoft's validator: the package's main module is the path of its program for this machine.
const validator: unknown = createRequire(import.meta.url)("@microsoft/sarif-multitool");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weighbridge-sarif-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What the validator holds against the documents of a report, with GitHub's rules too. */
async function complaints(report: Report): Promise<readonly string[]> {
  const found: string[] = [];
  const key = { nameIsGiven: true, targets: [] };
  for (const { fileName, text } of renderSarif(report, sources(report), key)) {
    const path = join(folder, fileName);
    await writeFile(path, text);
    const args = ["validate", path, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
    const { stdout } = await promisify(execFile)(String(validator), args).catch(outputOf);
    expect(stdout).toContain("1 files scanned");
    found.push(...stdout.split("\n").filter((line) => /: (error|warning) /.test(line)));
  }
  return found;
}

function sources(report: Report): readonly ReturnType<typeof makePlannedImage>[] {
  return report.images.map(({ name }) => makePlannedImage({ name }));
}

/** The validator exits with 1 where it has complaints. */
function outputOf(error: { readonly stdout: string }): { readonly stdout: string } {
  return error;
}

describe("Microsoft's validator, with GitHub's rules", () => {
  it("has nothing against a report without findings", async () => {
    expect(await complaints(makeReport())).toEqual([]);
  });

  it("has nothing against a report with findings of every kind", async () => {
    expect(await complaints(tradingApp)).toEqual([]);
  });

  it("finds a fault where there is one", async () => {
    const path = join(folder, "broken.sarif");
    const broken = { version: "2.1.0", runs: [{ tool: { driver: {} }, results: [] }] };
    await writeFile(path, JSON.stringify(broken));
    const args = ["validate", path, "--rule-kind", "Sarif;Ghas"];
    const { stdout } = await promisify(execFile)(String(validator), args).catch(outputOf);
    expect(stdout).toMatch(/: error /);
  });

  it("has nothing against hostile text in every place", async () => {
    const [one = "", other = "", more = ""] = fc.sample(hostileText, { numRuns: 3, seed: 3 });
    const texts = fc.sample(hostileText, { numRuns: 40, seed: 7 });
    const findings = texts.flatMap((text, at) => [
      makeFinding({ rule: `CVE-${at}${text}`, message: text, package: text, fixed: text }),
      makeLintFinding({ rule: `DL${at}${text}`, message: text, help: `https://a.example/${text}` }),
    ]);
    const image = makeReportImage({
      name: `app ${one}`,
      dockerfile: `folder ${other}/Dockerfile`,
      stages: [makeReportStage({ name: `stage ${more}`, findings })],
    });
    expect(await complaints(makeReport({ name: "run", images: [image] }))).toEqual([]);
  });
});
