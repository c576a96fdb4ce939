import { join } from "node:path";
import { expect, test } from "vitest";
import { removeEdition, writeEdition } from "../src/edition.ts";
import { createFiles } from "../src/host/files.ts";
import { createGitHub } from "../src/host/github.ts";
import type { CiRun, GitHub } from "../src/host/host.ts";
import { createLocalHost } from "../src/host/local-host.ts";
import { makeTemporaryFolder } from "../src/host/temporary.ts";
import type { CheckStatus } from "../src/model/report.ts";
import { makeLintFinding } from "./make.ts";
import { makeFailedReportStage, makeReport, makeReportImage } from "./make-report.ts";
import { makeHost, makeRun } from "./publish/make-host.ts";

/** GitHub with a token, which nobody asks here; undefined without one. */
function gitHub(token: string): GitHub | undefined {
  if (token === "") return undefined;
  return createGitHub({
    token,
    repository: "octo/app",
    apiUrl: "http://127.0.0.1:9",
    signal: AbortSignal.abort(),
    clock: { now: () => 0, async sleep() {} },
    fetch: globalThis.fetch,
  });
}

/** What the log says of the files of a run in which no stage was built. */
async function said(ci: CiRun | undefined): Promise<readonly string[]> {
  return (await written(ci, "auto")).logged;
}

async function written(
  ci: CiRun | undefined,
  uploadSarif: "auto" | "never",
  token = "a-token",
  lint: CheckStatus = CHECKED,
) {
  const files = createFiles({ workspace: "/", env: {} });
  await using folder = await files.temporaryFolder("edition");
  using system = createLocalHost({ workspace: "/", stream: { write: () => true } });
  const host = { ...makeHost({ ci, github: gitHub(token) }), files, exec: system.exec };
  const stages = [makeFailedReportStage()];
  const report = makeReport({
    images: [makeReportImage({ stages, hadolint: lint, buildkit: lint })],
  });
  const { comment, paths } = await writeEdition(host, report, {
    out: folder.path,
    layout: "/state/layout",
    plan: { images: [] },
    targets: [],
    publish: { nameIsGiven: false, fail: true, onUnknown: "fail", uploadSarif, summary: true },
    startedAt: 0,
  });
  return { logged: host.logged, comment, sarif: paths.sarif };
}

const CHECKED: CheckStatus = { status: "checked" };

test("what is kept from code scanning is told with its reason", async () => {
  expect(await said(makeRun())).toEqual([
    expect.stringMatching(
      /^info: Not uploaded to code scanning: .*\/trivy \(the stage production /,
    ),
  ]);
});

test("the folder of SARIF is named where there are files in it", async () => {
  expect((await written(makeRun(), "auto")).sarif).toMatch(/sarif$/);
  expect((await written(makeRun(), "auto", "a-token", { status: "off" })).sarif).toBe("");
});

test("where nobody uploads, nothing is said of it", async () => {
  expect(await said(undefined)).toEqual([]);
});

test("the comment says what is kept from code scanning, where this run would upload", async () => {
  const said = "Not uploaded to code scanning: ";
  const { comment } = await written(makeRun(), "auto");
  expect(comment.split("\n").filter((line) => line.startsWith(said))).toEqual([
    expect.stringMatching(/\/trivy \(the stage production was not built; .* would be closed\)\.$/),
  ]);
  expect((await written(makeRun(), "never")).comment).not.toContain(said);
  expect((await written({ ...makeRun(), event: "merge_group" }, "auto")).comment).not.toContain(
    said,
  );
  expect((await written(undefined, "auto")).comment).not.toContain(said);
  expect((await written(makeRun(), "auto", "")).comment).not.toContain(said);
});

test("files are told by their paths in the repository, wherever that is checked out", async () => {
  await using folder = await makeTemporaryFolder("checkout", {});
  using system = createLocalHost({ workspace: folder.path, stream: { write: () => true } });
  const { files, exec } = system;
  await files.writeText("app/.git/config", "\turl = https://github.com/octo/app\n");
  const host = { ...makeHost({ github: gitHub("a-token") }), files, exec };
  const image = makeReportImage({
    dockerfile: "app/web/Dockerfile",
    findings: [makeLintFinding()],
    hadolint: CHECKED,
  });
  const edition = await writeEdition(host, makeReport({ images: [image] }), {
    out: join(folder.path, "out"),
    layout: "/state/layout",
    plan: { images: [] },
    targets: [],
    publish: {
      nameIsGiven: false,
      fail: true,
      onUnknown: "fail",
      uploadSarif: "auto",
      summary: true,
    },
    startedAt: 0,
  });
  expect(edition.checkout).toBe("app");
  const texts = edition.sarif.map(({ text }) => text).join("");
  expect(texts).toContain('"uri": "web/Dockerfile"');
  expect(texts).not.toContain('"uri": "app');
  expect(edition.summary).toMatch(/\/blob\/[^/]+\/web\/Dockerfile#L/);
  expect(edition.summary).not.toMatch(/\/blob\/[^/]+\/app\//);
});

test("only what an earlier run has written is removed", async () => {
  const files = createFiles({ workspace: "/", env: {} });
  await using folder = await files.temporaryFolder("edition");
  const write = (name: string, text: string) => files.writeText(join(folder.path, name), text);
  await write("sarif/codeql.sarif", "{}");
  await write("report.json", '{"mine": true}');
  await write("summary.md", "mine");
  await removeEdition({ files }, folder.path);
  expect(await files.list(folder.path)).toEqual(["report.json", "sarif", "summary.md"]);
  await write("report.json", '{"version": 1, "verdict": "pass", "images": []}');
  await write("sarif/weighbridge_app_trivy.sarif", "{}");
  await write("sarif/weighbridge=3anightly_app_trivy.sarif", "{}");
  await removeEdition({ files }, folder.path);
  expect(await files.list(folder.path)).toEqual(["sarif"]);
  expect(await files.list(join(folder.path, "sarif"))).toEqual(["codeql.sarif"]);
  await files.remove(join(folder.path, "sarif/codeql.sarif"));
  await write("report.json", '{"version": 1, "verdict": "pass", "images": []}');
  await write("sarif/weighbridge_app_trivy.sarif", "{}");
  await removeEdition({ files }, folder.path);
  expect(await files.list(folder.path)).toEqual([]);
});
