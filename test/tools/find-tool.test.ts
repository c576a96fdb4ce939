import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { findGivenTool, findTool } from "../../src/tools/find-tool.ts";
import { openWorkshop } from "./workshop.ts";

const SAYS_0_73_0 = 'echo "Version: 0.73.0"';
const HASH_OF_SAYS_0_73_0 = "4df82ec207f42889e251a2420f7eafb1d61677b93368c11d7e25b871987b4ef7";

test("a given path is used as it is, with its version and its hash", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("my-trivy", SAYS_0_73_0);
  const tool = await findTool(workshop.host, { name: "trivy", path });
  expect(tool).toEqual({
    kind: "found",
    name: "trivy",
    path,
    version: "0.73.0",
    sha256: HASH_OF_SAYS_0_73_0,
  });
});

test("a relative path starts from the workspace", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("bin/hadolint", "#!/bin/sh\necho Haskell Dockerfile Linter 2.15.1\n");
  await chmod(join(workshop.workspace, "bin/hadolint"), 0o755);
  const tool = await findTool(workshop.host, { name: "hadolint", path: "bin/hadolint" });
  expect(tool).toMatchObject({ path: join(workshop.workspace, "bin/hadolint"), version: "2.15.1" });
});

test("a given path where nothing is, is the user's to change", async () => {
  await using workshop = await openWorkshop();
  const error = await findTool(workshop.host, { name: "trivy", path: "no/trivy" }).catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  expect(error.problems).toEqual([
    {
      where: "input trivy-path",
      what: `"no/trivy" cannot be used: ${workshop.workspace}/no/trivy does not exist; give the path of a trivy program, or leave the input out.`,
    },
  ]);
});

test.each([
  ["a folder", "./bin", "is not a file"],
  ["not a program", "./notes.txt", "cannot start"],
])("a given path of %s is the user's to change", async (_, path, problem) => {
  await using workshop = await openWorkshop();
  await workshop.write("bin/trivy", "");
  await workshop.write("notes.txt", "");
  const found = findTool(workshop.host, { name: "trivy", path });
  await expect(found).rejects.toThrow(UserError);
  await expect(found).rejects.toThrow(problem);
});

test("a given name without a folder is looked for on the PATH", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("trivy-0.73", SAYS_0_73_0);
  const tool = await findTool(workshop.host, { name: "trivy", path: "trivy-0.73" });
  expect(tool).toMatchObject({ kind: "found", path });
});

test("a given name without a folder is never a file of the repository", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("trivy-0.73", `#!/bin/sh\n${SAYS_0_73_0}\n`);
  await chmod(join(workshop.workspace, "trivy-0.73"), 0o755);
  const found = findTool(workshop.host, { name: "trivy", path: "trivy-0.73" });
  await expect(found).rejects.toThrow("there is no trivy-0.73 on the PATH");
});

test("what is wrong with a given path is told where it was given", async () => {
  await using workshop = await openWorkshop();
  const given = { name: "trivy", path: "no/trivy", where: "--trivy-path" } as const;
  expect(await findGivenTool(workshop.host, given)).toMatchObject({
    kind: "problem",
    problem: { where: "--trivy-path" },
  });
});

test("without a path, the first on the PATH is used", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("trivy", SAYS_0_73_0);
  const env = { PATH: `/nowhere:${join(workshop.outside, "bin")}:/bin` };
  const tool = await findTool({ ...workshop.host, env }, { name: "trivy" });
  expect(tool).toMatchObject({ kind: "found", path });
});

test("a folder of the PATH that is relative, and so the repository's, is passed over", async () => {
  await using workshop = await openWorkshop();
  await mkdir(join(workshop.workspace, "bin"));
  await writeFile(join(workshop.workspace, "bin/trivy"), "#!/bin/sh\necho 1.0.0\n", {
    mode: 0o755,
  });
  const tool = await findTool({ ...workshop.host, env: { PATH: "bin::." } }, { name: "trivy" });
  expect(tool).toEqual({
    kind: "missing",
    name: "trivy",
    reason: "there is no trivy on the PATH",
  });
});

test("a program on the PATH that fails is missing, with what it says", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("trivy", "echo wrong machine >&2; exit 126");
  const env = { PATH: join(workshop.outside, "bin") };
  const tool = await findTool({ ...workshop.host, env }, { name: "trivy" });
  expect(tool).toMatchObject({
    kind: "missing",
    reason: `${path} --version ended with exit code 126: wrong machine`,
  });
});

test("a program that names no version is missing", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("hadolint", "echo hello");
  await expect(findTool(workshop.host, { name: "hadolint", path })).rejects.toThrow(
    `${path} --version names no version`,
  );
});

test.each(["0.69.4", "0.69.5", "0.69.6"])(
  "trivy %s carried malware and is refused",
  async (version) => {
    await using workshop = await openWorkshop();
    const path = await workshop.program("trivy", `echo "Version: ${version}"`);
    await expect(findTool(workshop.host, { name: "trivy", path })).rejects.toThrow(
      `trivy ${version} is a release that carried malware`,
    );
  },
);

test("the version is asked for outside of the workspace and without the job's variables", async () => {
  await using workshop = await openWorkshop({ GITHUB_TOKEN: "secret" });
  const path = await workshop.program("trivy", 'test "$PWD" = / && echo "1.0.0-$GITHUB_TOKEN"');
  const tool = await findTool(workshop.host, { name: "trivy", path });
  expect(tool).toMatchObject({ kind: "found", version: "1.0.0-" });
});
