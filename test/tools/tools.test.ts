import { join } from "node:path";
import { expect, test } from "vitest";
import { provideTool } from "../../src/tools/tools.ts";
import { openReleasePage } from "./release-page.ts";
import { openWorkshop } from "./workshop.ts";

test("a tool that is on the PATH is not downloaded", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => response.end());
  const path = await workshop.program("trivy", "echo Version: 0.70.0");
  const host = { ...workshop.host, env: { PATH: join(workshop.outside, "bin") } };
  const folder = join(workshop.outside, "tools");
  const tool = await provideTool(host, { name: "trivy", folder, mirror: page.url });
  expect(tool).toMatchObject({ kind: "found", path });
  expect(page.requests).toEqual([]);
});

test("a tool that is neither on the PATH nor to be had says both", async () => {
  await using workshop = await openWorkshop();
  await using page = await openReleasePage((_request, response) => response.writeHead(404).end());
  const host = { ...workshop.host, env: { PATH: "/nowhere" } };
  const folder = join(workshop.outside, "tools");
  const tool = await provideTool(host, { name: "trivy", folder, mirror: page.url });
  expect(tool).toHaveProperty(
    "reason",
    expect.stringMatching(/^there is no trivy on the PATH, and /),
  );
});
