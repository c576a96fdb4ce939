import { describe, expect, it } from "vitest";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject } from "./project.ts";

async function problemsOf(config: string, raw: Readonly<Record<string, string>> = {}) {
  await using project = await createProject({ Dockerfile: "", ".hadolint.yaml": config });
  return (await gatherInputs(project, raw)).problems;
}

describe("a configuration of Hadolint's", () => {
  it("that is not YAML is told with all else that is wrong, with its line", async () => {
    expect(await problemsOf("ignored:\n  - DL3006\n  b: [\n", { platform: "nope" })).toEqual([
      { where: "input platform", what: expect.stringContaining('"nope" is not a platform') },
      { where: ".hadolint.yaml:3", what: expect.stringContaining("is not valid YAML") },
    ]);
  });

  it.each([
    ["", 1, "nothing"],
    ["# ignored: []\n- DL3006\n", 2, "a list"],
    ["DL3006\n", 1, '"DL3006"'],
  ])("has to be a map: %j", async (text, line, what) => {
    expect(await problemsOf(text)).toEqual([
      {
        where: `.hadolint.yaml:${line}`,
        what: `holds ${what}; Hadolint takes a map of \`key: value\` lines`,
      },
    ]);
  });

  it("is looked at under the name that the input gives", async () => {
    await using project = await createProject({ Dockerfile: "", "ci/lint.yaml": "ignored: [" });
    const { problems } = await gatherInputs(project, { "hadolint-config": "ci/lint.yaml" });
    expect(problems.map(({ where }) => where)).toEqual(["ci/lint.yaml:1"]);
  });

  it("is nobody's business where nothing is linted", async () => {
    expect(await problemsOf("ignored: [", { lint: "false" })).toEqual([]);
  });

  it.each(["ignored: 7\n", "&a ignored: []\nignored: []\n", `# ${"x".repeat(200_000)}\n- a\n`])(
    "is left to Hadolint where YAML does not tell: %j",
    async (text) => {
      expect(await problemsOf(text)).toEqual([]);
    },
  );
});
