import { join } from "node:path";
import { expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { checkHadolintConfig, runHadolint } from "../../src/lint/hadolint.ts";
import { openWorkshop, type Workshop } from "../tools/workshop.ts";

/** Runs a stand-in for Hadolint on `Dockerfile`, or on what is given. */
async function lint(
  workshop: Workshop,
  script: string,
  {
    dockerfiles = ["Dockerfile"],
    ...inputs
  }: { dockerfiles?: string[]; hadolintConfig?: string; hadolintConfigPlace?: string } = {},
) {
  const path = await workshop.program("hadolint", script);
  const tool = { kind: "found", name: "hadolint", version: "2.15.1", sha256: "", path } as const;
  return runHadolint(workshop.host, tool, dockerfiles, inputs);
}

/** Says its arguments, a line each, in the message of one finding. */
const SAYS_ARGUMENTS = `
printf '[{"code":"DL1","file":"./Dockerfile","level":"info","line":1,"message":"'
printf '%s ' "$@"
printf '"}]'`;

async function argumentsOf(workshop: Workshop, options: Parameters<typeof lint>[2] = {}) {
  const checks = await lint(workshop, SAYS_ARGUMENTS, options);
  const check = checks.get("Dockerfile");
  return check?.kind === "checked" ? check.findings[0]?.message : check;
}

test("all Dockerfiles go into one run, none of them as an option", async () => {
  await using workshop = await openWorkshop();
  const dockerfiles = ["Dockerfile", "-o.Dockerfile", "a b/Dockerfile"];
  expect(await argumentsOf(workshop, { dockerfiles })).toBe(
    "--format=json --no-fail ./Dockerfile ./-o.Dockerfile ./a b/Dockerfile",
  );
});

test("a Dockerfile of two images is linted once", async () => {
  await using workshop = await openWorkshop();
  const dockerfiles = ["Dockerfile", "Dockerfile"];
  expect(await argumentsOf(workshop, { dockerfiles })).toBe("--format=json --no-fail ./Dockerfile");
});

test("each Dockerfile has its own findings, and none is a checked empty list", async () => {
  await using workshop = await openWorkshop();
  const script = `echo '[{"code":"DL1","file":"./a","level":"info","line":1,"message":"m"}]'`;
  const checks = await lint(workshop, script, { dockerfiles: ["a", "b"] });
  expect(checks.get("a")).toMatchObject({ kind: "checked", findings: [{ rule: "DL1" }] });
  expect(checks.get("b")).toEqual({ kind: "checked", findings: [] });
});

test("that it could not read a Dockerfile, and linted no more of it, is noted", async () => {
  await using workshop = await openWorkshop();
  const script = `echo '[{"code":"DL1000","file":"./a","level":"error","line":3,"message":"m"}]'`;
  const checks = await lint(workshop, script, { dockerfiles: ["a", "b"] });
  expect(checks.get("a")).toMatchObject({
    findings: [{ rule: "DL1000" }],
    notes: ["Hadolint could not read a further than line 3, and linted nothing else of it."],
  });
  expect(checks.get("b")).not.toHaveProperty("notes");
});

test.each([".hadolint.yaml", ".hadolint.yml"])(
  "the repository's %s is used, and said to be",
  async (name) => {
    await using workshop = await openWorkshop();
    await workshop.write(name, "ignored: [DL3006]\n");
    const checks = await lint(workshop, "echo '[]'");
    const notes = [`Hadolint is configured by the repository's ${name}.`];
    expect(checks.get("Dockerfile")).toEqual({ kind: "checked", findings: [], notes });
    expect(await argumentsOf(workshop)).toContain(`--config=${name} `);
  },
);

test("the configuration that the input names wins over the repository's", async () => {
  await using workshop = await openWorkshop();
  await workshop.write(".hadolint.yaml", "ignored: []\n");
  await workshop.write("-c.yaml", "ignored: []\n");
  const said = await argumentsOf(workshop, { hadolintConfig: "-c.yaml" });
  expect(said).toBe("--format=json --no-fail --config=-c.yaml ./Dockerfile");
});

test("a configuration that is not there is the user's to change", async () => {
  await using workshop = await openWorkshop();
  const checks = lint(workshop, "echo '[]'", { hadolintConfig: "no.yaml" });
  await expect(checks).rejects.toThrow(UserError);
  await expect(checks).rejects.toThrow('input hadolint-config: "no.yaml" is not a file');
  const hadolintConfigPlace = "--hadolint-config";
  const named = lint(workshop, "echo '[]'", { hadolintConfig: "no.yaml", hadolintConfigPlace });
  await expect(named).rejects.toThrow('--hadolint-config: "no.yaml" is not a file');
});

test("runs in the workspace, with an empty home and without the job's variables", async () => {
  const env = { HADOLINT_IGNORE: "DL3006", GITHUB_TOKEN: "t", XDG_CONFIG_HOME: "/etc" };
  await using workshop = await openWorkshop(env);
  const script = `
    test "$PWD" = '${workshop.workspace}' || exit 2
    test "$HOME" != '${workshop.outside}' -a -z "$(ls -A "$HOME")" || exit 3
    test "$XDG_CONFIG_HOME" = "$HOME" || exit 4
    test -z "$HADOLINT_IGNORE$GITHUB_TOKEN" || exit 5
    echo '[]'`;
  const checks = await lint(workshop, script);
  expect(checks.get("Dockerfile")).toEqual({ kind: "checked", findings: [] });
});

test.each([
  ["crashes", "echo 'hadolint: out of luck' >&2; echo 'HasCallStack backtrace:' >&2; exit 1"],
  ["is killed", "kill -9 $$"],
  ["writes half a report", `printf '[{"code":"DL1"'`],
  ["writes nothing", "exit 0"],
])("a Hadolint that %s leaves every Dockerfile unchecked", async (_, script) => {
  await using workshop = await openWorkshop();
  const checks = await lint(workshop, script, { dockerfiles: ["a", "b"] });
  for (const check of [checks.get("a"), checks.get("b")]) {
    expect(check).toMatchObject({ kind: "unavailable", tool: "hadolint" });
  }
});

test("a crash is told by its first line", async () => {
  await using workshop = await openWorkshop();
  const script = "echo 'hadolint: out of luck' >&2; echo 'HasCallStack backtrace:' >&2; exit 1";
  expect((await lint(workshop, script)).get("Dockerfile")).toHaveProperty(
    "reason",
    "hadolint 2.15.1 ended with exit code 1: hadolint: out of luck",
  );
});

test("a program that writes without end leaves every Dockerfile unchecked", async () => {
  await using workshop = await openWorkshop();
  const checks = await lint(workshop, "yes '[['");
  expect(checks.get("Dockerfile")).toHaveProperty(
    "reason",
    "hadolint wrote more than 64 MB to its standard output",
  );
});

test("a program that writes of another file leaves every Dockerfile unchecked", async () => {
  await using workshop = await openWorkshop();
  const finding = {
    line: 1,
    column: 1,
    level: "error",
    code: "DL1",
    message: "x",
    file: "Dockerfile",
  };
  const checks = await lint(workshop, `echo '${JSON.stringify([finding])}'`);
  expect(checks.get("Dockerfile")).toMatchObject({
    kind: "unavailable",
    reason: 'hadolint 2.15.1 wrote of "Dockerfile", which it was not asked about',
  });
});

test("a program that cannot be started leaves every Dockerfile unchecked", async () => {
  await using workshop = await openWorkshop();
  const path = join(workshop.outside, "gone");
  const tool = { kind: "found", name: "hadolint", version: "2.15.1", sha256: "", path } as const;
  const checks = await runHadolint(workshop.host, tool, ["Dockerfile"], {});
  expect(checks.get("Dockerfile")).toMatchObject({ kind: "unavailable" });
});

test("without a configuration there is nothing to check, and no Hadolint is asked for", async () => {
  await using workshop = await openWorkshop();
  const askedFor = () => Promise.reject(new Error("asked for"));
  await expect(
    checkHadolintConfig(workshop.host, askedFor, { lint: true }),
  ).resolves.toBeUndefined();
});

test("a broken configuration is found before any Dockerfile is linted", async () => {
  await using workshop = await openWorkshop();
  await workshop.write(".hadolint.yaml", "ignored: 7\n");
  const script = 'cat > /dev/null; echo "Error parsing your config file" >&2';
  const path = await workshop.program("hadolint", script);
  const tool = { kind: "found", name: "hadolint", version: "2.15.1", sha256: "", path } as const;
  const check = checkHadolintConfig(workshop.host, async () => tool, { lint: true });
  await expect(check).rejects.toThrow(".hadolint.yaml");
});

test("a program that does not work says nothing of the configuration", async () => {
  await using workshop = await openWorkshop();
  await workshop.write(".hadolint.yaml", "ignored: [DL3006]\n");
  const path = await workshop.program("hadolint", "yes '[['");
  const tool = { kind: "found", name: "hadolint", version: "2.15.1", sha256: "", path } as const;
  const check = checkHadolintConfig(workshop.host, async () => tool, { lint: true });
  await expect(check).resolves.toBeUndefined();
});
