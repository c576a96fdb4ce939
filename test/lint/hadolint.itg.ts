import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { UserError } from "../../src/errors.ts";
import { runHadolint } from "../../src/lint/hadolint.ts";
import { examineTool, type FoundTool } from "../../src/tools/find-tool.ts";
import { openWorkshop, type Workshop } from "../tools/workshop.ts";

const DOCKERFILE = [
  "FROM debian",
  "RUN apt-get update && apt-get install curl",
  "RUN cd /tmp && echo $HOME/*",
  "MAINTAINER someone",
  "",
].join("\n");

let hadolint: FoundTool;

beforeAll(async () => {
  const { tools } = await labParts(["tools"]);
  await using workshop = await openWorkshop();
  const tool = await examineTool(workshop.host, "hadolint", tools.hadolint);
  if (tool.kind === "missing") throw new Error(tool.reason);
  hadolint = tool;
});

/** Rule and line of each finding. */
async function rulesOf(workshop: Workshop, dockerfile = "Dockerfile") {
  const checks = await runHadolint(workshop.host, hadolint, [dockerfile], {});
  const check = checks.get(dockerfile);
  return check?.kind === "checked"
    ? check.findings.map(({ rule, line }) => `${rule}:${line}`)
    : check;
}

test("findings equal Hadolint's own, run by hand on the same bytes", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("Dockerfile", DOCKERFILE);
  const byHand = await promisify(execFile)(
    hadolint.path,
    ["-f", "json", "--no-fail", "Dockerfile"],
    {
      cwd: workshop.workspace,
    },
  );
  const expected: readonly { code: string; line: number }[] = JSON.parse(byHand.stdout);
  expect(expected.length).toBeGreaterThan(5);
  const rules = await rulesOf(workshop);
  expect(rules).toEqual(expected.map(({ code, line }) => `${code}:${line}`));
});

test("Dockerfiles of any name are linted in one run, each with its own findings", async () => {
  await using workshop = await openWorkshop();
  const dockerfiles = ["Dockerfile", "-x.Dockerfile", "a b/Dockerfile.日本", "+RTS"];
  for (const dockerfile of dockerfiles) await workshop.write(dockerfile, "FROM debian\n");
  const checks = await runHadolint(workshop.host, hadolint, dockerfiles, {});
  for (const dockerfile of dockerfiles) {
    expect(checks.get(dockerfile)).toMatchObject({
      kind: "checked",
      findings: [{ rule: "DL3006", line: 1 }],
    });
  }
});

test("what Hadolint cannot parse is its finding DL1000", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("Dockerfile", "FROM debian:12\nRUN [\n FOO\n");
  expect(await rulesOf(workshop)).toEqual(["DL1000:3"]);
});

test("the repository's configuration is used", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("Dockerfile", "FROM debian\nMAINTAINER x\n");
  await workshop.write(".hadolint.yaml", "ignored: [DL4000]\n");
  expect(await rulesOf(workshop)).toEqual(["DL3006:1"]);
});

test("a configuration that asks for another format changes nothing", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("Dockerfile", DOCKERFILE);
  const before = await rulesOf(workshop);
  await workshop.write(".hadolint.yaml", "format: tty\nno-fail: false\nfailure-threshold: style\n");
  expect(new Set([await rulesOf(workshop)].flat())).toEqual(new Set([before].flat()));
});

test.each([
  ["ignored: [", "Unexpected"],
  ["failure-threshold: terrible\n", "expected severity instead of !!str"],
  ["", "empty YAML stream"],
  ["ignored: [DL3008\n", "Unexpected end of a line;"],
  ["ignored: []\nignored: []\n", 'the key "ignored" is there again in line 2;'],
])(
  "a configuration of %j is an error that names the file and the problem",
  async (text, problem) => {
    await using workshop = await openWorkshop();
    await workshop.write("Dockerfile", DOCKERFILE);
    await workshop.write(".hadolint.yaml", text);
    const checks = runHadolint(workshop.host, hadolint, ["Dockerfile"], {});
    await expect(checks).rejects.toThrow(UserError);
    await expect(checks).rejects.toThrow(
      `.hadolint.yaml: ".hadolint.yaml" is not a configuration that Hadolint can read: ${problem}`,
    );
  },
);

test("a broken configuration that the input names is told to be the input's", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("Dockerfile", DOCKERFILE);
  await workshop.write("ci/hadolint.yaml", "override: 5\n");
  const inputs = { hadolintConfig: "ci/hadolint.yaml" };
  await expect(runHadolint(workshop.host, hadolint, ["Dockerfile"], inputs)).rejects.toThrow(
    'input hadolint-config: "ci/hadolint.yaml" is not a configuration',
  );
});

test("neither the job's variables nor the user's own configuration steer it", async () => {
  await using workshop = await openWorkshop({
    HADOLINT_IGNORE: "DL3006",
    HADOLINT_FORMAT: "sarif",
    HADOLINT_OVERRIDE_ERROR: "DL3006",
  });
  await workshop.write("Dockerfile", "FROM debian\n");
  await mkdir(join(workshop.outside, ".config"));
  for (const path of [".hadolint.yaml", ".config/hadolint.yaml"]) {
    await writeFile(join(workshop.outside, path), "ignored: [DL3006]\n");
  }
  const checks = await runHadolint(workshop.host, hadolint, ["Dockerfile"], {});
  expect(checks.get("Dockerfile")).toMatchObject({
    kind: "checked",
    findings: [{ rule: "DL3006", severity: "warning" }],
  });
});
