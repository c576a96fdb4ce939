// The command in a shell: what it prints, what it leaves behind, and how it ends.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INPUT_NAMES } from "../../src/inputs/input-kinds.ts";
import { schemaErrors } from "../report/schema.ts";
import { isRunning, when } from "./killing.ts";
import { readReport } from "./reading.ts";
import { Scenario } from "./scenario.ts";

const FILES = {
  Dockerfile: `FROM busybox:1.35 AS base
FROM base AS production
COPY lodash.json /app/node_modules/lodash/package.json
FROM production
RUN true
`,
  "lodash.json": '{"name":"lodash","version":"4.17.20"}\n',
};

const NO_ENGINE = { DOCKER_HOST: "unix:///nowhere/docker.sock" };

let scenario: Scenario;

beforeAll(async () => {
  scenario = await Scenario.start({ files: FILES });
});

afterAll(() => scenario[Symbol.asyncDispose]());

/** Names in the folder for temporary files that are ours. */
function temporaryFolders(): readonly string[] {
  return readdirSync(scenario.folder("temporary"));
}

/** Runs the command with the lab's tools and a folder of its own for temporary files. */
async function measure(...options: readonly string[]) {
  const env = { TMPDIR: await scenario.makeFolder("temporary") };
  return scenario.command([...scenario.labOptions(), ...options], { env });
}

describe("a run", () => {
  it("passes with 0, prints the report, and keeps its files where it is told to", async () => {
    const goals = "production: {max-unpacked: 10MB, fail-on-severity: critical}";
    const result = await measure("--goals", goals, "--out", scenario.folder("report"));
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stdout).toMatch(/^PASS {2}Both goals are met\n/);
    expect(result.stdout).toContain("CVE-2021-23337");
    const report = await readReport(join(scenario.folder("report"), "report.json"));
    expect(report?.verdict).toBe("pass");
    expect(readdirSync(scenario.folder("report"), { recursive: true }).toSorted()).toEqual([
      "comment.md",
      "report.json",
      "sarif",
      "sarif/weighbridge_Dockerfile_buildkit.sarif",
      "sarif/weighbridge_Dockerfile_hadolint.sarif",
      "sarif/weighbridge_Dockerfile_trivy.sarif",
      "summary.md",
    ]);
    expect(temporaryFolders()).toEqual([]);
  });

  it("leaves no report of an earlier run where it ends without one", async () => {
    const seconds = "417.1401";
    const files = { Dockerfile: "FROM busybox:1.35\n" };
    await using own = await Scenario.start({ files });
    const options = [...own.labOptions(), "--scanners=none", "--out", own.folder("report")];
    expect((await own.command(options)).exitCode).toBe(0);
    await own.write({ Dockerfile: `FROM busybox:1.35\nRUN sleep ${seconds}\n` });
    const cancelled = await own.command(options, { cancel: when(() => isRunning(seconds)) });
    expect(cancelled.exitCode, cancelled.stderr).toBe(3);
    expect(readdirSync(own.folder("report"))).toEqual([]);
  });

  it("fails with 1 when a goal is missed, and leaves nothing behind", async () => {
    const result = await measure("--goals", "production: {fail-on-severity: high}");
    expect(result.exitCode, result.stderr).toBe(1);
    expect(result.stdout).toMatch(
      /^FAIL {2}production: 1 high \(it has a fix\), goal: no HIGH or CRITICAL finding\n/,
    );
    expect(temporaryFolders()).toEqual([]);
    expect(readdirSync(scenario.workspace).toSorted()).toEqual(["Dockerfile", "lodash.json"]);
  });

  it("prints nothing but the report where JSON is asked for", async () => {
    const result = await measure("--format", "json", "--targets", "production");
    expect(result.exitCode, result.stderr).toBe(0);
    expect(schemaErrors(JSON.parse(result.stdout))).toEqual([]);
  });

  it("prints in colour where that is asked for, and the same words", async () => {
    const [plain, coloured] = [await measure("--no-color"), await measure("--color")];
    expect(coloured.stdout).not.toBe(plain.stdout);
    const words = stripVTControlCharacters(coloured.stdout);
    expect(withoutTimes(words)).toBe(withoutTimes(plain.stdout));
  });
});

/** A builder may have forgotten a step by the next run: how long it took makes columns wider, too. */
function withoutTimes(text: string): string {
  return text.replace(/\b(?:\d+(?:\.\d+)? s|cached)(?=\s)/g, "").replace(/ +/g, " ");
}

describe("a dry run", () => {
  it("prints the plan as JSON, without an engine", async () => {
    const options = ["--dry-run", "--format", "json", "--targets", "production,2"];
    const result = await scenario.command(options, { env: NO_ENGINE });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    const platform = expect.stringMatching(/^linux\//);
    expect(JSON.parse(result.stdout)).toEqual({
      images: [
        {
          name: "Dockerfile",
          dockerfile: "Dockerfile",
          context: ".",
          stages: [
            {
              ...{ name: "base", index: 0, line: 1, base: "busybox:1.35", platform, needs: [] },
              ...{ build: false, reason: "needed by production and 2, not exported" },
            },
            {
              ...{ name: "production", index: 1, line: 2, base: "base", platform },
              ...{ needs: ["base"], build: true },
            },
            {
              ...{ name: "2", index: 2, line: 4, base: "production", platform },
              ...{ needs: ["production"], build: true },
            },
          ],
        },
      ],
    });
  });

  it("prints the plan for people", async () => {
    const result = await scenario.command(["--dry-run"], { env: NO_ENGINE });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout).toMatch(/^Dockerfile: Dockerfile, context \., builds 3 of 3\n/);
    expect(result.stdout).toMatch(/^ {2}build {2}production +line 2 .*from base$/m);
  });

  it("refuses what is wrong", async () => {
    const result = await scenario.command(["--dry-run", "--targets=nope"], { env: NO_ENGINE });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain('--targets: "nope" matches no stage');
  });
});

describe("the options", () => {
  it("are all told by --help, in lines that fit a terminal", async () => {
    const { exitCode, stdout, stderr } = await scenario.command(["--help"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    // In a line of its own, or among those that are for a runner only.
    for (const name of INPUT_NAMES)
      expect(stdout).toMatch(new RegExp(`(?:\n  |[ \n])--${name}\\b`));
    expect(stdout).toContain("for a runner only");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toContain("Exit code: 0");
  });

  it("are suggested where one is misspelt, all of them in one message", async () => {
    const result = await scenario.command(["--taget", "production", "--plattform=linux/amd64"]);
    expect(result).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `error: 2 things have to be put right; nothing was built:
  --taget: there is no such option; did you mean "--targets"?
  --plattform: there is no such option; did you mean "--platform"?
`,
    });
  });

  it("are not read by a Node that is too old, which is named", async () => {
    const older = "Object.defineProperty(process,'version',{value:'v20.20.2'});";
    const versions = "{value:{...process.versions,node:'20.20.2'}}";
    const code = `${older}Object.defineProperty(process,'versions',${versions})`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${code}` };
    const result = await scenario.command(["--version"], { env });
    expect(result).toEqual({
      exitCode: 3,
      stdout: "",
      stderr: "weighbridge needs Node 24 or newer; this is v20.20.2\n",
    });
  });

  it("tell the version", async () => {
    const result = await scenario.command(["--version"]);
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
