// The real programs, through the real download, from a server on loopback.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { type FetchRequest, fetchTool } from "../../src/tools/fetch-tool.ts";
import { PINNED_RELEASES } from "../../src/tools/pinned.ts";
import { provideTool } from "../../src/tools/tools.ts";
import { openReleasePage } from "./release-page.ts";
import { openWorkshop } from "./workshop.ts";

const { tools } = await labParts(["tools"]);

let folder: string;
/** The lab's Trivy in an archive, as a release has it. */
let archive: { readonly path: string; readonly sha256: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weighbridge-releases-"));
  const path = join(folder, "trivy.tar.gz");
  const args = ["-I", "gzip -1", "-cf", path, "-C", dirname(tools.trivy), "trivy"];
  await promisify(execFile)("tar", args);
  archive = {
    path,
    sha256: createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the release's own Hadolint has the pinned hash and runs", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => {
    createReadStream(tools.hadolint).pipe(response);
  });
  const request = { name: "hadolint", folder: workshop.outside, mirror: page.url } as const;
  const tool = await provideTool(workshop.host, { ...request, machine: "linux-x64" });
  expect(tool).toMatchObject({
    kind: "found",
    version: "2.15.1",
    sha256: PINNED_RELEASES.hadolint.files["linux-x64"]?.sha256,
  });
  expect(page.requests).toEqual([
    "/hadolint/hadolint/releases/download/v2.15.1/hadolint-linux-x86_64",
  ]);
});

test("the program in Trivy's package is the one that is pinned", async () => {
  const program = createHash("sha256")
    .update(await readFile(tools.trivy))
    .digest("hex");
  expect(PINNED_RELEASES.trivy.files["linux-x64"]?.programSha256).toBe(program);
});

test("of Trivy's archive only the program is kept, which is the pinned one", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => {
    createReadStream(archive.path).pipe(response);
  });
  const { version, files } = PINNED_RELEASES.trivy;
  const request: FetchRequest = {
    name: "trivy",
    version,
    file: { name: "trivy.tar.gz", path: "trivy.tar.gz", kind: "tar.gz" },
    hashes: { ...files["linux-x64"], sha256: archive.sha256 },
    folder: join(workshop.outside, "tools"),
    mirror: page.url,
  };
  const first = await fetchTool(workshop.host, request);
  expect(first).toMatchObject({ kind: "found", sha256: files["linux-x64"]?.programSha256 });
  if (first.kind === "found") expect(await readdir(dirname(first.path))).toEqual(["trivy"]);
  expect(await fetchTool(workshop.host, request)).toEqual(first);
  expect(page.requests).toHaveLength(1);
});

test("a Trivy whose hash is given is unpacked and runs, as often as it is wanted", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => {
    createReadStream(archive.path).pipe(response);
  });
  const release = { kind: "release", version: "0.73.0", sha256: archive.sha256 } as const;
  const folder = join(workshop.outside, "tools");
  const request = {
    name: "trivy",
    folder,
    mirror: page.url,
    machine: "linux-x64",
    release,
  } as const;
  const first = await provideTool(workshop.host, request);
  expect(first).toMatchObject({ kind: "found", version: "0.73.0" });
  if (first.kind === "found") await truncate(first.path, 1000);
  expect(await provideTool(workshop.host, request)).toEqual(first);
  expect(page.requests).toEqual([
    "/aquasecurity/trivy/releases/download/v0.73.0/trivy_0.73.0_Linux-64bit.tar.gz",
  ]);
});

test("a Trivy of which one byte is another is never run", async () => {
  await using workshop = await openWorkshop();
  const bytes = await readFile(archive.path);
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  await using page = await openReleasePage((_request, response) => response.end(bytes));
  const release = { kind: "release", version: "0.73.0", sha256: archive.sha256 } as const;
  const folder = join(workshop.outside, "tools");
  const request = {
    name: "trivy",
    folder,
    mirror: page.url,
    machine: "linux-x64",
    release,
  } as const;
  expect(await provideTool(workshop.host, request)).toHaveProperty(
    "reason",
    expect.stringContaining(`instead of ${archive.sha256}`),
  );
});
