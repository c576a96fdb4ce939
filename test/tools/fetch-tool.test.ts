import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { fetchTool } from "../../src/tools/fetch-tool.ts";
import type { PinnedFile, PinnedTool } from "../../src/tools/pinned.ts";
import { openReleasePage } from "./release-page.ts";
import { openWorkshop } from "./workshop.ts";

const PROGRAM = Buffer.from("#!/bin/sh\necho Haskell Dockerfile Linter 2.15.1\n");
const KEPT = "hadolint-2.15.1-";

function pin(bytes: Buffer, kind: PinnedFile["kind"] = "program"): PinnedTool {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return {
    name: "hadolint",
    version: "2.15.1",
    releasePath: "hadolint/hadolint/releases/download/v2.15.1",
    files: { "linux-x64": { file: "hadolint-linux", sha256, kind } },
  };
}

function serve(bytes: Buffer): RequestListener {
  return (_request, response) => response.end(bytes);
}

/** Fetches for a Linux machine into the folder `tools` of the workshop. */
function fetchInto(
  workshop: Awaited<ReturnType<typeof openWorkshop>>,
  mirror: string,
  tool = pin(PROGRAM),
) {
  const folder = join(workshop.outside, "tools");
  return fetchTool(workshop.host, { tool, folder, mirror, machine: "linux-x64" });
}

test("a program is downloaded, checked and ready to run", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage(serve(PROGRAM));
  const tool = await fetchInto(workshop, page.url);
  expect(tool).toMatchObject({ kind: "found", name: "hadolint", version: "2.15.1" });
  expect(page.requests).toEqual(["/hadolint/hadolint/releases/download/v2.15.1/hadolint-linux"]);
});

test("what is kept is not downloaded again", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage(serve(PROGRAM));
  await fetchInto(workshop, page.url);
  const again = await fetchInto(workshop, page.url);
  expect(again.kind).toBe("found");
  expect(page.requests).toHaveLength(1);
});

test("what is kept and was changed is not run, but downloaded again", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage(serve(PROGRAM));
  const first = await fetchInto(workshop, page.url);
  const path = first.kind === "found" ? first.path : "";
  await writeFile(path, "#!/bin/sh\necho 6.6.6\n");
  expect(await fetchInto(workshop, page.url)).toEqual(first);
  expect(page.requests).toHaveLength(2);
});

test("bytes with another hash than the pinned one are neither run nor kept", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage(serve(Buffer.from("#!/bin/sh\necho 6.6.6\n")));
  const tool = await fetchInto(workshop, page.url);
  expect(tool).toMatchObject({ kind: "missing" });
  expect(tool).toHaveProperty("reason", expect.stringContaining("instead of the pinned"));
  const [folder = ""] = await readdir(join(workshop.outside, "tools"));
  expect(folder.startsWith(KEPT)).toBe(true);
  expect(await readdir(join(workshop.outside, "tools", folder))).toEqual([]);
});

test("half a download is missing, with the reason", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => {
    response.writeHead(200, { "content-length": PROGRAM.length });
    response.write(PROGRAM.subarray(0, 10), () => response.destroy());
  });
  const tool = await fetchInto(workshop, page.url);
  expect(tool).toHaveProperty(
    "reason",
    expect.stringContaining("could not be downloaded: aborted"),
  );
});

test("a release that is not there is missing, with the answer", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => response.writeHead(404).end());
  const tool = await fetchInto(workshop, page.url);
  expect(tool).toHaveProperty("reason", expect.stringContaining("was refused: 404 Not Found"));
});

test("a release page that cannot be reached is missing, with the reason", async () => {
  await using workshop = await openWorkshop();
  const page = await openReleasePage(serve(PROGRAM));
  await page[Symbol.asyncDispose]();
  const tool = await fetchInto(workshop, page.url);
  expect(tool).toHaveProperty("reason", expect.stringContaining("could not be downloaded: "));
});

test("redirects are followed, as to where GitHub keeps its files", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((request, response) => {
    if (request.url === "/objects/1") response.end(PROGRAM);
    else response.writeHead(302, { location: `http://${request.headers.host}/objects/1` }).end();
  });
  expect(await fetchInto(workshop, page.url)).toMatchObject({ kind: "found" });
});

test("of an archive, the program is unpacked anew on every run", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("hadolint", PROGRAM.toString());
  const archive = join(workshop.outside, "hadolint.tar.gz");
  const args = ["--mode=755", "-czf", archive, "-C", workshop.workspace, "hadolint"];
  await promisify(execFile)("tar", args);
  const bytes = await readFile(archive);
  await using page = await openReleasePage(serve(bytes));
  const first = await fetchInto(workshop, page.url, pin(bytes, "tar.gz"));
  expect(first).toMatchObject({ kind: "found", version: "2.15.1" });
  const path = first.kind === "found" ? first.path : "";
  await writeFile(path, "#!/bin/sh\necho 6.6.6\n");
  expect(await fetchInto(workshop, page.url, pin(bytes, "tar.gz"))).toEqual(first);
  expect(page.requests).toHaveLength(1);
});

test("a machine that nothing is pinned for has no tool", async () => {
  await using workshop = await openWorkshop();
  const request = { tool: pin(PROGRAM), folder: workshop.outside, machine: "aix-ppc64" };
  expect(await fetchTool(workshop.host, request)).toEqual({
    kind: "missing",
    name: "hadolint",
    reason: "hadolint 2.15.1 is not pinned for aix-ppc64",
  });
});
