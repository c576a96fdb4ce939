import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/errors.ts";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import type { BuildInputs } from "../../src/model/inputs.ts";
import { createProject } from "./project.ts";

interface Read {
  readonly build: BuildInputs;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

const ENV = { VERSION: "1.2", EMPTY: "", SSH_AUTH_SOCK: "/run/agent" };

/** The inputs of the build in a workspace with a Dockerfile, a folder and a file. */
async function read(
  raw: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = ENV,
): Promise<Read> {
  await using project = await createProject({ Dockerfile: "", "lib/x": "", "token.txt": "t" }, env);
  const { inputs, problems, notes } = await gatherInputs(project, raw);
  return { build: inputs.build, problems, notes };
}

async function problemsOf(raw: Readonly<Record<string, string>>): Promise<readonly Problem[]> {
  return (await read(raw)).problems;
}

it("builds with nothing but defaults when nothing is given", async () => {
  expect(await read({})).toEqual({
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
    problems: [],
    notes: [],
  });
});

describe("build-args", () => {
  it("are names and values, the value going on after further equals signs and commas", async () => {
    const { build } = await read({ "build-args": 'A=1,2\nB=x=y\nC=\n"D=two\nlines"' });
    expect(build.buildArgs).toEqual({ A: "1,2", B: "x=y", C: "", D: "two\nlines" });
  });

  it("take the value of the environment for a name alone", async () => {
    const { build } = await read({ "build-args": "VERSION\nEMPTY" });
    expect(build.buildArgs).toEqual({ VERSION: "1.2", EMPTY: "" });
  });

  it("are not given, and that is said, for a name that the environment does not have", async () => {
    const { build, notes, problems } = await read({ "build-args": "NOTHING" });
    expect(build.buildArgs).toEqual({});
    expect(problems).toEqual([]);
    expect(notes).toEqual([
      'The build argument "NOTHING" is not given: no environment variable is called so.',
    ]);
  });

  it("may be called as something in the prototype of objects", async () => {
    const { build, problems } = await read({ "build-args": "__proto__=1\nconstructor" });
    expect(problems).toEqual([]);
    expect(Object.entries(build.buildArgs)).toEqual([["__proto__", "1"]]);
  });

  it("follow the last of two of one name", async () => {
    expect((await read({ "build-args": "A=1\nA=2" })).build.buildArgs).toEqual({ A: "2" });
  });

  it.each(["=1", "A B=1", "A\tB", "A\u0000=1"])("refuse %j", async (text) => {
    expect(await problemsOf({ "build-args": text })).toEqual([
      {
        where: "input build-args",
        what: expect.stringContaining(
          "is not the name of a build argument; allowed is NAME=value or NAME",
        ),
      },
    ]);
  });
});

const INDEX_OF_ONE = '{"manifests":[{"digest":"sha256:aa","size":2}]}';

describe("build-contexts", () => {
  it("are folders, or addresses of what BuildKit fetches or has", async () => {
    const text = "lib=./lib\nbase=docker-image://alpine:3\nsrc=https://example.com/x.git";
    expect((await read({ "build-contexts": text })).build.buildContexts).toEqual({
      lib: "./lib",
      base: "docker-image://alpine:3",
      src: "https://example.com/x.git",
    });
  });

  it("may be outside the workspace when the workflow says so", async () => {
    const { build, problems } = await read({ "build-contexts": "etc=/etc" });
    expect(problems).toEqual([]);
    expect(build.buildContexts).toEqual({ etc: "/etc" });
  });

  it("cannot be outside the repository when a file of it says so", async () => {
    await using project = await createProject({
      Dockerfile: "",
      ".github/weighbridge.yml": "build-contexts:\n  - etc=/etc\n  - link=link\n",
    });
    await symlink("/etc", join(project.workspace, "link"));
    expect((await gatherInputs(project, {})).problems).toEqual([
      {
        where: ".github/weighbridge.yml:2",
        what: 'etc: "/etc" is outside the workspace; allowed is a folder inside it',
      },
      {
        where: ".github/weighbridge.yml:3",
        what: 'link: "link" leads outside the workspace; allowed is a folder inside it',
      },
    ]);
  });

  it("are no folders of the machine under the name of a scheme that buildx does not know", async () => {
    await using project = await createProject({
      Dockerfile: "",
      "git:/x": "",
      ".github/weighbridge.yml":
        "build-contexts:\n  - a=a://x\n  - b=git@x\n  - c=git://%zz\n  - d=-\n  - e=ssh://n/../l/../y\n  - f=HTTPS://x\n",
    });
    await mkdir(join(project.workspace, "a:"));
    for (const path of ["a:/x", "git@x", "git:/%zz", "-", "l"]) {
      await symlink("/etc", join(project.workspace, path));
    }
    const { inputs, problems } = await gatherInputs(project, {});
    expect(inputs.build.buildContexts).toEqual({});
    const allowed =
      "allowed is a folder, docker-image://, oci-layout://, https://, http://, git://, ssh:// or git@host:path";
    const out = "leads outside the workspace; allowed is a folder inside it";
    expect(problems.map(({ what }) => what)).toEqual([
      `a: "a://" is nothing to fetch from; ${allowed}`,
      `b: "git@x" ${out}`,
      'c: "git://%zz" is an address and a path of the workspace; begin a path with ./',
      `d: "-" ${out}`,
      'e: "ssh://n/../l/../y" has .. in it, which no address needs',
      `f: "HTTPS://" is nothing to fetch from; ${allowed}; did you mean "https://"?`,
    ]);
  });

  it("are handed on as they were looked at, whatever links are on the way", async () => {
    await using project = await createProject({ Dockerfile: "", "lib/x": "" });
    await symlink("/etc", join(project.workspace, "link"));
    const { inputs, problems } = await gatherInputs(project, { "build-contexts": "up=link/.." });
    expect(problems).toEqual([]);
    expect(inputs.build.buildContexts).toEqual({ up: "." });
  });

  it("name image layouts in the workspace, all of which is there", async () => {
    await using project = await createProject({
      Dockerfile: "",
      "layout/index.json": "",
      "layout/blobs/sha256/aa": "",
      "other/blobs/sha256": undefined,
      ".github/weighbridge.yml":
        "build-contexts:\n  - a=oci-layout://layout:1.0@sha256:aa\n  - b=oci-layout:///etc:x\n  - c=oci-layout://other\n  - d=oci-layout://a:b:c\n",
    });
    await symlink("/etc/hostname", join(project.workspace, "other/blobs/sha256/aa"));
    const { inputs, problems } = await gatherInputs(project, {});
    expect(inputs.build.buildContexts).toEqual({ a: "oci-layout://./layout:1.0@sha256:aa" });
    expect(problems.map(({ what }) => what)).toEqual([
      'b: "/etc" is outside the workspace; allowed is a folder inside it',
      'c: "./other/blobs/sha256/aa" leads outside the workspace; allowed is a file inside it',
      "d: oci-layout:// takes a folder, with :tag or @digest behind it",
    ]);
  });

  it("may name an image layout of the machine when the workflow says so", async () => {
    await using project = await createProject({
      "layout/index.json": INDEX_OF_ONE,
      "layout/blobs/sha256/aa": "{}",
    });
    const path = join(project.workspace, "layout");
    const { build, problems } = await read({ "build-contexts": `etc=oci-layout://${path}:x` });
    expect(problems).toEqual([]);
    expect(build.buildContexts).toEqual({ etc: `oci-layout://${path}:x` });
  });

  it.each([
    ["that has no index.json", undefined, '"./layout" is no image layout: it has no index.json'],
    ["that is cut off", '{"manifests":[', '"./layout/index.json" cannot be read: '],
    ["of no images", '{"manifests":[]}', 'the index.json of "./layout" lists no image'],
    ["whose image is gone", INDEX_OF_ONE, 'the image layout "./layout" lacks sha256:aa'],
  ])("refuse an image layout %s", async (_, index, what) => {
    await using project = await createProject({
      Dockerfile: "",
      "layout/blobs/sha256": undefined,
      ...(index !== undefined && { "layout/index.json": index }),
    });
    const raw = { "build-contexts": "x=oci-layout://layout" };
    expect((await gatherInputs(project, raw)).problems).toEqual([
      { where: "input build-contexts", what: expect.stringContaining(`x: ${what}`) },
    ]);
  });

  it.each([
    ["lib=docker-images://alpine", 'did you mean "docker-image://"?'],
    ["lib=file:///etc", '"file://" is nothing to fetch from'],
    ["lib=target:image0-stage0", '"target:" is nothing to fetch from; allowed is a folder'],
  ])("say what is allowed of %s", async (text, what) => {
    expect(await problemsOf({ "build-contexts": text })).toEqual([
      { where: "input build-contexts", what: expect.stringContaining(what) },
    ]);
  });

  it.each([
    ["lib", '"lib" is not name=folder or name=address'],
    ["lib=", '"lib=" is not name=folder or name=address'],
    ["=lib", '"=lib" is not name=folder or name=address'],
    ["--x=lib", '"--x=lib" is not name=folder or name=address'],
    ["x=docker-image://", 'x: "docker-image://" names no image'],
    ["x=https://", 'x: "https://" is no address'],
    ["x=git://", 'x: "git://" is no address'],
    ["x=git@github.com:", 'x: "git@github.com:" is no address'],
    ["lib=lab", 'lib: there is no folder "lab" in the workspace'],
    ["lib=token.txt", 'lib: "token.txt" is not a folder'],
    ["lib=/nowhere", 'lib: "/nowhere" is outside the workspace; allowed is a folder inside it'],
  ])("refuse %s", async (text, what) => {
    expect(await problemsOf({ "build-contexts": text })).toEqual([
      { where: "input build-contexts", what },
    ]);
  });
});

describe("secrets", () => {
  it("are values, environment variables and files", async () => {
    await using project = await createProject({ Dockerfile: "", "token.txt": "t" }, ENV);
    const { inputs, problems } = await gatherInputs(project, {
      secrets: 'npm=abc=def\n"key=-----BEGIN\nx,y\n-----END"',
      "secret-envs": "version=VERSION",
      "secret-files": "token=token.txt",
    });
    expect(problems).toEqual([]);
    expect(inputs.build.secrets).toEqual([
      { kind: "value", id: "npm", value: "abc=def" },
      { kind: "value", id: "key", value: "-----BEGIN\nx,y\n-----END" },
      { kind: "environment", id: "version", variable: "VERSION" },
      { kind: "file", id: "token", path: join(project.workspace, "token.txt") },
    ]);
  });

  it("that are empty are left out, and that is said", async () => {
    const { build, notes, problems } = await read({
      secrets: "npm=\nother=1",
      "secret-envs": "version=VERSION, none=EMPTY",
    });
    expect(problems).toEqual([]);
    expect(build.secrets).toEqual([
      { kind: "value", id: "other", value: "1" },
      { kind: "environment", id: "version", variable: "VERSION" },
    ]);
    expect(notes).toEqual([
      "Item 1 of secrets is empty, as all are in runs from a fork: it was not given to the build.",
      "Item 2 of secret-envs is empty, as all are in runs from a fork: it was not given to the build.",
    ]);
  });

  it.each(["hunter2", "=hunter2", "a,b=hunter2", "a b=hunter2", '"id=hunter2', "x\u0000=hunter2"])(
    "are never shown when they are wrong: %j",
    async (text) => {
      const problems = await problemsOf({ secrets: text });
      expect(problems).toHaveLength(1);
      expect(JSON.stringify(problems)).not.toContain("hunter2");
    },
  );

  it("that are wrong are called by their number", async () => {
    expect(await problemsOf({ secrets: "a=1\nhunter2" })).toEqual([
      {
        where: "input secrets",
        what: "item 2 is not id=value; an id has no spaces, commas or quotes",
      },
    ]);
  });

  it("are not shown when they stand without an id and end in an equals sign", async () => {
    const { notes, problems } = await read({ secrets: "aHVudGVyMg=" });
    expect(JSON.stringify([notes, problems])).not.toContain("aHVudGVyMg");
  });

  it("are each given once", async () => {
    expect(await problemsOf({ secrets: "a=1", "secret-envs": "a=VERSION" })).toEqual([
      { where: "input secret-envs", what: 'secret "a" is given twice' },
    ]);
  });

  it("need the environment variable that they name", async () => {
    expect(await problemsOf({ "secret-envs": "a=MISSING, b=constructor, c=not a name" })).toEqual([
      {
        where: "input secret-envs",
        what: 'secret "a": the environment variable "MISSING" is not set',
      },
      {
        where: "input secret-envs",
        what: 'secret "b": the environment variable "constructor" is not set',
      },
      {
        where: "input secret-envs",
        what: 'secret "c": what it names is not an environment variable; allowed is id=VARIABLE',
      },
    ]);
  });

  it("are nobody's to read where they are no files", async () => {
    const { build } = await read({ "secret-files": "a=nothing\nb=lib" });
    expect(build.secrets).toEqual([]);
  });

  it("need the file that they name", async () => {
    expect(await problemsOf({ "secret-files": "a=nothing\nb=lib\nc=" })).toEqual([
      { where: "input secret-files", what: 'secret "a": there is no file "nothing"' },
      { where: "input secret-files", what: 'secret "b": "lib" is not a file' },
      { where: "input secret-files", what: 'secret "c": there is no file ""' },
    ]);
  });
});

describe("ssh", () => {
  it("is the agent, or sockets and keys by id", async () => {
    const { build, problems } = await read({ ssh: "default\nkey=token.txt" });
    expect(problems).toEqual([]);
    expect(build.ssh).toEqual(["default", "key=token.txt"]);
  });

  it("needs an agent", async () => {
    const { problems } = await read({ ssh: "default" }, {});
    expect(problems).toEqual([
      {
        where: "input ssh",
        what: '"default" needs an SSH agent, and SSH_AUTH_SOCK names none; start one, or name a key by id=path',
      },
    ]);
  });

  it.each([
    ["key=nothing", '"key=nothing": there is no socket or key "nothing"'],
    ["=x", '"=x" is not default or id=path'],
    ["a b", '"a b" is not default or id=path'],
  ])("refuses %s", async (text, what) => {
    expect(await problemsOf({ ssh: text })).toEqual([{ where: "input ssh", what }]);
  });
});

describe("how to build", () => {
  it("is read from the other inputs", async () => {
    const { build, problems } = await read({
      platform: "linux/arm64",
      builder: "my-builder_1",
      "cache-from": "type=gha\ntype=registry,ref=ghcr.io/octo/cache",
      "cache-to": "type=gha,mode=max",
      "no-cache": "true",
      pull: "TRUE",
    });
    expect(problems).toEqual([]);
    expect(build).toMatchObject({
      platform: "linux/arm64",
      builder: "my-builder_1",
      cacheFrom: ["type=gha", "type=registry,ref=ghcr.io/octo/cache"],
      cacheTo: ["type=gha,mode=max"],
      noCache: true,
      pull: true,
    });
  });

  it.each([
    ["null", undefined],
    ["  ", undefined],
    ['{\n  "python": "3.11"\n}', '{"python":"3.11"}'],
    [" one place for all ", "one place for all"],
  ])("knows the leg of a matrix that is %j", async (matrix, leg) => {
    await using project = await createProject({ Dockerfile: "" });
    const { inputs, problems } = await gatherInputs(project, { matrix });
    expect([inputs.build.matrix, problems]).toEqual([leg, []]);
  });

  it.each([
    ["auto", { kind: "auto" }],
    ["gha", { kind: "gha" }],
    ["off", { kind: "off" }],
    ["registry:ghcr.io/octo/cache", { kind: "registry", repository: "ghcr.io/octo/cache" }],
    [
      "registry:localhost:5000/octo/cache:ci",
      { kind: "registry", repository: "localhost:5000/octo/cache", tag: "ci" },
    ],
    ["local:/var/cache", { kind: "local", folder: "/var/cache" }],
  ])("takes %s for a cache", async (cache, expected) => {
    const { build, problems } = await read({ cache });
    expect(problems).toEqual([]);
    expect(build.cache).toEqual(expected);
  });

  it("starts a cache's folder from the workspace", async () => {
    await using project = await createProject({ Dockerfile: "" }, ENV);
    const { inputs } = await gatherInputs(project, { cache: "local:kept/cache" });
    const folder = join(project.workspace, "kept/cache");
    expect(inputs.build.cache).toEqual({ kind: "local", folder });
  });

  it.each([
    ["s3", '"s3" is not a cache; it is auto, gha, registry:REPOSITORY, local:FOLDER or off'],
    [
      "local:",
      '"local:" is not a cache; it is auto, gha, registry:REPOSITORY, local:FOLDER or off',
    ],
    [
      "registry:octo",
      '"octo" is not a repository of a registry: it is host/path, with a tag where need be, such as ghcr.io/octo/cache',
    ],
    [
      "registry:ghcr.io/octo/cache,mode=min",
      '"ghcr.io/octo/cache,mode=min" is not a repository of a registry: it is host/path, with a tag where need be, such as ghcr.io/octo/cache',
    ],
  ])("refuses %s as a cache", async (cache, what) => {
    expect(await problemsOf({ cache })).toEqual([{ where: "input cache", what }]);
  });

  it.each([
    { cache: "registry:me:word@ghcr.io/octo/cache" },
    { cache: "registry:https://me:word@ghcr.io/octo/cache" },
    { cache: "me:word@ghcr.io/octo/cache" },
    { "buildkit-image": "me:word@ghcr.io/moby/buildkit:v0.33.0" },
  ])("refuses a password in %j without showing it", async (raw) => {
    const where = `input ${Object.keys(raw)[0]}`;
    const what = "it has a user or a password in it, and would be shown in the log";
    expect(await problemsOf(raw)).toEqual([{ where, what }]);
  });

  it("takes a builder's image by its digest", async () => {
    const image = `moby/buildkit@sha256:${"a".repeat(64)}`;
    const { build, problems } = await read({ "buildkit-image": image });
    expect(problems).toEqual([]);
    expect(build.buildkitImage).toBe(image);
  });

  it("takes no option for the image of a builder", async () => {
    expect(await problemsOf({ "buildkit-image": "moby/buildkit,network=none" })).toEqual([
      {
        where: "input buildkit-image",
        what: '"moby/buildkit,network=none" is not the name of an image, such as moby/buildkit:v0.33.0',
      },
    ]);
  });

  it("takes no option for the name of a builder", async () => {
    expect(await problemsOf({ builder: "--help" })).toEqual([
      {
        where: "input builder",
        what: '"--help" is not the name of a builder; docker buildx ls lists them',
      },
    ]);
  });

  it("has no flag but true and false", async () => {
    expect(await problemsOf({ pull: "yes", "no-cache": "1" })).toEqual([
      { where: "input no-cache", what: '"1" is not a boolean; allowed are true and false' },
      { where: "input pull", what: '"yes" is not a boolean; allowed are true and false' },
    ]);
  });
});
