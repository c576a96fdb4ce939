import { describe, expect, it } from "vitest";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject } from "./project.ts";
import { image, read } from "./read-images.ts";

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
      "b/Dockerfile": "",
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

  it("are none where the run has every Dockerfile that there is, whichever input says so", async () => {
    await using project = await createProject({
      Dockerfile: "",
      ".github/weighbridge.yml": "goals:\n  other: {max-unpacked: 1MB}\n",
    });
    for (const raw of [{ file: "Dockerfile" }, { context: "." }]) {
      const { inputs } = await gatherInputs(project, raw);
      expect(inputs.goals.map(({ mayNameNoStage }) => mayNameNoStage)).toEqual([undefined]);
    }
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
