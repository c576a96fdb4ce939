// What commands do is seen wherever they stand, in time that grows with their length alone.

import { describe, expect, it } from "vitest";
import { removesItself } from "../../src/inspect/advice/mounts.ts";
import { runsTests } from "../../src/inspect/advice/project-uses.ts";
import { exportsOf } from "../../src/inspect/advice/settings.ts";
import { growth, LINEAR } from "../growth.ts";
import { advised } from "./advised-dockerfile.ts";

describe("tests that a line runs", () => {
  it.each([
    "RUN <<EOF\nnpm install\nnpm test\nEOF",
    "RUN <<EOF\npip install -r r.txt\npytest\nEOF",
    'CMD ["sh", "-c", "npm install && npm test"]',
  ])("are not ignored, whatever is installed before: %j", async (line) => {
    const saving = { rule: "context", lines: [2], subject: "tests" } as const;
    const told = await advised(`FROM busybox\nCOPY . /app\n${line}\n`, [saving]);
    expect(told.map(({ instead }) => instead).join()).not.toContain("`**/tests`");
  });
});

it("Git that a here-document installs and uses is not taken away", async () => {
  const saving = { rule: "context", lines: [2], subject: ".git" } as const;
  const line = "RUN <<EOF\napt-get install -y git\ngit describe > v\nEOF";
  const told = await advised(`FROM busybox\nCOPY . /app\n${line}\n`, [saving]);
  expect(told.map(({ instead }) => instead).join()).not.toContain("`**/.git`");
});

describe("a folder that is mounted", () => {
  const target = "/root/.cache/pip";

  it.each([
    ["RUN pip install x && mv -t /opt /root/.cache/pip", true],
    ["RUN rm -rf ~", true],
    ["RUN <<EOF pip install x rm -rf /root/.cache/pip EOF", true],
    ["RUN <<EOF rm -rf /root/.npm pip install x EOF", false],
    ["RUN rm -rf /root/{.cache,.npm}", true],
    ["RUN mv /x /root/.cache/pip 2>/dev/null", false],
    ["RUN rm -rf /root/.npm", false],
  ])("is seen to be removed: %j", (instruction, isRemoved) => {
    expect(removesItself(target, instruction, "/")).toBe(isRemoved);
  });
});

it("what is set twice by one instruction is not set by a shell", () => {
  expect(exportsOf("ENV PATH=/a:$PATH PATH=/c:$PATH")).toBeUndefined();
  expect(exportsOf("ENV A=b PATH=/a:$PATH")).toEqual(["export A=b", 'export PATH="/a:$PATH"']);
});

it("words that say nothing take little time, however many there are", () => {
  const work = (count: number) => {
    runsTests("npm ".repeat(count));
    exportsOf(`ENV a=b${" ".repeat(4 * count)}!`);
  };
  expect(growth(40_000, work)).toBeLessThan(LINEAR);
});
