import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { provideTool } from "../../src/tools/tools.ts";
import { openReleasePage } from "./release-page.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const PROGRAM = "#!/bin/sh\necho Haskell Dockerfile Linter 2.14.0\n";
const SHA256 = createHash("sha256").update(PROGRAM).digest("hex");

function provide(workshop: Workshop, mirror: string, version?: string) {
  return provideTool(workshop.host, {
    name: "hadolint",
    folder: join(workshop.outside, "tools"),
    mirror,
    machine: "linux-x64",
    ...(version !== undefined && { release: { kind: "release", version, sha256: SHA256 } }),
  });
}

test("the pinned release is fetched where no other is named", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => response.end(PROGRAM));
  const tool = await provide(workshop, page.url);
  expect(page.requests).toEqual([
    "/hadolint/hadolint/releases/download/v2.15.1/hadolint-linux-x86_64",
  ]);
  expect(tool).toHaveProperty("reason", expect.stringContaining(`${SHA256} instead of c7187db94`));
});

test("a release that is named is fetched, and held to the hash that is named with it", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => response.end(PROGRAM));
  const tool = await provide(workshop, page.url, "2.14.0");
  expect(tool).toMatchObject({ kind: "found", version: "2.14.0", sha256: SHA256 });
  expect(page.requests).toEqual([
    "/hadolint/hadolint/releases/download/v2.14.0/hadolint-linux-x86_64",
  ]);
});

test("a program that is on the PATH is not used by itself", async () => {
  await using workshop = await openWorkshop();
  await workshop.program("hadolint", "echo Haskell Dockerfile Linter 2.15.1");
  await using page = await openReleasePage((_request, response) => response.writeHead(404).end());
  expect(await provide(workshop, page.url)).toMatchObject({ kind: "missing" });
});

test("a machine that nothing is released for has no tool, and is told what helps", async () => {
  await using workshop = await openWorkshop();
  const folder = join(workshop.outside, "tools");
  const request = { name: "hadolint", folder, machine: "linux-ppc64" } as const;
  const lines: string[] = [];
  const log = { ...workshop.host.log, info: (line: string) => void lines.push(line) };
  const reason =
    "there is no hadolint 2.15.1 to fetch for linux-ppc64, only for linux-x64, linux-arm64, darwin-x64, darwin-arm64";
  expect(await provideTool({ ...workshop.host, log }, request)).toEqual({
    kind: "missing",
    name: "hadolint",
    reason,
  });
  expect(lines).toEqual([`${reason}. --hadolint-path can name a hadolint that is here`]);
});
