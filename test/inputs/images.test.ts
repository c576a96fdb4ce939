import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/errors.ts";
import { createFiles } from "../../src/host/files.ts";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import type { ImageInput } from "../../src/model/inputs.ts";
import { createProject, type Project } from "./project.ts";

interface Read {
  readonly images: readonly ImageInput[];
  readonly problems: readonly Problem[];
}

async function read(project: Project, raw: Readonly<Record<string, string>>): Promise<Read> {
  const { inputs, problems } = await gatherInputs(project, raw);
  return { images: inputs.images, problems };
}

function image(name: string, file: string, where = "input file", context = "."): ImageInput {
  return { name, file, context, where };
}

describe("the Dockerfiles of a run", () => {
  it("are the one in the workspace when none is named", async () => {
    await using project = await createProject({ Dockerfile: "FROM scratch" });
    expect(await read(project, {})).toEqual({
      images: [image("Dockerfile", "Dockerfile")],
      problems: [],
    });
  });

  it("are the one in the context when only that is named", async () => {
    await using project = await createProject({ "services/api/Dockerfile": "FROM scratch" });
    const { images } = await read(project, { context: "./services/api/" });
    expect(images).toEqual([
      image("services/api", "services/api/Dockerfile", "input file", "services/api"),
    ]);
  });

  it("are those that are named, in that order, each once", async () => {
    await using project = await createProject({ "Dockerfile.a": "", "Dockerfile.b": "" });
    const { images } = await read(project, { file: "Dockerfile.b\n./Dockerfile.a, Dockerfile.b" });
    expect(images.map(({ file }) => file)).toEqual(["Dockerfile.b", "Dockerfile.a"]);
  });

  it("are those that a glob finds, without their ignore files", async () => {
    await using project = await createProject({
      "Dockerfile.a": "",
      "Dockerfile.a.dockerignore": "",
      "Dockerfile.b": "",
      "other/Dockerfile.c": "",
    });
    const { images } = await read(project, { file: "Dockerfile.*" });
    expect(images.map(({ name }) => name)).toEqual(["Dockerfile.a", "Dockerfile.b"]);
  });

  it("are without those that begin with an exclamation mark", async () => {
    await using project = await createProject({ "a/Dockerfile": "", "b/Dockerfile": "" });
    const { images } = await read(project, { file: "**/Dockerfile, !./b/**" });
    expect(images.map(({ name }) => name)).toEqual(["a"]);
  });

  it("may be a path that looks like a glob", async () => {
    await using project = await createProject({ "[a]/Dockerfile": "", "a/Dockerfile": "" });
    const { images } = await read(project, { file: "[a]/Dockerfile" });
    expect(images.map(({ file }) => file)).toEqual(["[a]/Dockerfile"]);
  });

  it("may be named by an absolute path in the workspace", async () => {
    await using project = await createProject({ "api/Dockerfile": "" });
    const { images } = await read(project, { file: join(project.workspace, "api/Dockerfile") });
    expect(images).toEqual([image("api", "api/Dockerfile")]);
  });

  it("may be links inside the workspace, and keep the name of the link", async () => {
    await using project = await createProject({ "real/Dockerfile": "" });
    await symlink("real", join(project.workspace, "link"));
    const { images } = await read(project, { file: "link/Dockerfile", context: "link" });
    expect(images).toEqual([image("link", "link/Dockerfile", "input file", "link")]);
  });
});

describe("a Dockerfile that cannot be used", () => {
  it("is missing, and those that are there are named, the nearest first", async () => {
    await using project = await createProject({ "Dockerfile.backend": "", "web/Dockerfile": "" });
    expect(await read(project, { file: "Dockerfile.bakcend" })).toEqual({
      images: [],
      problems: [
        {
          where: "input file",
          what: 'there is no file "Dockerfile.bakcend" in the workspace; nearest are "Dockerfile.backend" and "web/Dockerfile"',
        },
      ],
    });
  });

  it("is missing where there is none at all, but a report on one", async () => {
    await using project = await createProject({ "sarif/shop_Dockerfile_trivy.sarif": "{}" });
    expect((await read(project, {})).problems).toEqual([
      {
        where: "input file",
        what: 'there is no file "Dockerfile" in the workspace; there is no Dockerfile in it',
      },
    ]);
  });

  it("is a folder", async () => {
    await using project = await createProject({ "api/Dockerfile": "" });
    expect((await read(project, { file: "api" })).problems).toEqual([
      { where: "input file", what: '"api" is not a file; there is "api/Dockerfile"' },
    ]);
  });

  it("is a glob that finds nothing", async () => {
    await using project = await createProject({ Dockerfile: "" });
    expect((await read(project, { file: "services/*/Dockerfile" })).problems).toEqual([
      {
        where: "input file",
        what: 'no file matches "services/*/Dockerfile"; there is "Dockerfile"',
      },
    ]);
  });

  it("is left out by what was to leave out others", async () => {
    await using project = await createProject({ Dockerfile: "" });
    expect((await read(project, { file: "Dockerfile, !Docker*" })).problems).toEqual([
      { where: "input file", what: "leaves no Dockerfile" },
    ]);
  });

  it.each(["../Dockerfile", "/etc/passwd", "a/../../Dockerfile"])(
    "is outside the workspace: %s",
    async (file) => {
      await using project = await createProject({ "a/Dockerfile": "" });
      expect((await read(project, { file })).problems).toEqual([
        {
          where: "input file",
          what: `"${file}" is outside the workspace; allowed is a file inside it`,
        },
      ]);
    },
  );

  it.each(["linked/Dockerfile", "*/Dockerfile", "Dockerfile"])(
    "is a link out of the workspace: %s",
    async (file) => {
      await using project = await createProject({ linked: undefined });
      await symlink("/etc/passwd", join(project.workspace, "linked/Dockerfile"));
      await symlink("/etc/passwd", join(project.workspace, "Dockerfile"));
      const { images, problems } = await read(project, { file });
      expect(images).toEqual([]);
      expect(problems).toEqual([
        {
          where: "input file",
          what: expect.stringContaining("leads outside the workspace; allowed is a file inside it"),
        },
      ]);
    },
  );

  it("is a link to itself", async () => {
    await using project = await createProject({});
    await symlink("Dockerfile", join(project.workspace, "Dockerfile"));
    expect((await read(project, {})).problems).toEqual([
      { where: "input file", what: '"Dockerfile" cannot be read: ELOOP' },
    ]);
  });

  it("has a name too long for the system", async () => {
    await using project = await createProject({});
    const { problems } = await read(project, { file: "x".repeat(3_000) });
    expect(problems).toEqual([
      { where: "input file", what: `"${"x".repeat(80)}…" cannot be read: ENAMETOOLONG` },
    ]);
  });

  it("has a NUL in its name", async () => {
    await using project = await createProject({ Dockerfile: "" });
    expect((await read(project, { file: "Docker\u0000file" })).problems).toEqual([
      {
        where: "input file",
        what: '"Docker\\u{0}file" holds a line break or another control character',
      },
    ]);
  });

  it("is found by a glob under a name that would break lines", async () => {
    await using project = await createProject({ "a\n::error::/Dockerfile": "" });
    const { images, problems } = await read(project, { file: "*/Dockerfile" });
    expect(images).toEqual([]);
    expect(problems).toEqual([
      {
        where: "input file",
        what: '"a\\n::error::/Dockerfile" holds a line break or another control character',
      },
    ]);
  });
});

describe("a context that cannot be used", () => {
  it.each([
    "https://github.com/octo/app.git#main",
    "git@github.com:octo/app.git",
    "github.com/octo/app",
    "ssh://git@example.com/app.git",
    "docker-image://alpine",
    "{{defaultContext}}:app",
    "-",
  ])("is fetched while building: %s", async (context) => {
    await using project = await createProject({ Dockerfile: "" });
    expect((await read(project, { context })).problems).toEqual([
      {
        where: "input context",
        what:
          `"${context}" is a context that would be fetched while building; allowed is a folder of the ` +
          "workspace, where its Dockerfile is linted and annotated: check the repository out first",
      },
    ]);
  });

  it("is not the folder that only looks like an address", async () => {
    await using project = await createProject({ "github.com/octo/app/Dockerfile": "" });
    const { images, problems } = await read(project, { context: "github.com/octo/app" });
    expect(problems).toEqual([]);
    expect(images.map(({ context }) => context)).toEqual(["github.com/octo/app"]);
  });

  it.each(["..", "/", "../other", "a/../.."])("is outside the workspace: %s", async (context) => {
    await using project = await createProject({ Dockerfile: "", "a/b": "" });
    expect((await read(project, { context })).problems).toEqual([
      {
        where: "input context",
        what: `"${context}" is outside the workspace; allowed is a folder inside it`,
      },
    ]);
  });

  it("is a link out of the workspace", async () => {
    await using project = await createProject({ Dockerfile: "" });
    await symlink("/etc", join(project.workspace, "app"));
    expect((await read(project, { context: "app" })).problems).toEqual([
      {
        where: "input context",
        what: '"app" leads outside the workspace; allowed is a folder inside it',
      },
    ]);
  });

  it("is missing", async () => {
    await using project = await createProject({ Dockerfile: "" });
    expect((await read(project, { context: "ap", file: "Dockerfile" })).problems).toEqual([
      { where: "input context", what: 'there is no folder "ap" in the workspace' },
    ]);
  });

  it("is a file", async () => {
    await using project = await createProject({ Dockerfile: "" });
    expect((await read(project, { context: "Dockerfile" })).problems).toEqual([
      { where: "input context", what: '"Dockerfile" is not a folder' },
    ]);
  });
});

it("reads a workspace that is itself reached by a link", async () => {
  const above = await mkdtemp(join(tmpdir(), "linked-"));
  await mkdir(join(above, "real"));
  await writeFile(join(above, "real/Dockerfile"), "");
  await symlink("real", join(above, "link"));
  await using project = await createProject({});
  const workspace = join(above, "link");
  const linked = { ...project, workspace, files: createFiles({ workspace, env: {} }) };
  const { inputs, problems } = await gatherInputs(linked, { context: join(above, "real") });
  expect(problems).toEqual([]);
  expect(inputs.images).toEqual([image("Dockerfile", "Dockerfile")]);
  await rm(above, { recursive: true });
});

const CONFIG = `
goals:
  "*": {fail-on-severity: high}
images:
  - name: backend
    file: docker/Dockerfile.backend
    context: backend
    goals:
      production: {max-unpacked: 450MB}
  - name: frontend
    context: frontend
    goals:
      "*": {max-unpacked: 25MB}
`;

const WEB_APP = {
  ".github/weighbridge.yml": CONFIG,
  "docker/Dockerfile.backend": "",
  "backend/main.py": "",
  "frontend/Dockerfile": "",
  "tools/Dockerfile": "",
};

describe("images of a configuration file", () => {
  it("are all built, each with its name and context", async () => {
    await using project = await createProject(WEB_APP);
    expect(await read(project, {})).toEqual({
      images: [
        image("backend", "docker/Dockerfile.backend", ".github/weighbridge.yml:5", "backend"),
        image("frontend", "frontend/Dockerfile", ".github/weighbridge.yml:10", "frontend"),
      ],
      problems: [],
    });
  });

  it("bring goals that are about their own stages", async () => {
    await using project = await createProject(WEB_APP);
    const { inputs } = await gatherInputs(project, {});
    expect(inputs.goals.map(({ pattern, where }) => [pattern, where])).toEqual([
      ["*", ".github/weighbridge.yml:3"],
      ["backend/production", ".github/weighbridge.yml:9"],
      ["frontend/*", ".github/weighbridge.yml:13"],
    ]);
  });

  it("are those that the file input names, under the names that they have", async () => {
    await using project = await createProject(WEB_APP);
    const { inputs, problems } = await gatherInputs(project, {
      file: "frontend/Dockerfile, tools/Dockerfile",
    });
    expect(problems).toEqual([]);
    expect(inputs.images).toEqual([
      image("frontend", "frontend/Dockerfile", ".github/weighbridge.yml:10", "frontend"),
      image("tools", "tools/Dockerfile"),
    ]);
    expect(inputs.goals.map(({ pattern }) => pattern)).toEqual(["*", "frontend/*"]);
  });

  it("may be one Dockerfile twice, under two names", async () => {
    await using project = await createProject({
      Dockerfile: "",
      "a/x": "",
      "b/x": "",
      ".github/weighbridge.yml":
        "images:\n  - {name: a, file: Dockerfile, context: a}\n  - {name: b, file: Dockerfile, context: b}\n",
    });
    const { images, problems } = await read(project, {});
    expect(problems).toEqual([]);
    expect(images.map(({ name, context }) => [name, context])).toEqual([
      ["a", "a"],
      ["b", "b"],
    ]);
  });

  it("cannot share a name", async () => {
    await using project = await createProject({
      "a/Dockerfile": "",
      "b/Dockerfile": "",
      "c/Dockerfile": "",
      ".github/weighbridge.yml":
        "images:\n  - context: a\n  - {name: a, context: b}\n  - {name: a, context: c}\n",
    });
    const what = 'the image at .github/weighbridge.yml:2 is called "a" too; give it another name';
    expect((await read(project, {})).problems).toEqual([
      { where: ".github/weighbridge.yml:3", what },
      { where: ".github/weighbridge.yml:4", what },
    ]);
  });

  it("cannot lie outside the workspace, and each says so at its line", async () => {
    await using project = await createProject({
      ".github/weighbridge.yml": "images:\n  - file: ../Dockerfile\n  - context: /etc\n",
    });
    expect((await read(project, {})).problems).toEqual([
      {
        where: ".github/weighbridge.yml:3",
        what: '"/etc" is outside the workspace; allowed is a folder inside it',
      },
      {
        where: ".github/weighbridge.yml:2",
        what: '"../Dockerfile" is outside the workspace; allowed is a file inside it',
      },
    ]);
  });
});

describe("goals whose stage may be elsewhere", () => {
  it("are those of a configuration file when the run has only some Dockerfiles", async () => {
    await using project = await createProject({
      "a/Dockerfile": "",
      ".github/weighbridge.yml": "goals:\n  other: {max-unpacked: 1MB}\n",
    });
    const { inputs } = await gatherInputs(project, {
      context: "a",
      goals: "mine: {max-unpacked: 1MB}",
    });
    expect(inputs.goals.map(({ pattern, mayNameNoStage }) => [pattern, mayNameNoStage])).toEqual([
      ["other", true],
      ["mine", undefined],
    ]);
  });

  it("are all while a Dockerfile is missing, which is problem enough", async () => {
    await using project = await createProject({});
    const { inputs } = await gatherInputs(project, { goals: "mine: {max-unpacked: 1MB}" });
    expect(inputs.goals).toMatchObject([{ pattern: "mine", mayNameNoStage: true }]);
  });
});

it("goals of one image are of no image below it, be it for two stars", async () => {
  await using project = await createProject({
    "web/Dockerfile": "",
    "web/admin/Dockerfile": "",
    ".github/weighbridge.yml":
      "images:\n  - {file: web/Dockerfile, goals: {'**': {max-unpacked: 1MB}}}\n" +
      "  - file: web/admin/Dockerfile\n",
  });
  const { inputs } = await gatherInputs(project, {});
  expect(inputs.goals.map(({ pattern }) => pattern)).toEqual(["web/*"]);
});

describe("a context that is given beside images of a configuration file", () => {
  const FILES = {
    Dockerfile: "",
    "services/api/Dockerfile": "",
    "services/web/Dockerfile.web": "",
    "tools/Dockerfile": "",
    ".github/weighbridge.yml":
      "images:\n  - name: root\n  - file: services/api/Dockerfile\n" +
      "  - {name: web, file: services/web/Dockerfile.web, context: services}\n",
  };

  async function namesIn(context: string, files: Readonly<Record<string, string>> = FILES) {
    await using project = await createProject(files);
    const { images, problems } = await read(project, { context });
    expect(problems).toEqual([]);
    return images.map((one) => [one.name, one.file, one.context]);
  }

  it("means those whose Dockerfile is in it, with it as the context", async () => {
    const api = [["services/api", "services/api/Dockerfile", "services/api"]];
    expect(await namesIn("services/api")).toEqual(api);
    expect(await namesIn("./services/api/")).toEqual(api);
  });

  it("means those whose context is in it, and the context of its own stays", async () => {
    expect(await namesIn("services")).toEqual([
      ["services/api", "services/api/Dockerfile", "services"],
      ["web", "services/web/Dockerfile.web", "services"],
    ]);
  });

  it("means the Dockerfile in it where none of them is", async () => {
    expect(await namesIn("tools")).toEqual([["tools", "tools/Dockerfile", "tools"]]);
  });

  it("means all of them where it is the workspace", async () => {
    expect((await namesIn(".")).map(([name]) => name)).toEqual(["root", "services/api", "web"]);
  });

  it("means another folder than one whose name only begins so", async () => {
    const files = { ...FILES, "serv/Dockerfile": "" };
    expect(await namesIn("serv", files)).toEqual([["serv", "serv/Dockerfile", "serv"]]);
  });

  it("is held against the context that the configuration file has for all", async () => {
    const files = {
      "app/Dockerfile": "",
      ".github/weighbridge.yml": "context: app\nimages:\n  - name: application\n",
    };
    expect(await namesIn("app", files)).toEqual([["application", "app/Dockerfile", "app"]]);
  });

  it("chooses nothing where the configuration file itself says it", async () => {
    await using project = await createProject({
      ...FILES,
      ".github/weighbridge.yml":
        "context: tools\nimages:\n  - file: services/api/Dockerfile\n  - name: tools\n",
    });
    const { images } = await read(project, {});
    expect(images.map(({ name }) => name)).toEqual(["services/api", "tools"]);
  });
});

it("the Dockerfile of an image is judged although its context is wrong", async () => {
  const config = "images:\n  - {file: Dockerfile}\n  - file: nope\n    context: /etc\n";
  await using project = await createProject({ Dockerfile: "", ".github/weighbridge.yml": config });
  expect((await read(project, {})).problems).toEqual([
    { where: ".github/weighbridge.yml:4", what: expect.stringContaining('"/etc" is outside') },
    { where: ".github/weighbridge.yml:3", what: expect.stringContaining('no file "nope"') },
  ]);
});

it("a context that would be fetched is not shown with what opens it", async () => {
  await using project = await createProject({});
  for (const context of ["https://me:word@example.com/a.git", "https://example.com/a?token=word"]) {
    const { problems } = await gatherInputs(project, { context });
    expect(problems[0]?.what).toMatch(/^it is a context that would be fetched while building; /);
  }
});
