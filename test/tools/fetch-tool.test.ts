import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type FetchRequest, fetchTool } from "../../src/tools/fetch-tool.ts";
import { openReleasePage } from "./release-page.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const PROGRAM = Buffer.from("#!/bin/sh\necho Version: 0.73.0\n");
const OTHER = Buffer.from("#!/bin/sh\necho 6.6.6\n");
const FILE = "trivy/releases/download/v0.73.0/trivy-file";

/** What a release hands out, and what it must be. */
type Release = Pick<FetchRequest, "file" | "hashes"> & { readonly bytes: Buffer };

/** The program itself. */
const PLAIN: Release = {
  bytes: PROGRAM,
  file: { name: "trivy-file", path: FILE, kind: "program" },
  hashes: { sha256: hashOf(PROGRAM) },
};

/** The program in an archive, whose own hash is known or not. */
async function packed(workshop: Workshop, program: Buffer | undefined): Promise<Release> {
  await workshop.write("trivy", PROGRAM.toString());
  const archive = join(workshop.outside, "trivy.tar.gz");
  const args = ["--mode=755", "-czf", archive, "-C", workshop.workspace, "trivy"];
  await promisify(execFile)("tar", args);
  const bytes = await readFile(archive);
  const programSha256 = program === undefined ? {} : { programSha256: hashOf(program) };
  return {
    bytes,
    file: { name: "trivy-file", path: FILE, kind: "tar.gz" },
    hashes: { sha256: hashOf(bytes), ...programSha256 },
  };
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function serve(bytes: Buffer): RequestListener {
  return (_request, response) => response.end(bytes);
}

/** Fetches into the folder `tools` of the workshop. */
function fetchInto(workshop: Workshop, mirror: string, { file, hashes }: Release = PLAIN) {
  const folder = join(workshop.outside, "tools");
  return fetchTool(workshop.host, {
    name: "trivy",
    version: "0.73.0",
    file,
    hashes,
    folder,
    mirror,
  });
}

/** Names of the files that are kept, by the folder that they are in. */
async function keptIn(workshop: Workshop): Promise<readonly (readonly string[])[]> {
  const folder = join(workshop.outside, "tools");
  const names = await readdir(folder);
  return Promise.all(names.map((name) => readdir(join(folder, name))));
}

/** Puts other bytes in place of the program that was found. */
async function change(tool: Awaited<ReturnType<typeof fetchTool>>): Promise<void> {
  if (tool.kind === "missing") throw new Error(tool.reason);
  await writeFile(tool.path, OTHER);
}

test("a program is downloaded, checked and ready to run", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage(serve(PROGRAM));
  const tool = await fetchInto(workshop, page.url);
  expect(tool).toMatchObject({ kind: "found", version: "0.73.0", sha256: hashOf(PROGRAM) });
  expect(page.requests).toEqual([`/${FILE}`]);
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
  await change(first);
  expect(await fetchInto(workshop, page.url)).toEqual(first);
  expect(page.requests).toHaveLength(2);
});

test("of each tool one version is kept, and other tools are left alone", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage(serve(PROGRAM));
  const tools = join(workshop.outside, "tools");
  for (const name of ["trivy-0.72.0-0123456789abcdef", "hadolint-2.15.1-0123456789abcdef"]) {
    await mkdir(join(tools, name), { recursive: true });
  }
  await fetchInto(workshop, page.url);
  expect(await readdir(tools)).toEqual([
    "hadolint-2.15.1-0123456789abcdef",
    `trivy-0.73.0-${hashOf(PROGRAM).slice(0, 16)}`,
  ]);
});

test("bytes with another hash than the right one are neither run nor kept", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage(serve(OTHER));
  expect(await fetchInto(workshop, page.url)).toEqual({
    kind: "missing",
    name: "trivy",
    reason: `${page.url}/${FILE} has the SHA-256 ${hashOf(OTHER)} instead of ${hashOf(PROGRAM)}`,
  });
  expect(await keptIn(workshop)).toEqual([[]]);
});

test("half a download is missing, with the reason", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => {
    response.writeHead(200, { "content-length": PROGRAM.length });
    response.write(PROGRAM.subarray(0, 10), () => response.destroy());
  });
  const tool = await fetchInto(workshop, page.url);
  expect(tool).toHaveProperty("reason", `${page.url}/${FILE} could not be downloaded: aborted`);
  expect(await keptIn(workshop)).toEqual([[]]);
});

test("a release page that stops in the middle is missing, with the reason", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => response.write("#!/bin/sh"));
  const tool = await fetchInto(workshop, page.url);
  expect(tool).toHaveProperty(
    "reason",
    `${page.url}/${FILE} could not be downloaded: nothing came for 0.5 seconds`,
  );
  expect(await keptIn(workshop)).toEqual([[]]);
});

test("a release page that is busy is asked again when it says", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => {
    if (page.requests.length > 1) response.end(PROGRAM);
    else response.writeHead(429, { "retry-after": "1" }).end();
  });
  expect(await fetchInto(workshop, page.url)).toMatchObject({ kind: "found" });
  expect(page.requests).toHaveLength(2);
});

test("a release that is not there is missing, with the answer", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => response.writeHead(404).end());
  const tool = await fetchInto(workshop, page.url);
  expect(tool).toHaveProperty("reason", `${page.url}/${FILE} was refused: 404 Not Found`);
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

test("of an archive whose program is known, only the program is kept", async () => {
  await using workshop = await openWorkshop();
  const release = await packed(workshop, PROGRAM);
  await using page = await openReleasePage(serve(release.bytes));
  const first = await fetchInto(workshop, page.url, release);
  expect(first).toMatchObject({ kind: "found", sha256: hashOf(PROGRAM) });
  expect(await keptIn(workshop)).toEqual([["trivy"]]);
  expect(await fetchInto(workshop, page.url, release)).toEqual(first);
  expect(page.requests).toHaveLength(1);
});

test("a known program that was changed is not run, but fetched again", async () => {
  await using workshop = await openWorkshop();
  const release = await packed(workshop, PROGRAM);
  await using page = await openReleasePage(serve(release.bytes));
  const first = await fetchInto(workshop, page.url, release);
  await change(first);
  expect(await fetchInto(workshop, page.url, release)).toEqual(first);
  expect(page.requests).toHaveLength(2);
});

test("a program that is not the one known to be in the archive is not run", async () => {
  await using workshop = await openWorkshop();
  const release = await packed(workshop, OTHER);
  await using page = await openReleasePage(serve(release.bytes));
  const tool = await fetchInto(workshop, page.url, release);
  expect(tool).toHaveProperty(
    "reason",
    expect.stringContaining(`has the SHA-256 ${hashOf(PROGRAM)} instead of ${hashOf(OTHER)}`),
  );
});

test("of an archive whose program is not known, the program is unpacked anew each time", async () => {
  await using workshop = await openWorkshop();
  const release = await packed(workshop, undefined);
  await using page = await openReleasePage(serve(release.bytes));
  const first = await fetchInto(workshop, page.url, release);
  expect(first).toMatchObject({ kind: "found", version: "0.73.0" });
  await change(first);
  expect(await fetchInto(workshop, page.url, release)).toEqual(first);
  expect(page.requests).toHaveLength(1);
});

test("a kept archive that was changed is not unpacked, but downloaded again", async () => {
  await using workshop = await openWorkshop();
  const release = await packed(workshop, undefined);
  await using page = await openReleasePage(serve(release.bytes));
  const first = await fetchInto(workshop, page.url, release);
  if (first.kind === "missing") throw new Error(first.reason);
  const archive = join(dirname(first.path), release.file.name);
  await writeFile(archive, Buffer.concat([await readFile(archive), Buffer.from("x")]));
  expect(await fetchInto(workshop, page.url, release)).toEqual(first);
  expect(page.requests).toHaveLength(2);
});

test("an archive without the program is missing, with what tar says", async () => {
  await using workshop = await openWorkshop();
  const release = await packed(workshop, undefined);
  const file = { ...release.file, kind: "tar.gz" } as const;
  await using page = await openReleasePage(serve(PROGRAM));
  const hashes = { sha256: hashOf(PROGRAM) };
  const tool = await fetchInto(workshop, page.url, { ...release, file, hashes });
  expect(tool).toHaveProperty("reason", expect.stringMatching(/^tar ended with exit code 2: /));
});

test("a kept program that may not be run any more is made one again", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage(serve(PROGRAM));
  const first = await fetchInto(workshop, page.url);
  if (first.kind === "missing") throw new Error(first.reason);
  await chmod(first.path, 0o644);
  expect(await fetchInto(workshop, "http://127.0.0.1:9")).toMatchObject({ kind: "found" });
});
