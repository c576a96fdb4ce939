import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLocalHost } from "../../src/host/local-host.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import { filesUnlike, findCheckout, pathInRepository } from "../../src/report/checkout.ts";
import { createProject } from "../inputs/project.ts";
import { makeRun } from "../publish/make-host.ts";

/** The checkout of Dockerfiles in a workspace with repositories in these folders. */
async function checkoutOf(repositories: readonly string[], paths: readonly string[]) {
  const entries = repositories.map((folder) => [`${folder}/.git`, undefined] as const);
  await using project = await createProject(Object.fromEntries(entries));
  return await findCheckout({ files: project.files, ci: undefined }, paths);
}

/** The same in a run of `acme/shop`, with what git has been told of where each comes from. */
async function checkoutInRun(
  addresses: Readonly<Record<string, string>>,
  paths: readonly string[],
) {
  const entries = Object.entries(addresses).map(([folder, address]) => {
    return [`${folder}/.git/config`, `[remote "origin"]\n\turl = ${address}\n`] as const;
  });
  await using project = await createProject(Object.fromEntries(entries));
  return await findCheckout(
    { files: project.files, ci: makeRun({ repository: "acme/shop" }) },
    paths,
  );
}

test.each([
  "https://github.com/acme/shop",
  "https://github.com/Acme/Shop.git",
  "git@github.com:acme/shop.git",
])("of several repositories that is meant whose run it is: %s", async (address) => {
  const paths = ["tools/Dockerfile", "app/Dockerfile"];
  const others = "https://github.com/acme/tools";
  expect(await checkoutInRun({ tools: others, app: address }, paths)).toBe("app");
});

test.each(["https://github.com/acme/tools", "https://github.com/other-acme/shop"])(
  "a repository that is not that of the run is none of its paths: %s",
  async (address) => {
    expect(await checkoutInRun({ tools: address }, ["tools/Dockerfile"])).toBe("");
  },
);

test("a repository in a folder of the workspace is found by its Dockerfiles", async () => {
  const paths = ["app/Dockerfile", "app/web/Dockerfile", "Dockerfile.generated", "../x/Dockerfile"];
  expect(await checkoutOf(["app", "app/web"], paths)).toBe("app");
  expect(await checkoutOf(["our/app"], ["our/app/Dockerfile"])).toBe("our/app");
});

test("where the workspace is the repository, what is in it is no checkout of its own", async () => {
  expect(await checkoutOf([".", "app"], ["app/Dockerfile"])).toBe("");
});

test("of several repositories, and of none, nothing can be told", async () => {
  expect(await checkoutOf(["a", "b"], ["a/Dockerfile", "b/Dockerfile"])).toBe("");
  expect(await checkoutOf([], ["a/Dockerfile"])).toBe("");
});

test("a path in the repository is without the folder that it is checked out into", () => {
  expect(pathInRepository("app/web/Dockerfile", "app")).toBe("web/Dockerfile");
  expect(pathInRepository("apple/Dockerfile", "app")).toBe("apple/Dockerfile");
  expect(pathInRepository("Dockerfile", "")).toBe("Dockerfile");
});

test("Dockerfiles that are not as the head of the pull request has them are found out", async () => {
  await using folder = await makeTemporaryFolder("checkout", {});
  using host = createLocalHost({ workspace: folder.path, stream: { write: () => true } });
  const paths = ["app/Dockerfile", "app/web/Dockerfile"];
  for (const path of paths) await host.files.writeText(path, "FROM scratch\n");
  const git = (...args: readonly string[]) => {
    const author = ["-c", "user.name=octocat", "-c", "user.email=octocat@example.com"];
    const all = ["-C", join(folder.path, "app"), ...author, ...args];
    return execFileSync("git", all, { encoding: "utf8" }).trim();
  };
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "head");
  const head = git("rev-parse", "HEAD");
  await host.files.writeText("app/web/Dockerfile", "# of the base\nFROM scratch\n");
  git("commit", "--quiet", "--all", "--message", "merge");
  expect(await filesUnlike(host, head, "app", paths)).toEqual(["app/web/Dockerfile"]);
  expect(await filesUnlike(host, git("rev-parse", "HEAD"), "app", paths)).toEqual([]);
  expect(await filesUnlike(host, "a".repeat(40), "app", paths)).toEqual([]);
  expect(await filesUnlike(host, head, "", paths)).toEqual([]);
});
