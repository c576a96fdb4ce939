import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findGivenTool, type GivenTool } from "../../src/tools/find-tool.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const SAYS_0_73_0 = 'echo "Version: 0.73.0"';
const HASH_OF_SAYS_0_73_0 = "4df82ec207f42889e251a2420f7eafb1d61677b93368c11d7e25b871987b4ef7";

/** What is wrong with a tool that the user has named. */
async function problemWith(workshop: Workshop, given: GivenTool): Promise<string> {
  const found = await findGivenTool(workshop.host, given);
  return found.kind === "problem" ? found.problem.what : "nothing";
}

test("a given path is used as it is, with its version and its hash", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("my-trivy", SAYS_0_73_0);
  const tool = await findGivenTool(workshop.host, { name: "trivy", path });
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
  const tool = await findGivenTool(workshop.host, { name: "hadolint", path: "bin/hadolint" });
  expect(tool).toMatchObject({ path: join(workshop.workspace, "bin/hadolint"), version: "2.15.1" });
});

test.each(["/", ""])("a path that no system takes is told, shortened: %j", async (root) => {
  await using workshop = await openWorkshop();
  const what = await problemWith(workshop, { name: "trivy", path: `${root}${"x".repeat(5_000)}` });
  expect(what).toMatch(
    /it cannot be read: ENAMETOOLONG; give the path|there is no x+…? on the PATH/,
  );
  expect(what.length).toBeLessThan(700);
});

test("a given path where nothing is, is the user's to change", async () => {
  await using workshop = await openWorkshop();
  const found = await findGivenTool(workshop.host, { name: "trivy", path: "no/trivy" });
  expect(found).toEqual({
    kind: "problem",
    problem: {
      where: "input trivy-path",
      what: `"no/trivy" cannot be used: ${workshop.workspace}/no/trivy does not exist; give the path of a trivy program, or leave it out`,
    },
  });
});

test.each([
  ["a folder", "./bin", "is not a file"],
  ["not a program", "./notes.txt", "cannot start"],
])("a given path of %s is the user's to change", async (_, path, problem) => {
  await using workshop = await openWorkshop();
  await workshop.write("bin/trivy", "");
  await workshop.write("notes.txt", "");
  expect(await problemWith(workshop, { name: "trivy", path })).toContain(problem);
});

test("a program that has the given hash is used", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("trivy", SAYS_0_73_0);
  const given = { name: "trivy", path, sha256: HASH_OF_SAYS_0_73_0 } as const;
  expect(await findGivenTool(workshop.host, given)).toMatchObject({ kind: "found", path });
});

test("a program that has another hash than the given one is not run", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("trivy", `touch ${workshop.outside}/ran; ${SAYS_0_73_0}`);
  const given = { name: "trivy", path, sha256: HASH_OF_SAYS_0_73_0 } as const;
  expect(await problemWith(workshop, given)).toContain(`instead of ${HASH_OF_SAYS_0_73_0}`);
  expect(await workshop.host.files.stat(`${workshop.outside}/ran`)).toBeUndefined();
});

test("a given name without a folder is looked for on the PATH", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("trivy-0.73", SAYS_0_73_0);
  const tool = await findGivenTool(workshop.host, { name: "trivy", path: "trivy-0.73" });
  expect(tool).toMatchObject({ kind: "found", path });
});

test("a given name without a folder is never a file of the repository", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("trivy-0.73", `#!/bin/sh\n${SAYS_0_73_0}\n`);
  await chmod(join(workshop.workspace, "trivy-0.73"), 0o755);
  const given = { name: "trivy", path: "trivy-0.73" } as const;
  expect(await problemWith(workshop, given)).toContain("there is no trivy-0.73 on the PATH");
});

test("what is wrong with a given path is told where it was given", async () => {
  await using workshop = await openWorkshop();
  const given = { name: "trivy", path: "no/trivy", where: "--trivy-path" } as const;
  expect(await findGivenTool(workshop.host, given)).toMatchObject({
    kind: "problem",
    problem: { where: "--trivy-path" },
  });
});

test("of several on the PATH the first is used", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("trivy", SAYS_0_73_0);
  const env = { PATH: `/nowhere:${join(workshop.outside, "bin")}:/bin` };
  const found = await findGivenTool({ ...workshop.host, env }, { name: "trivy", path: "trivy" });
  expect(found).toMatchObject({ kind: "found", path });
});

test("a folder of the PATH that is relative, and so the repository's, is passed over", async () => {
  await using workshop = await openWorkshop();
  await mkdir(join(workshop.workspace, "bin"));
  await writeFile(join(workshop.workspace, "bin/trivy"), "#!/bin/sh\necho 1.0.0\n", {
    mode: 0o755,
  });
  const host = { ...workshop.host, env: { PATH: "bin::." } };
  const found = await findGivenTool(host, { name: "trivy", path: "trivy" });
  expect(found).toMatchObject({ kind: "problem" });
});

test("a program that fails cannot be used, and what it says is told", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("trivy", "echo wrong machine >&2; exit 126");
  expect(await problemWith(workshop, { name: "trivy", path })).toContain(
    `${path} --version ended with exit code 126: wrong machine`,
  );
});

test("a program that names no version cannot be used", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("hadolint", "echo hello");
  expect(await problemWith(workshop, { name: "hadolint", path })).toContain(
    `${path} --version names no version`,
  );
});

test.each(["0.69.4", "0.69.5", "0.69.6"])(
  "trivy %s carried malware and is refused",
  async (version) => {
    await using workshop = await openWorkshop();
    const path = await workshop.program("trivy", `echo "Version: ${version}"`);
    expect(await problemWith(workshop, { name: "trivy", path })).toContain(
      `trivy ${version} is a release that carried malware`,
    );
  },
);

test("the version is asked for outside of the workspace and without the job's variables", async () => {
  await using workshop = await openWorkshop({ GITHUB_TOKEN: "secret" });
  const path = await workshop.program("trivy", 'test "$PWD" = / && echo "1.0.0-$GITHUB_TOKEN"');
  const tool = await findGivenTool(workshop.host, { name: "trivy", path });
  expect(tool).toMatchObject({ kind: "found", version: "1.0.0-" });
});
