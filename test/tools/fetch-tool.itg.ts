// The real programs, through the real download, from a server on loopback.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ensureLab } from "../../scripts/lab/lab.ts";
import { PINNED_RELEASES } from "../../src/tools/pinned.ts";
import { provideTool } from "../../src/tools/tools.ts";
import { openReleasePage } from "./release-page.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const { tools } = await ensureLab(["tools"]);

/** The lab's Trivy in an archive, as a release has it: the path, and the SHA-256. */
async function packTrivy(workshop: Workshop) {
  const path = join(workshop.outside, "trivy.tar.gz");
  const args = ["-czf", path, "-C", join(tools.trivy, ".."), "trivy"];
  await promisify(execFile)("tar", args);
  return {
    path,
    sha256: createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
  };
}

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

test("a Trivy whose hash is given is unpacked and runs, as often as it is wanted", async () => {
  await using workshop = await openWorkshop();
  const archive = await packTrivy(workshop);
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
  const archive = await packTrivy(workshop);
  const bytes = await readFile(archive.path);
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  await writeFile(archive.path, bytes);
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
  expect(await provideTool(workshop.host, request)).toHaveProperty(
    "reason",
    expect.stringContaining(`instead of ${archive.sha256}`),
  );
});
