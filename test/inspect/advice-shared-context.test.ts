// Advice on a build context that several Dockerfiles share.

import { describe, expect, it } from "vitest";
import { advised, type MadeUp } from "./advised-dockerfile.ts";

const TEXT = "FROM busybox\nCOPY . /app\n";
const IN_COMMON = "`.dockerignore`";
const FOR_ITSELF = "`Dockerfile.prod.dockerignore`";

/** Where it is to be ignored, and whether it is told why there. */
async function about(saving: MadeUp, others: Readonly<Record<string, string>>, text = TEXT) {
  const asked = { dockerfile: "docker/Dockerfile.prod", others };
  const [advice] = await advised(text, [saving], asked);
  const [, file] = /\bin(?:to)? (`[^`]*ignore`)/.exec(advice?.instead ?? "") ?? [];
  return { file, isTold: advice?.message.includes(`into ${FOR_ITSELF} beside this Dockerfile`) };
}

function context(subject: string): MadeUp {
  return { rule: "context", lines: [2], subject, paths: [`/app/${subject}/a`] };
}

describe("what another Dockerfile may need of the same context", () => {
  it.each([
    ["tests", "COPY tests /tests"],
    ["tests", "COPY . ."],
    ["tests", "RUN --mount=type=bind,target=. ls"],
    ["docs", "ADD app.tar web /"],
    [".git", "COPY . .\nRUN git describe"],
    [".git", "COPY . .\nRUN ./build.sh"],
    ["docs", "RUN rm /app/docs"],
    ["venv", "COPY . ."],
  ])("is ignored for the one alone: %s, %s", async (subject, line) => {
    const text = subject === "venv" ? `${TEXT}RUN pip install .\n` : TEXT;
    const others = { "Dockerfile.test": `FROM busybox\n${line}\n` };
    expect(await about(context(subject), others, text)).toEqual({ file: FOR_ITSELF, isTold: true });
  });

  it.each([
    ["tests", "COPY package.json main.js /app/"],
    ["tests", "COPY --from=nginx . ."],
    [".git", "COPY . ."],
    ["*.log", "COPY . ."],
    ["venv", "COPY . .\nRUN pip install ."],
  ])("is ignored for all where none does: %s, %s", async (subject, line) => {
    const text = subject === "venv" ? `${TEXT}RUN pip install .\n` : TEXT;
    const others = { "Dockerfile.test": `FROM busybox\n${line}\n` };
    expect(await about(context(subject), others, text)).toEqual({ file: IN_COMMON, isTold: false });
  });

  it("are packages that it does not install", async () => {
    const text = "FROM node\nCOPY . /app\nRUN cd /app && npm ci\n";
    const saving = context("node_modules");
    const others = (lines: string) => ({ "Dockerfile.test": `FROM node\n${lines}\n` });
    expect((await about(saving, others("COPY . ."), text)).file).toBe(FOR_ITSELF);
    expect((await about(saving, others("COPY . .\nRUN npm ci"), text)).file).toBe(IN_COMMON);
  });

  it("is a large file, or one that a line deletes", async () => {
    const large = { rule: "large-file", lines: [2], paths: ["/app/a.bin"], bytes: 9e6 } as const;
    const deleted = { rule: "deleted-later", lines: [2, 3], paths: ["/app/a.bin"] } as const;
    const text = `${TEXT}RUN rm -f /app/a.bin\n`;
    for (const [line, file] of [
      ["COPY . .", FOR_ITSELF],
      ["COPY b.bin .", IN_COMMON],
    ]) {
      const others = { "Dockerfile.test": `FROM busybox\n${line}\n` };
      expect((await about(large, others)).file).toBe(file);
      expect((await about(deleted, others, text)).file).toBe(file);
    }
  });

  it("is told with the names of all that may need it", async () => {
    const copy = "FROM busybox\nCOPY tests .\n";
    const others = { "Dockerfile.test": copy, "e2e/Dockerfile": copy, "a.Dockerfile": "FROM a\n" };
    const [advice] = await advised(TEXT, [context("tests")], { others });
    expect(advice).toMatchObject({
      instead: "Write `**/tests` into `Dockerfile.dockerignore`.",
      message:
        "Line 2 copies `tests` out of the build context, which a program seldom needs to run. What else is called `tests` there goes too. `Dockerfile.test` and `e2e/Dockerfile` may need it from the same build context. So write it into `Dockerfile.dockerignore` beside this Dockerfile, which counts for it alone and in place of `.dockerignore`: what is in that has to be in there too.",
    });
  });
});

it("an ignore file of the Dockerfile's own is the one to write into", async () => {
  const asked = { hasOwnIgnoreFile: true };
  const [advice] = await advised(TEXT, [context("tests")], asked);
  expect(advice?.instead).toBe("Write `**/tests` into `Dockerfile.dockerignore`.");
  expect(advice?.message).not.toContain("may need it");
});

it("of many Dockerfiles the first few are named", async () => {
  const names = ["a", "b", "c", "d", "e"].map((name) => [name, "FROM busybox\nCOPY . .\n"]);
  const [advice] = await advised(TEXT, [context("tests")], { others: Object.fromEntries(names) });
  expect(advice?.message).toContain(" `a`, `b`, `c` and 2 more may need it from");
});
