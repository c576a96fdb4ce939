import { expect, test } from "vitest";
import { writeEdition } from "../src/edition.ts";
import { createFiles } from "../src/host/files.ts";
import type { CiRun } from "../src/host/host.ts";
import { makeFailedReportStage, makeReport, makeReportImage } from "./make.ts";
import { makeHost, makeRun } from "./publish/make-host.ts";

/** What the log says of the files of a run in which no stage was built. */
async function said(ci: CiRun | undefined): Promise<readonly string[]> {
  const files = createFiles({ workspace: "/", env: {} });
  await using folder = await files.temporaryFolder("edition");
  const host = { ...makeHost({ ci }), files };
  const report = makeReport({ images: [makeReportImage({ stages: [makeFailedReportStage()] })] });
  await writeEdition(host, report, {
    out: folder.path,
    layout: "/state/layout",
    plan: { images: [] },
    publish: { nameIsGiven: false, fail: true, onUnknown: "fail" },
    startedAt: 0,
  });
  return host.logged;
}

test("what is kept from code scanning is told with its reason", async () => {
  expect(await said(makeRun())).toEqual([
    expect.stringMatching(
      /^info: Not uploaded to code scanning: .*\/trivy \(the stage production /,
    ),
  ]);
});

test("where nobody uploads, nothing is said of it", async () => {
  expect(await said(undefined)).toEqual([]);
});
