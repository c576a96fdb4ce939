import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseHadolintReport } from "../../src/lint/hadolint-report.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/hadolint");

async function parseFixture(name: string) {
  return parseHadolintReport("hadolint 2.15.1", await readFile(join(FIXTURES, name), "utf8"));
}

const parse = (stdout: string) => parseHadolintReport("hadolint 2.15.1", stdout);

test("findings come by file, with level, line and the page of the rule", async () => {
  const findings = await parseFixture("findings.json");
  expect([...findings.keys()]).toEqual(["./Dockerfile", "./broken.Dockerfile"]);
  expect(findings.get("./Dockerfile")?.[0]).toEqual({
    tool: "hadolint",
    rule: "DL3006",
    severity: "warning",
    message: "Always tag the version of an image explicitly",
    help: "https://github.com/hadolint/hadolint/wiki/DL3006",
    line: 1,
  });
});

test("every level that Hadolint has is kept", async () => {
  const findings = (await parseFixture("findings.json")).get("./Dockerfile") ?? [];
  const levels = findings.map(({ rule, severity }) => [rule, severity]);
  expect(levels).toContainEqual(["DL4000", "error"]);
  expect(levels).toContainEqual(["DL3015", "info"]);
});

test("a rule of ShellCheck has its page in ShellCheck's wiki", async () => {
  const findings = (await parseFixture("findings.json")).get("./Dockerfile") ?? [];
  const shellcheck = findings.find(({ rule }) => rule === "SC2086");
  expect(shellcheck?.help).toBe("https://www.shellcheck.net/wiki/SC2086");
});

test("what Hadolint cannot parse is its finding DL1000, in one line", async () => {
  const findings = (await parseFixture("findings.json")).get("./broken.Dockerfile");
  expect(findings).toEqual([
    {
      tool: "hadolint",
      rule: "DL1000",
      severity: "error",
      message: expect.stringMatching(/^unexpected 'F' expecting '#'.*/),
      help: "https://github.com/hadolint/hadolint/wiki/DL1000",
      line: 3,
    },
  ]);
});

test.each([
  ["tty-and-findings.txt", 8],
  ["sarif-codeclimate-and-findings.txt", 7],
])("other formats that a configuration asks for are passed over: %s", async (name, count) => {
  const findings = await parseFixture(name);
  expect(findings.get("./Dockerfile")).toHaveLength(count);
});

test("another format before an empty list is passed over", async () => {
  expect(await parseFixture("sarif-and-nothing.txt")).toEqual(new Map());
});

test("no findings are no findings", () => {
  expect(parse("[]")).toEqual(new Map());
});

test("a message that looks like the beginning of a report is only a message", () => {
  const message = '[{"code":"DL9999","file":"x"}]';
  const item = { code: "DL3001", file: "./Dockerfile", level: "info", line: 2, message };
  expect(parse(JSON.stringify([item])).get("./Dockerfile")?.[0]?.message).toBe(message);
});

test.each([
  ["nothing", "", "hadolint 2.15.1 wrote nothing"],
  ["half a report", '[{"code":"DL3006","col', "are not JSON"],
  ["another level", '[{"code":"D","file":"f","level":"fatal","line":1,"message":""}]', "[0].level"],
  ["no line", '[{"code":"D","file":"f","level":"info","message":""}]', "nothing as [0].line"],
])("%s is an error that says what does not fit", (_, stdout, message) => {
  expect(() => parse(stdout)).toThrow(message);
});
