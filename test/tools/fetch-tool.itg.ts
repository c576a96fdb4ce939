import { createReadStream } from "node:fs";
import { expect, test } from "vitest";
import { ensureLab } from "../../scripts/lab/lab.ts";
import { fetchTool } from "../../src/tools/fetch-tool.ts";
import { PINNED_TOOLS } from "../../src/tools/pinned.ts";
import { openReleasePage } from "./release-page.ts";
import { openWorkshop } from "./workshop.ts";

test("the release's own Hadolint has the pinned hash and runs", async () => {
  const { tools } = await ensureLab(["tools"]);
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => {
    createReadStream(tools.hadolint).pipe(response);
  });
  const tool = PINNED_TOOLS.hadolint;
  const request = { tool, folder: workshop.outside, mirror: page.url, machine: "linux-x64" };
  expect(await fetchTool(workshop.host, request)).toMatchObject({
    kind: "found",
    version: tool.version,
    sha256: tool.files["linux-x64"]?.sha256,
  });
  expect(page.requests).toEqual([
    "/hadolint/hadolint/releases/download/v2.15.1/hadolint-linux-x86_64",
  ]);
});
