import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { type CheckInputs, runBuildkitChecks } from "../../src/lint/buildkit-checks.ts";
import { makePlannedImage } from "../make.ts";
import { openWorkshop, type Workshop } from "../tools/workshop.ts";

const DOCKERFILE = [
  "FROM scratch as base",
  "MAINTAINER someone",
  "FROM base AS Unneeded",
  "WORKDIR relative",
  "FROM base",
  "CMD start",
  "",
].join("\n");

let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  const { engine } = await labParts(["engine"]);
  environment = engine.environment;
});

function check(workshop: Workshop, inputs: Partial<CheckInputs> = {}) {
  const all = { buildArgs: {}, buildContexts: {}, ...inputs };
  return runBuildkitChecks(workshop.host, makePlannedImage(), all);
}

test("findings equal those of buildx, run by hand on the same bytes", async () => {
  await using workshop = await openWorkshop(environment);
  await workshop.write("Dockerfile", DOCKERFILE);
  const byHand = await promisify(execFile)(
    "docker",
    ["buildx", "build", "--check", "--call=check,format=json", workshop.workspace],
    { env: { ...process.env, ...environment } },
  ).catch((error) => error);
  const report: {
    warnings: { ruleName: string; location: { ranges: { start: { line: number } }[] } }[];
  } = JSON.parse(byHand.stdout);
  const expected = report.warnings.map(
    ({ ruleName, location }) => `${ruleName}:${location.ranges[0]?.start.line}`,
  );
  expect(expected).toContain("WorkdirRelativePath:4");
  const checked = await check(workshop);
  expect(checked).toMatchObject({ kind: "checked" });
  const findings = checked.kind === "checked" ? checked.findings : [];
  expect(findings.map(({ rule, line }) => `${rule}:${line}`)).toEqual(expected);
});

test("build arguments reach the Dockerfile", async () => {
  await using workshop = await openWorkshop(environment);
  await workshop.write("Dockerfile", "ARG BASE\nFROM ${BASE}\n");
  expect(await check(workshop, { buildArgs: { BASE: "scratch" } })).toMatchObject({
    kind: "checked",
  });
  expect(await check(workshop)).toMatchObject({ kind: "unavailable" });
});

test("build contexts reach the Dockerfile", async () => {
  await using workshop = await openWorkshop(environment);
  await workshop.write("base/Dockerfile", "FROM scratch\n");
  await workshop.write("Dockerfile", "FROM no-such-image\nCOPY --from=other /base /\n");
  const buildContexts = { "no-such-image": "base", other: join(workshop.workspace, "base") };
  expect(await check(workshop, { buildContexts })).toMatchObject({ kind: "checked" });
});

test("a Dockerfile that does not parse is unchecked, with BuildKit's reason", async () => {
  await using workshop = await openWorkshop(environment);
  await workshop.write("Dockerfile", "FROM scratch\nFOO\n");
  expect(await check(workshop)).toMatchObject({
    kind: "unavailable",
    reason: expect.stringContaining("unknown instruction: FOO"),
  });
});

test("a builder that does not exist leaves it unchecked, with the reason", async () => {
  await using workshop = await openWorkshop(environment);
  await workshop.write("Dockerfile", DOCKERFILE);
  expect(await check(workshop, { builder: "no-such-builder" })).toEqual({
    kind: "unavailable",
    tool: "buildkit",
    reason:
      'docker buildx build --call=check ended with exit code 1: no builder "no-such-builder" found',
  });
});

test("a frontend that cannot be had leaves it unchecked, with the reason", async () => {
  await using workshop = await openWorkshop(environment);
  await workshop.write("Dockerfile", `# syntax=127.0.0.1:9/no/frontend:1\n${DOCKERFILE}`);
  expect(await check(workshop)).toMatchObject({
    kind: "unavailable",
    reason: expect.stringContaining("127.0.0.1:9/no/frontend:1"),
  });
});
