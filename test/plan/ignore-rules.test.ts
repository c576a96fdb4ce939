import { expect, it } from "vitest";
import type { FileStat } from "../../src/host/host.ts";
import { withIgnoreRules } from "../../src/plan/ignore-rules.ts";
import { planBuilds } from "../../src/plan/plan.ts";
import { plainBuild } from "./plan-fixture.ts";

const PLATFORM = "linux/amd64";

function hostOf(texts: Readonly<Record<string, string>>) {
  const files = {
    async stat(path: string): Promise<FileStat | undefined> {
      const text = texts[path];
      return text === undefined
        ? undefined
        : { kind: "file", bytes: text.length, modifiedMilliseconds: 0 };
    },
    readText: async (path: string) => texts[path] ?? "",
    async list(folder: string) {
      const paths = Object.keys(texts).map((path) => (path.includes("/") ? path : `./${path}`));
      return paths
        .filter((path) => path.slice(0, path.lastIndexOf("/")) === folder)
        .map((path) => path.slice(path.lastIndexOf("/") + 1));
    },
  };
  return { files };
}

/** For each image of a run, whether it has an ignore file of its own, and who shares the other. */
async function rulesOf(
  texts: Readonly<Record<string, string>>,
  built: readonly (readonly [file: string, context: string])[],
) {
  const host = hostOf(texts);
  const images = built.map(([file, context]) => ({ name: file, file, context, where: "input" }));
  const inputs = { images, targets: [], build: plainBuild };
  const { plan } = await planBuilds(host, inputs, { platform: PLATFORM });
  const known = await withIgnoreRules(host, plan.images, inputs, PLATFORM);
  return known.map(({ ignoreRules }) => {
    return [ignoreRules?.isOwn, ignoreRules?.sharers.map(({ dockerfile }) => dockerfile)];
  });
}

const FROM = "FROM busybox\n";

it("an ignore file is shared with what the run builds of the same context", async () => {
  const texts = { "a/prod": FROM, "a/test": FROM, "b/other": FROM };
  const built = [
    ["a/prod", "."],
    ["a/test", "./"],
    ["b/other", "b"],
  ] as const;
  expect(await rulesOf(texts, built)).toEqual([
    [false, ["a/test"]],
    [false, ["a/prod"]],
    [false, []],
  ]);
});

it("it is shared with the Dockerfiles that lie beside the one that is built, or in the context", async () => {
  const texts = {
    "docker/Dockerfile.prod": FROM,
    "docker/Dockerfile.test": FROM,
    "docker/web.Dockerfile": FROM,
    "docker/notes.md": "",
    "docker/Dockerfile.broken": "nothing",
    Dockerfile: FROM,
    "more/Dockerfile": FROM,
  };
  expect(await rulesOf(texts, [["docker/Dockerfile.prod", "."]])).toEqual([
    [false, ["Dockerfile", "docker/Dockerfile.test", "docker/web.Dockerfile"]],
  ]);
});

it("it is not shared with a Dockerfile that has one of its own", async () => {
  const texts = {
    Dockerfile: FROM,
    "Dockerfile.dockerignore": "",
    "Dockerfile.test": FROM,
    "Dockerfile.other": FROM,
  };
  const built = [
    ["Dockerfile", "."],
    ["Dockerfile.test", "."],
  ] as const;
  expect(await rulesOf(texts, built)).toEqual([
    [true, []],
    [false, ["Dockerfile.other"]],
  ]);
});
