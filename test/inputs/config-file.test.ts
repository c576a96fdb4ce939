import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/errors.ts";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject } from "./project.ts";

const FILES = {
  Dockerfile: "",
  "Dockerfile.dev": "",
  "ci/hadolint.yaml": "ignored: []",
  ".trivyignore": "",
};

async function problemsOf(config: string): Promise<readonly Problem[]> {
  await using project = await createProject({ ...FILES, ".github/weighbridge.yml": config });
  return (await gatherInputs(project, {})).problems;
}

describe("a configuration file of which it cannot be told which images are meant", () => {
  it.each([
    ["images:\n  - file: [", "is not valid YAML"],
    ["- images", "is not a map"],
    ["image:\n  - file: Dockerfile.dev\n", 'did you mean "images"?'],
    ["images: Dockerfile.dev\n", "it has to be a list of maps"],
    ["flie: Dockerfile.dev\n", 'did you mean "file"?'],
    ["context: {}\n", "it has to be text"],
  ])("is all that is complained of: %j", async (config, what) => {
    await using project = await createProject({
      "app/Dockerfile": "",
      ".github/weighbridge.yml": config,
    });
    const { problems, inputs } = await gatherInputs(project, { goals: "dev: {max-unpacked: 1GB}" });
    expect(problems.map((problem) => problem.what)).toEqual([expect.stringContaining(what)]);
    expect(inputs.images).toEqual([]);
    expect(inputs.goals).toMatchObject([{ mayNameNoStage: true }]);
  });

  it("says nothing of images when it is empty or another key is misspelt", async () => {
    for (const config of ["# nothing\n", "severty: high\n"]) {
      await using project = await createProject({
        Dockerfile: "",
        ".github/weighbridge.yml": config,
      });
      expect((await gatherInputs(project, {})).inputs.images).toHaveLength(1);
    }
  });
});

describe("a configuration file in the context", () => {
  const files = { "app/Dockerfile": "", "app/.github/weighbridge.yml": "fail: false\n" };

  it("is not read, and that is said with the way out", async () => {
    await using project = await createProject(files);
    const { notes } = await gatherInputs(project, { context: "./app" });
    expect(notes).toEqual([
      "app/.github/weighbridge.yml is not read, as it is not in the root of the workspace: name it in config.",
    ]);
  });

  it("is read where it is named, and not spoken of where another one is", async () => {
    await using project = await createProject({ ...files, ".github/weighbridge.yml": "" });
    const config = "app/.github/weighbridge.yml";
    const named = await gatherInputs(project, { context: "app", config });
    expect(named.notes).toEqual([`Configuration is read from ${config}.`]);
    const other = await gatherInputs(project, { context: "app" });
    expect(other.notes).toEqual(["Configuration is read from .github/weighbridge.yml."]);
  });
});

describe("a configuration file", () => {
  it("says what the inputs would", async () => {
    await using project = await createProject({
      ...FILES,
      ".github/weighbridge.yml": `
file: [Dockerfile, Dockerfile.dev]
targets:
  - production
  - 2
  - "!test"
build-args:
  - VERSION=1.2
platform: linux/arm64
pull: true
goals:
  "*": {max-unpacked: 150MB}
hadolint-config: ci/hadolint.yaml
fail-on-lint: error
scanners: vuln
severity: [HIGH, critical]
trivy-ignore-file: .trivyignore
name: the images
comment: never
fail: false
on-unknown: warn
`,
    });
    const { inputs, problems, notes } = await gatherInputs(project, {});
    expect(problems).toEqual([]);
    expect(notes).toEqual(["Configuration is read from .github/weighbridge.yml."]);
    expect(inputs).toMatchObject({
      images: [
        { name: "Dockerfile", where: ".github/weighbridge.yml:2" },
        { name: "Dockerfile.dev", where: ".github/weighbridge.yml:2" },
      ],
      targets: ["production", "2", "!test"],
      goals: [{ pattern: "*", where: ".github/weighbridge.yml:12" }],
      build: { buildArgs: { VERSION: "1.2" }, platform: "linux/arm64", pull: true },
      lint: { hadolintConfig: "ci/hadolint.yaml", failOnLint: "error" },
      scan: { scanners: ["vuln"], severity: ["critical", "high"], trivyIgnoreFile: ".trivyignore" },
      publish: {
        name: "the images",
        nameIsGiven: true,
        comment: "never",
        fail: false,
        onUnknown: "warn",
      },
    });
  });

  it("yields to inputs, option by option", async () => {
    await using project = await createProject({
      ...FILES,
      ".github/weighbridge.yml": "lint: false\nfail: false\nseverity: high\n",
    });
    const { inputs } = await gatherInputs(project, { lint: "true", severity: "low" });
    expect(inputs.lint.lint).toBe(true);
    expect(inputs.publish.fail).toBe(false);
    expect(inputs.scan.severity).toEqual(["low"]);
  });

  it("has its goals before those of the input, which so win when equally specific", async () => {
    await using project = await createProject({
      ...FILES,
      ".github/weighbridge.yml": "goals:\n  production: {max-unpacked: 1MB}\n",
    });
    const { inputs } = await gatherInputs(project, { goals: "production: {max-unpacked: 2MB}" });
    expect(inputs.goals.map(({ where }) => where)).toEqual([
      ".github/weighbridge.yml:2",
      "input goals, line 1",
    ]);
  });

  it("may hold nothing but comments", async () => {
    expect(await problemsOf("# later\n")).toEqual([]);
  });

  it("may be called otherwise", async () => {
    await using project = await createProject({ ...FILES, "ci/wb.yml": "lint: false\n" });
    const { inputs, notes } = await gatherInputs(project, { config: "./ci/wb.yml" });
    expect(inputs.lint.lint).toBe(false);
    expect(notes).toEqual(["Configuration is read from ci/wb.yml."]);
  });

  it("has to be there when it is named", async () => {
    await using project = await createProject(FILES);
    expect((await gatherInputs(project, { config: "wb.yml" })).problems).toEqual([
      { where: "input config", what: 'there is no file "wb.yml" in the workspace' },
    ]);
  });

  it("is all that is told where it is not there: what is to be built may be in it", async () => {
    await using project = await createProject({});
    expect((await gatherInputs(project, { config: "wb.yml" })).problems).toHaveLength(1);
  });

  it("is not overlooked when it ends in yaml", async () => {
    await using project = await createProject({ ...FILES, ".github/weighbridge.yaml": "" });
    expect((await gatherInputs(project, {})).problems).toEqual([
      {
        where: ".github/weighbridge.yaml",
        what: "is not read; call it .github/weighbridge.yml, or name it in config",
      },
    ]);
    const named = await gatherInputs(project, { config: ".github/weighbridge.yaml" });
    expect(named.problems).toEqual([]);
  });

  it("has to be in the workspace", async () => {
    await using project = await createProject(FILES);
    expect((await gatherInputs(project, { config: "/etc/passwd" })).problems).toEqual([
      {
        where: "input config",
        what: '"/etc/passwd" is outside the workspace; allowed is a file inside it',
      },
    ]);
  });

  it("has to be a file", async () => {
    await using project = await createProject({ ...FILES, ".github/weighbridge.yml/x": "" });
    expect((await gatherInputs(project, {})).problems).toEqual([
      { where: ".github/weighbridge.yml", what: '".github/weighbridge.yml" is not a file' },
    ]);
  });
});

describe("what is wrong with a configuration file", () => {
  it("is told with its line when it is not YAML", async () => {
    expect(await problemsOf("lint: true\ngoals: {a: {\n")).toEqual([
      { where: ".github/weighbridge.yml:3", what: expect.stringMatching(/^is not valid YAML: /) },
    ]);
  });

  it.each([
    ["lnit: true\n", '"lnit" is not an option; did you mean "lint"?'],
    ["image: []\n", '"image" is not an option; did you mean "images"?'],
    ["__proto__: true\n", '"__proto__" is not an option'],
    ["token: abc\n", '"token" cannot be set in this file: a token does not belong in a repository'],
    [
      "trivy-path: ./evil.sh\n",
      '"trivy-path" cannot be set in this file: programs belong to the machine',
    ],
    [
      "secret-envs: [a=INPUT_TOKEN]\n",
      '"secret-envs" cannot be set in this file: it would open the job\'s variables to the repository',
    ],
    ["lint: yes\n", '"lint" is "yes"; it has to be true or false'],
    ['lint: "true"\n', '"lint" is "true"; it has to be true or false'],
    ["pull:\n", '"pull" is nothing; it has to be true or false'],
    ["name: 1.10\n", '"name" is "1.10"; it has to be text; quote it'],
    ["name: [a]\n", '"name" is a list; it has to be text; quote it'],
    ['comment: ""\n', '"comment" is ""; it has to be text; quote it'],
    ["comment: Auto\n", '"Auto" is not allowed; it is auto, always or never; did you mean "auto"?'],
    ["targets: []\n", '"targets" is an empty list'],
    ["targets: {a: b}\n", '"targets" lists a map; it has to be text; quote it'],
    ["targets: [1.5]\n", '"targets" lists "1.5"; it has to be text; quote it'],
    ["file: [1]\n", '"file" lists "1"; it has to be text; quote it'],
    ["build-args: [HOME]\n", '"HOME" has no value; in this file it is NAME=value'],
    ["scanners: vuln,secret\n", expect.stringContaining('"vuln,secret" is not allowed')],
    ["images: []\n", '"images" is an empty list; it has to be a list of maps, one an image'],
    ["images: {a: b}\n", '"images" is a map; it has to be a list of maps, one an image'],
    ["images: [{}]\n", "an image is empty; its keys are name, file, context and goals"],
    ["images: [Dockerfile]\n", '"Dockerfile" is not a map of `key: value` lines'],
    ["images: [{fiel: Dockerfile}]\n", '"fiel" is not a key of an image; did you mean "file"?'],
    ["images: [{file: 1}]\n", '"file" is "1"; it has to be text; quote it'],
    [
      "images: [{name: -x}]\n",
      expect.stringContaining('"-x" cannot be the name of an image: it begins with a letter'),
    ],
    [
      "images: [{name: a//b}]\n",
      expect.stringContaining('"a//b" cannot be the name of an image: it begins with a letter'),
    ],
    [
      "images: [{goals: {web/production: {max-unpacked: 1MB}}}]\n",
      '"web/production" names an image, but these goals are of one; leave out what is before the slash',
    ],
    ["goals: 150MB\n", '"150MB" is not a map of `key: value` lines'],
    ["goals:\n", "nothing is not a map of `key: value` lines"],
    [
      "file: Dockerfile\nimages: [{name: a}]\n",
      '"file" and "images" both say which Dockerfiles there are; name them in "images" alone',
    ],
  ])("is told of %j", async (config, what) => {
    expect(await problemsOf(config)).toEqual([{ where: ".github/weighbridge.yml:1", what }]);
  });

  it("is told all at once, each at its line", async () => {
    const problems = await problemsOf(
      'lnit: true\nfail: maybe\ngoals:\n  "*":\n    max-unpacked: 150 Mb\nlint: 1\n',
    );
    expect(problems.map(({ where }) => where)).toEqual([
      ".github/weighbridge.yml:1",
      ".github/weighbridge.yml:2",
      ".github/weighbridge.yml:5",
      ".github/weighbridge.yml:6",
    ]);
  });
});
