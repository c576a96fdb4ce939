// What is linted and scanned, what steers it, and on which line it is told.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.ts";
import { stageOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

/** In two parts, so that nobody takes this file for a leak. */
const KEY_ID = ["AKIA", "QWERTYUIOPASDFGH"].join("");

const FILES = {
  Dockerfile: `FROM busybox:1.35 AS app
COPY lodash.json /app/node_modules/lodash/package.json
COPY settings.env /app/
FROM app AS inherits
RUN true
FROM busybox AS copies
COPY --from=app /app /app
`,
  "lodash.json": '{"name":"lodash","version":"4.17.20"}\n',
  "settings.env": `AWS_ACCESS_KEY_ID=${KEY_ID}\n`,
  ".trivyignore": "CVE-2021-23337\n",
  ".hadolint.yaml": "ignored: [DL3006]\n",
};

/** Rule and line of each finding. */
function places(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, line }) => `${rule}:${line}`);
}

function findingsOf(step: StepResult, stage: string): readonly string[] {
  return places(stageOf(step, stage).findings);
}

describe("lint and scan", () => {
  let scenario: Scenario;
  let first: StepResult;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: FILES });
    first = await scenario.run();
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("tell findings at the instruction of the stage's own chain that brought them in", () => {
    expect(first.exitCode, first.log).toBe(0);
    const brought = ["aws-access-key-id:3", "CVE-2021-23337:2", "CVE-2020-28500:2"];
    expect(findingsOf(first, "app")).toEqual(brought);
    expect(findingsOf(first, "inherits")).toEqual(brought);
    expect(findingsOf(first, "copies")).toEqual([
      "aws-access-key-id:7",
      "CVE-2021-23337:7",
      "CVE-2020-28500:7",
    ]);
  });

  it("say which files of the repository steer them, and which do not", () => {
    expect(first.report?.notes).toEqual([
      "Hadolint is configured by the repository's .hadolint.yaml.",
      "The repository's .trivyignore was not used: name it in trivy-ignore-file to use it.",
    ]);
    expect(scenario.comments()[0]).toContain(".trivyignore");
  });

  it("show no secret that is found in an image", () => {
    expect(scenario.comments()[0]).toContain("aws-access-key-id");
    const told = [first.log, first.outputs, first.summary, first.report, scenario.repository()];
    expect(JSON.stringify(told)).not.toContain(KEY_ID);
  });

  it("leave out what they are told to", async () => {
    const inputs = { "trivy-ignore-file": ".trivyignore", severity: "critical, high" };
    const step = await scenario.run({ inputs });
    expect(findingsOf(step, "app")).toEqual(["aws-access-key-id:3"]);
  });

  it("need no database where no vulnerabilities are looked for", async () => {
    const inputs = { scanners: "secret", "trivy-db-repository": "127.0.0.1:1/trivy-db:2" };
    const step = await scenario.run({ inputs });
    expect(step.exitCode, step.log).toBe(0);
    expect(findingsOf(step, "app")).toEqual(["aws-access-key-id:3"]);
  });

  it("need no tools where they are switched off", async () => {
    scenario.repository().analyses.splice(0);
    const step = await scenario.run({
      inputs: { lint: "false", scanners: "none", "trivy-path": "", "hadolint-path": "" },
      env: { https_proxy: "http://127.0.0.1:1" },
    });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.log).not.toContain("pinned");
    expect(stageOf(step, "app").scan).toEqual({ status: "off" });
    expect(step.report?.images[0]).toMatchObject({
      hadolint: { status: "off" },
      buildkit: { status: "off" },
    });
    expect(scenario.categories()).toEqual([]);
  });
});

describe("a Dockerfile that only Hadolint cannot parse", () => {
  it("is built all the same, and that is a finding, of which nothing is uploaded", async () => {
    const Dockerfile = `FROM busybox:1.35 AS texts
RUN <<ONE cat > /one; cat <<TWO > /two
one
ONE
two
TWO
`;
    await using scenario = await Scenario.start({ files: { Dockerfile } });
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    expect(stageOf(step, "texts").status).toBe("built");
    expect(findingsOf(step, "texts")).toEqual([expect.stringMatching(/^DL1000:\d$/)]);
    const tools = scenario.categories().map((category) => category.split("/").at(-1));
    expect(tools).not.toContain("hadolint");
    expect(tools).toContain("buildkit");
    expect(scenario.comments()[0]).toContain("Hadolint could not read the Dockerfile to its end");
  });
});

describe("what BuildKit checks only while it builds", () => {
  it("is a finding at its line, once", async () => {
    const Dockerfile = `FROM busybox:1.35 AS app
FROM --platform=linux/s390x busybox:1.35 AS foreign
COPY Dockerfile /
FROM foreign
COPY Dockerfile /again
`;
    await using scenario = await Scenario.start({ files: { Dockerfile } });
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    const found = (step.report?.images ?? []).flatMap(({ findings, stages }) => [
      ...findings,
      ...stages.flatMap((stage) => stage.findings),
    ]);
    const mismatches = found.filter(({ rule }) => rule === "InvalidBaseImagePlatform");
    expect(mismatches).toEqual([
      expect.objectContaining({
        tool: "buildkit",
        line: 2,
        message: expect.stringMatching(/^Base image busybox:1\.35 was pulled with platform/),
      }),
    ]);
    const constant = found.filter(({ rule }) => rule === "FromPlatformFlagConstDisallowed");
    expect(constant).toHaveLength(1);
  });
});
