import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject } from "./project.ts";

const FILES = { Dockerfile: "", "bin/trivy": "" };
const SHA256 = "0123456789abcdef".repeat(4);

describe("the tools", () => {
  it("are the pinned ones when nothing is said", async () => {
    await using project = await createProject(FILES);
    const { inputs } = await gatherInputs(project, {});
    expect(inputs.tools).toEqual({ trivy: { kind: "pinned" }, hadolint: { kind: "pinned" } });
  });

  it("are others of which version and hash are said", async () => {
    await using project = await createProject(FILES);
    const { inputs, problems } = await gatherInputs(project, {
      "trivy-version": "v0.72.0",
      "trivy-sha256": SHA256.toUpperCase(),
      "hadolint-version": "2.14.0",
      "hadolint-sha256": `sha256:${SHA256}`,
    });
    expect(problems).toEqual([]);
    expect(inputs.tools).toEqual({
      trivy: { kind: "release", version: "0.72.0", sha256: SHA256 },
      hadolint: { kind: "release", version: "2.14.0", sha256: SHA256 },
    });
  });

  it("are programs that are here, with a hash or without", async () => {
    await using project = await createProject(FILES);
    const { inputs, problems } = await gatherInputs(project, {
      "trivy-path": "bin/trivy",
      "trivy-sha256": SHA256,
      "hadolint-path": "hadolint-2",
    });
    expect(problems).toEqual([]);
    expect(inputs.tools).toEqual({
      trivy: { kind: "path", path: join(project.workspace, "bin/trivy"), sha256: SHA256 },
      hadolint: { kind: "path", path: "hadolint-2" },
    });
  });

  it("need no hash where the version is the pinned one", async () => {
    await using project = await createProject(FILES);
    const { inputs, problems } = await gatherInputs(project, { "trivy-version": "0.73.0" });
    expect(problems).toEqual([]);
    expect(inputs.tools.trivy).toEqual({ kind: "pinned" });
  });

  it("come from a mirror that is named", async () => {
    await using project = await createProject(FILES);
    const raw = { "tool-mirror": "https://mirror.example.com/github/" };
    const { inputs, problems } = await gatherInputs(project, raw);
    expect(problems).toEqual([]);
    expect(inputs.tools.mirror).toBe("https://mirror.example.com/github");
  });

  it.each([
    [
      { "trivy-version": "0.72.0" },
      '"0.72.0" is not the pinned 0.73.0, so trivy-sha256 must say the SHA-256 of its release file for this machine',
    ],
    [
      { "trivy-version": "latest" },
      '"latest" is not a version; it has three numbers, such as 0.73.0',
    ],
    [
      { "hadolint-sha256": SHA256 },
      "it is the hash of nothing; say of what by hadolint-version or hadolint-path",
    ],
    [
      { "hadolint-sha256": "c7187db9" },
      '"c7187db9" is not a SHA-256; it has 64 hexadecimal digits',
    ],
    [
      { "trivy-version": "0.73.0", "trivy-path": "bin/trivy" },
      "it says which release to fetch, and trivy-path to fetch none; allowed is one of the two",
    ],
    [{ "trivy-path": "./bin/nothing" }, 'there is no program "./bin/nothing"'],
    [
      { "tool-mirror": "mirror.example.com" },
      '"mirror.example.com" is not the address of a mirror; it is http:// or https://, a host and a path where need be',
    ],
    [
      { "tool-mirror": "https://me:word@mirror.example.com" },
      "it has a user or a password in it, and would be shown in the log",
    ],
    [
      { "tool-mirror": "https://me:wo/rd@mirror.example.com" },
      "it has a user or a password in it, and would be shown in the log",
    ],
    [
      { "tool-mirror": "me:word@mirror.example.com" },
      "it has a user or a password in it, and would be shown in the log",
    ],
  ])("refuse %j", async (raw, what) => {
    await using project = await createProject(FILES);
    expect((await gatherInputs(project, raw)).problems).toEqual([
      { where: `input ${Object.keys(raw)[0]}`, what },
    ]);
  });

  it.each(["0.69.4", "v0.69.5", "0.69.6"])(
    "refuse Trivy %s, which carried malware",
    async (version) => {
      await using project = await createProject(FILES);
      const raw = { "trivy-version": version, "trivy-sha256": SHA256 };
      expect((await gatherInputs(project, raw)).problems).toEqual([
        {
          where: "input trivy-version",
          what: `trivy ${version.replace("v", "")} is a release that carried malware; take another one`,
        },
      ]);
    },
  );
});

it("the mirror's address is not shown where it has a query", async () => {
  await using project = await createProject({ Dockerfile: "" });
  const raw = { "tool-mirror": "https://mirror.example.com/a?token=abcd" };
  const { problems } = await gatherInputs(project, raw);
  expect(problems).toEqual([
    {
      where: "input tool-mirror",
      what: "it has a query; it is http:// or https://, a host and a path where need be",
    },
  ]);
});
