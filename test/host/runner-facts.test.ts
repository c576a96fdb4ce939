import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TemporaryFolder } from "../../src/host/host.ts";
import { readRunnerFacts } from "../../src/host/runner-facts.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";

const RUN = {
  GITHUB_EVENT_NAME: "push",
  GITHUB_REPOSITORY: "octo/app",
  GITHUB_SHA: "a".repeat(40),
};

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await makeTemporaryFolder("test", {});
});

afterEach(() => folder[Symbol.asyncDispose]());

/** What is wrong with what the runner says. */
function problemsOf(env: Readonly<Record<string, string>>): string {
  const { problems } = readRunnerFacts(env);
  return problems.map(({ where, what }) => `${where}: ${what}`).join("\n");
}

test.each([
  [{}, "https://api.github.com"],
  [{ GITHUB_API_URL: "https://github.example.com/api/v3" }, "https://github.example.com/api/v3"],
  [{ GITHUB_API_URL: "http://127.0.0.1:8080/api/v3/" }, "http://127.0.0.1:8080/api/v3"],
])("of %j the API is at %s", (env, apiUrl) => {
  expect(readRunnerFacts(env)).toEqual({ ci: undefined, apiUrl, problems: [] });
});

test.each(["github.example.com/api/v3", "ftp://github.example.com", "https://", "not a url", "/"])(
  "%j is not where a GitHub could be",
  (address) => {
    expect(problemsOf({ ...RUN, GITHUB_API_URL: address })).toBe(
      `GITHUB_API_URL: ${JSON.stringify(address)} is not the address of a GitHub, such as https://api.github.com`,
    );
  },
);

test("an event that is not JSON is told by its path, and not shown", async () => {
  const path = join(folder.path, "event.json");
  await writeFile(path, '{"pull_request": {"number": 7, "tit');
  expect(problemsOf({ ...RUN, GITHUB_EVENT_PATH: path })).toBe(
    `GITHUB_EVENT_PATH, ${path}: is not the JSON of an event`,
  );
});

test("an event that is not there is told with the system's reason", () => {
  const path = join(folder.path, "event.json");
  expect(problemsOf({ ...RUN, GITHUB_EVENT_PATH: path })).toContain("ENOENT: no such file");
});

test("all that is wrong is told at once", () => {
  const wrong = { GITHUB_EVENT_PATH: "/nowhere", GITHUB_API_URL: "x", GITHUB_SERVER_URL: "y" };
  expect(problemsOf({ ...RUN, ...wrong }).split("\n")).toHaveLength(3);
  expect(readRunnerFacts({ ...RUN, ...wrong }).ci).toBeUndefined();
});

test.each(["app", "octo/app/more", "octo/", "https://github.com/octo/app", "octo /app"])(
  "%j is no repository",
  (repository) => {
    expect(problemsOf({ ...RUN, GITHUB_REPOSITORY: repository })).toBe(
      `GITHUB_REPOSITORY: ${JSON.stringify(repository)} is not a repository, such as octo/app`,
    );
    expect(problemsOf(RUN)).toBe("");
    expect(problemsOf({ ...RUN, GITHUB_SHA: "main" })).toBe(
      'GITHUB_SHA: "main" is not a commit, in 40 hexadecimal digits',
    );
  },
);
