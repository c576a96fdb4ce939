import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createFiles } from "../../src/host/files.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import { ignoreFileFaults } from "../../src/plan/ignore-file-faults.ts";

const IMAGES = [
  { dockerfile: "web/Dockerfile", context: "web" },
  { dockerfile: "web/Dockerfile.dev", context: "web/" },
];
/** Each Dockerfile has its own. */
const OWN = ["Dockerfile.dockerignore", "Dockerfile.dev.dockerignore"];
const what = "is a pipe, a socket or a device, and no file";

it.each([
  ["pipes for both", { pipes: ["Dockerfile.dockerignore", ".dockerignore"] }, ["Dockerfile", ""]],
  ["a pipe that all share", { pipes: [".dockerignore"] }, [""]],
  ["one that no Dockerfile reads", { pipes: [".dockerignore"], files: OWN }, []],
  ["a link to one", { pipes: ["pipe"], links: [".dockerignore"] }, [""]],
  ["files", { files: [".dockerignore"] }, []],
  ["a folder, which BuildKit passes over", { folders: [".dockerignore"] }, []],
  ["a link to nothing", { links: [".dockerignore"] }, []],
  ["a link to a device of the machine", { links: [".dockerignore"], target: "/dev/null" }, []],
])("an ignore file that cannot be read as one is told: %s", async (_what, given: Given, places) => {
  await using folder = await makeTemporaryFolder("test", {});
  const at = (name: string) => join(folder.path, "web", name);
  await mkdir(at(""));
  for (const name of given.pipes ?? []) execFileSync("mkfifo", [at(name)]);
  for (const name of given.files ?? []) await writeFile(at(name), "");
  for (const name of given.folders ?? []) await mkdir(at(name));
  for (const name of given.links ?? []) await symlink(given.target ?? "pipe", at(name));
  const files = createFiles({ workspace: folder.path, env: {} });
  const told = places.map((name) => ({ where: `web/${name}.dockerignore`, what }));
  expect(await ignoreFileFaults(files, IMAGES)).toEqual(told);
});

interface Given {
  readonly pipes?: readonly string[];
  readonly files?: readonly string[];
  readonly folders?: readonly string[];
  readonly links?: readonly string[];
  readonly target?: string;
}
