import { expect, test } from "vitest";
import { findCheckout, pathInRepository } from "../../src/report/checkout.ts";
import { createProject } from "../inputs/project.ts";

/** The checkout of Dockerfiles in a workspace with repositories in these folders. */
async function checkoutOf(repositories: readonly string[], paths: readonly string[]) {
  const entries = repositories.map((folder) => [`${folder}/.git`, undefined] as const);
  await using project = await createProject(Object.fromEntries(entries));
  return await findCheckout(project, paths);
}

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
