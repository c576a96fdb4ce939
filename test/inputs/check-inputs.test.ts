import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject } from "./project.ts";

const FILES = {
  Dockerfile: "",
  ".trivyignore": "CVE-2024-0001",
  "ci/hadolint.yaml": "ignored: []",
};

describe("the linters", () => {
  it("run, and fail nothing, when nothing is said", async () => {
    await using project = await createProject(FILES);
    const { inputs } = await gatherInputs(project, {});
    expect(inputs.lint).toEqual({ lint: true, failOnLint: "off" });
  });

  it("do as they are told", async () => {
    await using project = await createProject(FILES);
    const { inputs, problems } = await gatherInputs(project, {
      lint: "false",
      "fail-on-lint": "warning",
      "hadolint-config": "./ci/hadolint.yaml",
    });
    expect(problems).toEqual([]);
    expect(inputs.lint).toEqual({
      lint: false,
      failOnLint: "warning",
      hadolintConfig: "ci/hadolint.yaml",
      hadolintConfigPlace: "input hadolint-config",
    });
  });

  it("name a level that there is not", async () => {
    await using project = await createProject(FILES);
    expect((await gatherInputs(project, { "fail-on-lint": "warnings" })).problems).toEqual([
      {
        where: "input fail-on-lint",
        what: '"warnings" is not allowed; it is error, warning, info, style or off; did you mean "warning"?',
      },
    ]);
  });

  it("name a configuration that there is not", async () => {
    await using project = await createProject(FILES);
    expect((await gatherInputs(project, { "hadolint-config": ".hadolint.yaml" })).problems).toEqual(
      [
        {
          where: "input hadolint-config",
          what: 'there is no file ".hadolint.yaml" in the workspace',
        },
      ],
    );
  });
});

describe("the scan", () => {
  it("looks for what Trivy looks for by default, and reports all of it", async () => {
    await using project = await createProject(FILES);
    const { inputs } = await gatherInputs(project, {});
    expect(inputs.scan).toEqual({
      scanners: ["vuln", "secret"],
      severity: ["critical", "high", "medium", "low", "unknown"],
      ignoreUnfixed: false,
      trivyDbRepository: [],
      trivyJavaDbRepository: [],
    });
  });

  it("does as it is told", async () => {
    await using project = await createProject(FILES);
    const { inputs, problems } = await gatherInputs(project, {
      scanners: "secret,misconfig",
      severity: "LOW, Critical\nhigh, high",
      "ignore-unfixed": "true",
      "trivy-ignore-file": ".trivyignore",
      "trivy-db-repository": "127.0.0.1:5000/trivy-db:2, ghcr.io/aquasecurity/trivy-db",
      "trivy-java-db-repository": "127.0.0.1:5000/trivy-java-db:1",
    });
    expect(problems).toEqual([]);
    expect(inputs.scan).toEqual({
      scanners: ["secret", "misconfig"],
      severity: ["critical", "high", "low"],
      ignoreUnfixed: true,
      trivyIgnoreFile: ".trivyignore",
      trivyDbRepository: ["127.0.0.1:5000/trivy-db:2", "ghcr.io/aquasecurity/trivy-db"],
      trivyJavaDbRepository: ["127.0.0.1:5000/trivy-java-db:1"],
    });
  });

  it("takes a database by its digest", async () => {
    await using project = await createProject(FILES);
    const repository = `ghcr.io/db@sha256:${"a".repeat(64)}`;
    const { inputs, problems } = await gatherInputs(project, { "trivy-db-repository": repository });
    expect(problems).toEqual([]);
    expect(inputs.scan.trivyDbRepository).toEqual([repository]);
  });

  it("is switched off by none", async () => {
    await using project = await createProject(FILES);
    expect((await gatherInputs(project, { scanners: "none" })).inputs.scan.scanners).toEqual([]);
  });

  it.each([
    [{ scanners: "none,vuln" }, '"none" is said beside others; allowed is it alone'],
    [
      { scanners: "vulns" },
      '"vulns" is not allowed; it is vuln, secret, misconfig, license or none; did you mean "vuln"?',
    ],
    [{ severity: "sever" }, '"sever" is not allowed; it is critical, high, medium, low or unknown'],
    [
      { "trivy-db-repository": "https://ghcr.io/db" },
      '"https://ghcr.io/db" is not a repository of a registry: it is host/path with a tag or digest where need be, without https://',
    ],
    [
      { "trivy-db-repository": "me:word@ghcr.io/db" },
      "it has a user or a password in it, and would be shown in the log",
    ],
    [
      { "trivy-db-repository": "https://me:word@ghcr.io/db:2" },
      "it has a user or a password in it, and would be shown in the log",
    ],
  ])("refuses %j", async (raw, what) => {
    await using project = await createProject(FILES);
    expect((await gatherInputs(project, raw)).problems).toEqual([
      { where: `input ${Object.keys(raw)[0]}`, what },
    ]);
  });

  it("may use a file outside the workspace when the workflow names it", async () => {
    await using project = await createProject(FILES);
    const { inputs, problems } = await gatherInputs(project, {
      "trivy-ignore-file": "/etc/passwd",
    });
    expect(problems).toEqual([]);
    expect(inputs.scan.trivyIgnoreFile).toBe("/etc/passwd");
  });

  it("may not use a link of the repository that leads there", async () => {
    await using project = await createProject({ Dockerfile: "" });
    await symlink("/etc/passwd", join(project.workspace, ".trivyignore"));
    const raw = { "trivy-ignore-file": ".trivyignore" };
    expect((await gatherInputs(project, raw)).problems).toEqual([
      {
        where: "input trivy-ignore-file",
        what: '".trivyignore" leads outside the workspace; allowed is a file inside it',
      },
    ]);
  });

  it("may not when a file of the repository names it", async () => {
    await using project = await createProject({
      Dockerfile: "",
      ".github/weighbridge.yml": "trivy-ignore-file: /etc/passwd\n",
    });
    expect((await gatherInputs(project, {})).problems).toEqual([
      {
        where: ".github/weighbridge.yml:1",
        what: '"/etc/passwd" is outside the workspace; allowed is a file inside it',
      },
    ]);
  });
});

it("a configuration of Hadolint's that leads out of the workspace is refused, as is a folder", async () => {
  await using outside = await createProject({ "hadolint.yaml": "ignored: []" });
  await using project = await createProject({ Dockerfile: "" });
  await symlink(
    join(outside.workspace, "hadolint.yaml"),
    join(project.workspace, ".hadolint.yaml"),
  );
  const runner = { ...project, kind: "actions" } as const;
  const told = async () => (await gatherInputs(runner, {})).problems.map(({ what }) => what);
  expect(await told()).toEqual([
    '".hadolint.yaml" leads outside the workspace; allowed is a file inside it',
  ]);
  expect((await gatherInputs(project, {})).problems).toEqual([]);
  await rm(join(project.workspace, ".hadolint.yaml"));
  await mkdir(join(project.workspace, ".hadolint.yaml"));
  expect(await told()).toEqual(['".hadolint.yaml" is not a file']);
});
