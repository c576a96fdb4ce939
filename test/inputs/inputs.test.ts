import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/errors.ts";
import { createFiles } from "../../src/host/files.ts";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject, readInputs } from "./project.ts";

describe("inputs that are right", () => {
  it("have a default each", async () => {
    await using project = await createProject({ Dockerfile: "FROM scratch" });
    expect(await readInputs(project, {})).toEqual({
      inputs: {
        images: [{ name: "Dockerfile", file: "Dockerfile", context: ".", where: "input file" }],
        targets: [],
        goals: [],
        diveRules: {},
        layerLimits: {},
        build: {
          buildArgs: {},
          buildContexts: {},
          secrets: [],
          ssh: [],
          cacheFrom: [],
          cacheTo: [],
          noCache: false,
          pull: false,
        },
        allowUntrustedCheckout: false,
        lint: { lint: true, failOnLint: "off" },
        scan: {
          scanners: ["vuln", "secret"],
          severity: ["critical", "high", "medium", "low", "unknown"],
          ignoreUnfixed: false,
          trivyDbRepository: [],
          trivyJavaDbRepository: [],
        },
        tools: { trivy: { kind: "pinned" }, hadolint: { kind: "pinned" } },
        publish: {
          name: "Dockerfile",
          nameIsGiven: false,
          comment: "auto",
          uploadSarif: "auto",
          summary: true,
          fail: true,
          onUnknown: "fail",
        },
        state: join(project.workspace, ".cache/weighbridge"),
      },
      notes: [],
    });
  });

  it("are not given when they are empty or blank, as a workflow passes them", async () => {
    await using project = await createProject({ Dockerfile: "" });
    const raw = { file: "", context: " ", goals: "\n", lint: "", platform: "  ", token: "" };
    expect(await readInputs(project, raw)).toEqual(await readInputs(project, {}));
  });

  it("may have spaces around them", async () => {
    await using project = await createProject({ Dockerfile: "" });
    const { inputs } = await readInputs(project, { lint: " false\n", name: "  ours " });
    expect(inputs.lint.lint).toBe(false);
    expect(inputs.publish).toMatchObject({ name: "ours", nameIsGiven: true });
  });

  it("keep the indentation of YAML", async () => {
    await using project = await createProject({ Dockerfile: "" });
    const { inputs } = await readInputs(project, {
      goals: "  a: {max-unpacked: 1B}\n  b: {max-unpacked: 2B}\n",
    });
    expect(inputs.goals.map(({ pattern }) => pattern)).toEqual(["a", "b"]);
  });

  it("name the run after its images", async () => {
    await using project = await createProject({ "Dockerfile.a": "", "b/Dockerfile": "" });
    const { inputs } = await readInputs(project, { file: "Dockerfile.a, b/Dockerfile" });
    expect(inputs.publish.name).toBe("Dockerfile.a+b");
  });

  it("name stages to build", async () => {
    await using project = await createProject({ Dockerfile: "" });
    const { inputs } = await readInputs(project, { targets: "production, !test-*\nweb/app\n2" });
    expect(inputs.targets).toEqual(["production", "!test-*", "web/app", "2"]);
  });

  it("name the folder to keep things in", async () => {
    await using project = await createProject({ Dockerfile: "" });
    const { inputs } = await readInputs(project, { state: "kept" });
    expect(inputs.state).toBe(join(project.workspace, "kept"));
  });

  it("never hold the token", async () => {
    await using project = await createProject({ Dockerfile: "" });
    const read = await readInputs(project, { token: "ghs_hunter2" });
    expect(JSON.stringify(read)).not.toContain("hunter2");
  });
});

describe("inputs that are wrong", () => {
  const CONFIG = "lnit: true\ngoals:\n  production:\n    max-unpacked: 150 Mb\n";
  const RAW = {
    context: "../elsewhere",
    file: "Dockerfile.missing",
    goals: "a: {max-unpaked: 1MB}",
    platform: "linux/amd64,linux/arm64",
    comment: "allways",
    "on-unknown": "ignore",
    pull: "yes",
    fial: "true",
  };

  it("are told in one message, each with its place", async () => {
    await using project = await createProject({
      Dockerfile: "",
      ".github/weighbridge.yml": CONFIG,
    });
    const error: unknown = await readInputs(project, RAW).catch((thrown: unknown) => thrown);
    if (!(error instanceof UserError)) throw new Error("it is a UserError");
    expect(error.problems.map(({ where }) => where)).toEqual([
      "inputs",
      ".github/weighbridge.yml:1",
      ".github/weighbridge.yml:4",
      "input file",
      "input context",
      "input goals, line 1",
      "input platform",
      "input pull",
      "input comment",
      "input on-unknown",
    ]);
    expect(error.message.split("\n")).toHaveLength(error.problems.length);
  });

  it("are gathered beside what could be read, for the plan to add its own", async () => {
    await using project = await createProject({ Dockerfile: "" });
    const { inputs, problems } = await gatherInputs(project, { severity: "hihg", pull: "true" });
    expect(problems).toHaveLength(1);
    expect(inputs.images).toHaveLength(1);
    expect(inputs.build.pull).toBe(true);
  });

  it("have a context that is wrong once, however many Dockerfiles it is for", async () => {
    await using project = await createProject({ "Dockerfile.a": "", "Dockerfile.b": "" });
    const { problems } = await gatherInputs(project, { file: "Dockerfile.*", context: "nothing" });
    expect(problems).toEqual([
      { where: "input context", what: 'there is no folder "nothing" in the workspace' },
    ]);
  });

  it("may be inputs that there are not", async () => {
    await using project = await createProject({ Dockerfile: "" });
    const { problems } = await gatherInputs(project, { target: "x", __proto__x: "y" });
    expect(problems).toEqual([
      { where: "inputs", what: 'there is no input "target"; did you mean "targets"?' },
      { where: "inputs", what: 'there is no input "__proto__x"' },
    ]);
  });

  it("are fifty in a message, and the number of the others", async () => {
    await using project = await createProject({ Dockerfile: "" });
    const severity = Array.from({ length: 60 }, (_, index) => `worst-${index}`).join(",");
    const error: unknown = await readInputs(project, { severity }).catch(
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof UserError)) throw new Error("it is a UserError");
    expect(error.problems).toHaveLength(51);
    expect(error.problems.at(-1)).toEqual({ where: "inputs", what: "and 10 more" });
  });

  it.each([
    ["name", "two\nlines"],
    ["name", "x".repeat(101)],
    ["state", "a\u0000b"],
    ["state", "Dockerfile/state"],
    ["targets", "a b"],
    ["targets", "!"],
    ["builder", "a\u001b[2J"],
    ["cache-to", "type=local\u0000"],
    ["hadolint-path", "a\nb"],
    ["goals", "x".repeat(1_000_000)],
    ["goals", "[".repeat(20_000)],
  ] as const)("are hostile: %s is %j", async (name, value) => {
    await using project = await createProject({ Dockerfile: "" });
    const { problems } = await gatherInputs(project, { [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toMatch(new RegExp(`^input ${name}(, line 1)?$`));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
    expect(problems[0]?.what).toMatch(/^[^\u0000-\u001f]{1,400}$/);
  });
});

describe("the folder to keep things in, where none is given", () => {
  const DEFAULT_FOLDER = {
    where: "input state",
    what: 'the default folder cannot be used: "/dev/null" is not a folder, and "/dev/null/weighbridge" cannot be inside of it; name another folder',
  };

  it("has to be one that can be written to, as one that is given", async () => {
    await using project = await createProject({ Dockerfile: "" }, { XDG_CACHE_HOME: "/dev/null" });
    expect((await gatherInputs(project, {})).problems).toEqual([DEFAULT_FOLDER]);
    expect((await gatherInputs(project, { state: "state" })).problems).toEqual([]);
  });

  it("is not looked at where nothing is kept", async () => {
    const reading = { isPlanOnly: true };
    await using project = await createProject({ Dockerfile: "" }, { XDG_CACHE_HOME: "/dev/null" });
    expect((await gatherInputs(project, {}, reading)).problems).toEqual([]);
    await using homeless = await createProject({ Dockerfile: "" }, { HOME: "" });
    expect((await gatherInputs(homeless, {}, reading)).problems).toEqual([]);
    const given = await gatherInputs(project, { state: "/dev/null" }, reading);
    expect(given.problems).toEqual([{ where: "input state", what: '"/dev/null" is not a folder' }]);
  });
});

describe("a workspace that is not there", () => {
  it("is told as such, and no Dockerfile is looked for in it", async () => {
    await using project = await createProject({ file: "" });
    for (const [name, what] of [
      ["nope", "there is no folder"],
      ["file", "is not a folder"],
    ] as const) {
      const workspace = join(project.workspace, name);
      const files = createFiles({ workspace, env: {} });
      const host = { ...project, workspace, files };
      const { problems, hasWorkspace } = await gatherInputs(host, { lint: "maybe" });
      expect(hasWorkspace).toBe(false);
      expect(problems).toEqual([
        { where: "workspace", what: expect.stringContaining(what) },
        { where: "input lint", what: expect.stringContaining('"maybe"') },
      ]);
    }
  });
});

describe("a list with nothing in it but separators", () => {
  it.each(["file", "targets", "severity", "scanners", "trivy-db-repository", "ssh"])(
    "is refused: %s",
    async (name) => {
      await using project = await createProject({ Dockerfile: "FROM scratch\n" });
      const { problems } = await gatherInputs(project, { [name]: " , ,\n" });
      expect(problems).toContainEqual({
        where: `input ${name}`,
        what: "is an empty list; leave it out, or give it an item",
      });
    },
  );
});
