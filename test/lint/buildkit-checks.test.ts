import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type CheckInputs,
  checkArguments,
  parseChecks,
  runBuildkitChecks,
} from "../../src/lint/buildkit-checks.ts";
import { makePlannedImage } from "../make.ts";
import { openWorkshop } from "../tools/workshop.ts";

const NO_INPUTS: CheckInputs = { buildArgs: {}, buildContexts: {} };

async function parseFixture(name: string) {
  const path = join(import.meta.dirname, "../fixtures/buildkit-checks", name);
  return parseChecks(await readFile(path, "utf8"));
}

/** What the checks come to when `docker` does this. */
async function check(script: string) {
  await using workshop = await openWorkshop();
  await workshop.program("docker", script);
  return await runBuildkitChecks(workshop.host, makePlannedImage(), NO_INPUTS);
}

test("a warning becomes a finding with its line, its page and its detail", async () => {
  const checked = await parseFixture("warnings.json");
  expect(checked).toMatchObject({ kind: "checked" });
  expect(checked.kind === "checked" ? checked.findings[2] : undefined).toEqual({
    tool: "buildkit",
    rule: "StageNameCasing",
    severity: "warning",
    message: "Stage name 'Other' should be lowercase",
    title: "Stage names should be lowercase",
    help: "https://docs.docker.com/go/dockerfile/rule/stage-name-casing/",
    line: 5,
  });
});

test("stages that the last one does not need are checked too", async () => {
  const checked = await parseFixture("warnings.json");
  const rules = checked.kind === "checked" ? checked.findings.map(({ rule }) => rule) : [];
  expect(rules).toContain("WorkdirRelativePath");
  expect(rules).toHaveLength(10);
});

test("a Dockerfile without warnings is checked", async () => {
  expect(await parseFixture("nothing.json")).toEqual({ kind: "checked", findings: [] });
});

test("checks that the Dockerfile calls errors are findings all the same", async () => {
  expect(await parseFixture("checks-are-errors.json")).toMatchObject({
    kind: "checked",
    findings: [{ rule: "FromAsCasing", line: 2 }],
  });
});

test("a Dockerfile that cannot be read to its end is not checked", async () => {
  expect(await parseFixture("parse-error.json")).toEqual({
    kind: "unavailable",
    tool: "buildkit",
    reason: "dockerfile parse error on line 3: unknown instruction: FOO (did you mean FROM?)",
  });
});

test("a warning without a place has no line", () => {
  const warning = { ruleName: "R", description: "d", location: {} };
  expect(parseChecks(JSON.stringify({ warnings: [warning] }))).toEqual({
    kind: "checked",
    findings: [{ tool: "buildkit", rule: "R", severity: "warning", message: "d", title: "d" }],
  });
});

test("what changes the Dockerfile's meaning is passed on, and no path can be an option", () => {
  const image = makePlannedImage({ dockerfile: "-f.Dockerfile", context: "-context" });
  const inputs: CheckInputs = {
    buildArgs: { VERSION: "1=2", NAME: "a b" },
    buildContexts: { base: "docker-image://busybox" },
    platform: "linux/arm64",
    builder: "mine",
  };
  expect(checkArguments("/repository", image, inputs)).toEqual([
    "buildx",
    "build",
    "--call=check,format=json,ignorestatus=true",
    "--progress=quiet",
    "--file=/repository/-f.Dockerfile",
    "--builder=mine",
    "--platform=linux/arm64",
    "--build-arg=VERSION=1=2",
    "--build-arg=NAME=a b",
    "--build-context=base=docker-image://busybox",
    "/repository/-context",
  ]);
});

test.each(["unknown flag: --call", "ERROR: unsupported request frontend.lint"])(
  "a builder without checks has them off, and says so: %s",
  async (message) => {
    expect(await check(`echo '${message}' >&2; exit 125`)).toEqual({
      kind: "off",
      reason: expect.stringContaining("This builder has none of BuildKit's checks"),
    });
  },
);

test("an error is told without the lines of the Dockerfile around it", async () => {
  const script = `printf 'ERROR: frontend not found\\nDockerfile:1\\n>>> # syntax=x\\n' >&2; exit 1`;
  expect(await check(script)).toHaveProperty(
    "reason",
    "docker buildx build --call=check ended with exit code 1: frontend not found",
  );
});

test("an image that cannot be pulled is told once", async () => {
  const error =
    "failed to solve: acme/tool:9: failed to resolve source metadata for docker.io/acme/tool:9: docker.io/acme/tool:9: not found";
  expect(await check(`echo 'ERROR: ${error}' >&2; exit 1`)).toHaveProperty(
    "reason",
    "docker buildx build --call=check ended with exit code 1: the image acme/tool:9 cannot be pulled: not found",
  );
});

test("a builder that prints no JSON leaves it unchecked", async () => {
  expect(await check("echo 'Check complete, no warnings found.'")).toMatchObject({
    kind: "unavailable",
  });
});
