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
    ["apt-get update && apt-get install -y curl", true],
    ["apt-get -q update", true],
    ["--mount=type=cache,target=/var/lib/apt/ apt-get update", false],
    ["apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*", false],
    ["rm -rf /var/lib/apt/lists/* && apt-get update", true],
  ])("later lines mount too that need the lists of packages: %s", async (later, isSaid) => {
    const saving = { rule: "package-cache", lines: [2], subject: "/var/lib/apt/lists" } as const;
    const text = `FROM debian\nRUN apt-get update\nRUN ${later}\n`;
    const [advice] = await advised(text, [{ ...saving, paths: ["/var/lib/apt/lists/a"] }]);
    expect(advice?.message.includes("Line 3 uses it too: give it the same mount")).toBe(isSaid);
  });

  it("later lines fetch into too, each as far as it does not do so yet", async () => {
    const saving = { rule: "package-cache", lines: [2], subject: "/var/lib/apt/lists" } as const;
    const later = ["apt-get update && apt-get install -y less", "apt-get install -y make"];
    const text = `FROM debian\nRUN apt-get update\nRUN ${later.join("\nRUN ")}\n`;
    const [advice] = await advised(text, [{ ...saving, paths: ["/var/lib/apt/lists/a"] }]);
    expect(advice?.message).toContain(
      "Lines 3 and 4 use it too: give them the same mount, and line 4 `apt-get update`.",
    );
  });

  it("no line mounts where it would be in the way of another that needs it", async () => {
    const saving = { rule: "package-cache", lines: [2], subject: "/var/lib/apt/lists" } as const;
    const about = async (later: string) => {
      const text = `FROM debian\nRUN apt-get update\nRUN apt-get install -y a && ${later}\n`;
      return await advised(text, [{ ...saving, paths: ["/var/lib/apt/lists/a"] }]);
    };
    expect(await about("rm -rf /var/lib/apt/lists")).toEqual([]);
    expect(await about("rm -rf /var/lib/apt/lists/*")).toHaveLength(1);
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
    for (const other of ["chown -R 7:7 /home/node", "find /home/node -exec chmod 444 '{}' +"]) {
      expect(await about("/tmp/node-compile-cache/v22/a", other)).toBe(false);
      expect(await about("/tmp/node-compile-cache/v22/a", `${other} && npm ci`)).toBe(true);
    }
    expect(await about("/tmp/a", "npm install b")).toBe(false);
  });
});

describe("a mount in a home that is made for a user", () => {
  const folder = "/home/u/.cache/pip";
  const cache = (line: number) =>
    ({
      rule: "package-cache",
      lines: [line],
      subject: ".cache/pip",
      paths: [`${folder}/a`],
    }) as const;
  const deleted = (line: number) => `Let line ${line} delete \`${folder}\` before it ends.`;

  it.each([
    ["RUN useradd -m u && HOME=/home/u pip install a", ""],
    ["RUN adduser -D $NAME && HOME=/home/$NAME pip install a", ""],
    ["RUN useradd -m -d /home/u other && HOME=/home/u ./install", ""],
    ["RUN HOME=/home/u pip install a", "RUN useradd -m u"],
  ])("would be there before it: %s, %s", async (line, later) => {
    const [advice] = await advised(`FROM python\n${line}\n${later}\n`, [cache(2)]);
    expect(advice?.instead).toBe(deleted(2));
  });

  it.each([
    ["RUN useradd -m other && HOME=/home/u pip install a", 2],
    ["RUN useradd -r -d / other && HOME=/home/u pip install a", 2],
    ["RUN useradd -m u\nRUN HOME=/home/u pip install a", 3],
  ])("is none where the home is another, or there already: %s", async (lines, at) => {
    const [advice] = await advised(`FROM python\n${lines}\n`, [cache(at)]);
    expect(advice?.instead).toContain(`--mount=type=cache,target=${folder}`);
  });

  it("is not in one line with what makes it", async () => {
    const text = "FROM python\nRUN useradd -m u\nRUN HOME=/home/u pip install a\n";
    const dead = { rule: "overwritten-later", lines: [2, 3], paths: ["/var/log/large"] } as const;
    const both = (await advised(text, [cache(3), dead])).find(({ rule }) => rule === dead.rule);
    expect(both?.instead).toBe("RUN useradd -m u && HOME=/home/u pip install a");
    const mounted = text.replace("RUN HOME", `RUN --mount=type=cache,target=${folder} HOME`);
    expect((await advised(mounted, [dead]))[0]?.instead).toBe(
      `Do in line 2 what line 3 does, but mount nothing at \`${folder}\` then, where it makes a home, and delete that before it ends.`,
    );
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
