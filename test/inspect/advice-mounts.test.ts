// Advice to mount something in a line, whatever else is told of that line.

import { describe, expect, it } from "vitest";
import { advised } from "./advised-dockerfile.ts";

describe("what a line mounts", () => {
  it("it mounts with other words of it that are told", async () => {
    const text = "FROM debian\nRUN apt-get update && apt-get install -y curl\n";
    const cache = { rule: "package-cache", lines: [2], subject: "/var/lib/apt/lists" } as const;
    const advice = await advised(text, [
      { ...cache, paths: ["/var/lib/apt/lists/a"] },
      { rule: "recommended-packages", lines: [2], subject: "less", paths: [] },
    ]);
    const both =
      "RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install --no-install-recommends -y curl";
    expect(advice.map(({ instead }) => instead)).toEqual([both, both]);
  });

  it("it mounts at once, whatever it is for, which saves all of that", async () => {
    const cache = { rule: "package-cache", lines: [2], subject: ".npm/_cacache" } as const;
    const advice = await advised("FROM node\nRUN npm ci\n", [
      { ...cache, paths: ["/root/.npm/_cacache/a"] },
      { rule: "package-cache", lines: [2], subject: "/tmp", paths: ["/tmp/a"] },
    ]);
    expect(advice).toMatchObject([
      {
        bytes: 4_000_000,
        message: expect.stringMatching(/leaves `.*_cacache` behind.* Line 2 leaves `\/tmp` behind/),
        instead:
          "RUN --mount=type=cache,target=/root/.npm/_cacache --mount=type=tmpfs,target=/tmp npm ci",
        paths: ["/root/.npm/_cacache/a", "/tmp/a"],
      },
    ]);
  });

  it.each([
    ["apt-get -o Acquire::Retries=3 install -y curl", true],
    ["apt-get build-dep -y hello", true],
    ["aptitude install curl", true],
    ["apt-get remove curl && make install", false],
    ["apt-get update && apt-get install -y curl", false],
  ])("later lines mount too that need the lists of packages: %s", async (later, isSaid) => {
    const saving = { rule: "package-cache", lines: [2], subject: "/var/lib/apt/lists" } as const;
    const text = `FROM debian\nRUN apt-get update\nRUN ${later}\n`;
    const [advice] = await advised(text, [{ ...saving, paths: ["/var/lib/apt/lists/a"] }]);
    expect(advice?.message.includes("Line 3 uses it too: give it the same mount")).toBe(isSaid);
  });

  it("later lines mount too that would leave the same behind", async () => {
    const saving = { rule: "package-cache", lines: [2], subject: "/tmp" } as const;
    const about = async (path: string, later: string) => {
      const text = `FROM node\nRUN npm install a\nRUN ${later}\n`;
      const [advice] = await advised(text, [{ ...saving, paths: [path] }]);
      expect(advice?.instead).toBe("RUN --mount=type=tmpfs,target=/tmp npm install a");
      return advice?.message.includes("Line 3 uses it too: give it the same mount.");
    };
    expect(await about("/tmp/node-compile-cache/v22/a", "npm install b")).toBe(true);
    expect(await about("/tmp/node-compile-cache/v22/a", "make")).toBe(false);
    expect(await about("/tmp/a", "npm install b")).toBe(false);
  });
});

it("what is advised in place of several lines mounts what each of them is to mount", async () => {
  const text = "FROM debian\nRUN apt-get update\nRUN apt-get install -y less\n";
  const advice = await advised(text, [
    {
      ...{ rule: "package-cache", lines: [3], subject: "/var/lib/apt/lists" },
      paths: ["/var/lib/apt/lists/a"],
    } as const,
    { rule: "overwritten-later", lines: [2, 3], paths: ["/var/cache/large"] },
  ]);
  expect(advice.find(({ rule }) => rule === "overwritten-later")?.instead).toBe(
    "RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install -y less",
  );
});

it.each([
  "apt-get update && apt-get install -y make && rm -rf /var/lib/apt/lists",
  "--mount=type=cache,target=/var/lib/apt/lists apt-get update && apt-get install -y make",
])("has no mount where one of them deletes the folder or has it already: %s", async (line) => {
  const text = `FROM debian\nRUN ${line}\nRUN apt-get update && apt-get install -y less\n`;
  const advice = await advised(text, [
    {
      ...{ rule: "package-cache", lines: [3], subject: "/var/lib/apt/lists" },
      paths: ["/var/lib/apt/lists/a"],
    } as const,
    { rule: "overwritten-later", lines: [2, 3], paths: ["/var/cache/large"] },
  ]);
  expect(advice.find(({ rule }) => rule === "overwritten-later")?.instead).toBe(
    `RUN ${line} && apt-get update && apt-get install -y less`,
  );
});
