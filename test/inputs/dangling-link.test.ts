import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Problem } from "../../src/errors.ts";
import type { RawInputs } from "../../src/inputs/input-kinds.ts";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject } from "./project.ts";

/** What is told of a workspace in which one link leads to nothing. */
async function problemsOf(link: string, raw: RawInputs = {}): Promise<readonly Problem[]> {
  await using project = await createProject({
    Dockerfile: "",
    ".github/other": "",
    "lint.yaml": "ignored: []",
  });
  await symlink("nope", join(project.workspace, link));
  return (await gatherInputs(project, raw)).problems;
}

it.each([".github/weighbridge.yml", ".dive-ci", ".hadolint.yaml", ".hadolint.yml"])(
  "%s that leads to nothing is not passed over: its goals and rules would be gone",
  async (link) => {
    expect(await problemsOf(link)).toEqual([
      { where: link, what: `"${link}" is a symbolic link to "nope", which is not there` },
    ]);
  },
);

it("a link on the way to the configuration is named", async () => {
  const raw = { config: "ci/shop/weighbridge.yml", file: "Dockerfile" };
  expect(await problemsOf("ci", raw)).toEqual([
    { where: "input config", what: '"ci" is a symbolic link to "nope", which is not there' },
  ]);
});

it("a configuration under nearly the default name is told although it leads to nothing", async () => {
  expect(await problemsOf(".github/weighbridge.yaml")).toMatchObject([
    { where: ".github/weighbridge.yaml", what: expect.stringContaining("is not read") },
  ]);
});

it("a configuration of Hadolint's does not matter where it is not run, or has another", async () => {
  expect(await problemsOf(".hadolint.yaml", { lint: "false" })).toEqual([]);
  expect(await problemsOf(".hadolint.yaml", { "hadolint-config": "lint.yaml" })).toEqual([]);
});

it("a .dive-ci that is no file of the workspace is told", async () => {
  await using project = await createProject({ Dockerfile: "", ".dive-ci": undefined });
  expect((await gatherInputs(project, {})).problems).toEqual([
    { where: ".dive-ci", what: '".dive-ci" is not a file' },
  ]);
});
