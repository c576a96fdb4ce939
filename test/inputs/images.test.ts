import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFiles } from "../../src/host/files.ts";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject } from "./project.ts";
import { image, read } from "./read-images.ts";

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

it("a Dockerfile that is named tells its stages although its context is wrong", async () => {
  await using project = await createProject({ Dockerfile: "" });
  const { images, problems } = await read(project, { file: "Dockerfile", context: "../x" });
  expect(images.map(({ file }) => file)).toEqual(["Dockerfile"]);
  expect(problems).toHaveLength(1);
});

it("a run is called after its Dockerfiles, whatever a configuration file calls their images", async () => {
  const nameWith = async (folder: string) => {
    await using project = await createProject({
      [`${folder}/Dockerfile`]: "",
      "config.yml": `images: [{name: app, file: ${folder}/Dockerfile, context: ${folder}}]\n`,
    });
    return (await gatherInputs(project, { config: "config.yml" })).inputs.publish.name;
  };
  expect([await nameWith("shop"), await nameWith("admin")]).toEqual(["shop", "admin"]);
});

it("a context that would be fetched is not shown with what opens it", async () => {
  await using project = await createProject({});
  for (const context of [
    "https://me:word@example.com/a.git",
    "https://example.com/a?token=word",
    "https://word@github.com/a/b.git",
  ]) {
    const { problems } = await gatherInputs(project, { context });
    expect(problems[0]?.what).toMatch(/^it is a context that would be fetched while building; /);
  }
});
