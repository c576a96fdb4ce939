// What a user gets to read when something that was given is wrong: one message with all of it.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Scenario, type StepResult } from "./scenario.ts";

const TWO_STAGES = "FROM busybox:1.35 AS base\nFROM base AS production\n";

const SIZES =
  "a size is a number and B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as 150MB; did you mean 150MB?";

interface Mistake {
  readonly what: string;
  /** Of the workspace, beside a Dockerfile with two stages. */
  readonly files?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** It is about the current builder, whichever one the engine's inputs name. */
  readonly isOfCurrentBuilder?: true;
  /** As the action says them: an input is `input file` there and `--file` on the command line. */
  readonly problems: readonly string[];
}

const MISTAKES: readonly Mistake[] = [
  {
    what: "a target that no stage is called by",
    inputs: { targets: "prodction" },
    problems: ['input targets: "prodction" matches no stage; there are "production" and "base"'],
  },
  {
    what: "a goal on a stage that does not exist",
    inputs: { goals: "prod:\n  max-unpacked: 150MB" },
    problems: ['input goals, line 1: there is no stage "prod"; there are "base" and "production"'],
  },
  {
    what: "a size in megabits",
    inputs: { goals: "production:\n  max-unpacked: 150 Mb" },
    problems: [
      `input goals, line 2: max-unpacked: "150 Mb" is not a size: Mb means bits, not bytes; ${SIZES}`,
    ],
  },
  {
    what: "a Dockerfile that is not there",
    inputs: { file: "docker/Dockerfile" },
    problems: [
      'input file: there is no file "docker/Dockerfile" in the workspace; there is "Dockerfile"',
    ],
  },
  {
    what: "a Dockerfile that does not parse",
    files: { Dockerfile: "FROM busybox:1.35 AS base\nRUNN true\n" },
    problems: ['Dockerfile:2: unknown instruction "RUNN"; did you mean "RUN"?'],
  },
  {
    what: "a misspelt key in the configuration file",
    files: { ".github/weighbridge.yml": "lint: true\ngoal:\n  base: {max-unpacked: 150MB}\n" },
    problems: ['.github/weighbridge.yml:2: "goal" is not an option; did you mean "goals"?'],
  },
  {
    what: "a configuration file that is not YAML",
    files: { ".github/weighbridge.yml": "goals:\n  base: {max-unpacked: 150MB\nlint: false\n" },
    problems: [
      ".github/weighbridge.yml:3: is not valid YAML: Flow map in block collection must be sufficiently indented and end with a }",
    ],
  },
  {
    what: "goals that are not YAML",
    inputs: { goals: "*: {max-unpacked: 150MB}" },
    problems: [
      'input goals, line 1: is not valid YAML: Unexpected flow-map-start token; a key that begins with * stands in quotes: "*"',
    ],
  },
  {
    what: "a builder that does not exist",
    inputs: { builder: "nobody" },
    problems: [
      'input builder: the builder "nobody" cannot be used: no builder "nobody" found; "docker buildx ls" shows the builders there are',
    ],
  },
  {
    what: "an engine that does not answer",
    env: { DOCKER_HOST: "unix:///nowhere/docker.sock" },
    isOfCurrentBuilder: true,
    problems: [
      'Docker: the current buildx builder cannot be used: Cannot connect to the Docker daemon at unix:///nowhere/docker.sock. Is the docker daemon running?; "docker buildx ls" shows the builders there are',
    ],
  },
  {
    what: "a context outside of the workspace",
    inputs: { context: "../elsewhere" },
    problems: [
      'input context: "../elsewhere" is outside the workspace; allowed is a folder inside it',
    ],
  },
  {
    what: "a context that would have to be fetched",
    inputs: { context: "https://github.com/acme/shop.git" },
    problems: [
      'input context: "https://github.com/acme/shop.git" is a context that would be fetched while building; allowed is a folder of the workspace, where its Dockerfile is linted and annotated: check the repository out first',
    ],
  },
  {
    what: "a scanner that is another program",
    inputs: { "trivy-path": "/bin/false" },
    problems: [
      'input trivy-path: "/bin/false" cannot be used: /bin/false --version ended with exit code 1 and said nothing; give the path of a trivy program, or leave it out',
    ],
  },
  {
    what: "several of these together",
    files: {
      Dockerfile: "FROM busybox:1.35 AS base\nRUNN true\n",
      "web/Dockerfile": TWO_STAGES,
      ".github/weighbridge.yml": "goal:\n  base: {max-unpacked: 150MB}\n",
    },
    inputs: {
      file: "Dockerfile\nweb/Dockerfile\napi/Dockerfile",
      targets: "prodction",
      goals: "production:\n  max-unpacked: 150 Mb\n  min-reduction: 120%",
      comment: "sometimes",
      "hadolint-path": "/bin/false",
      builder: "nobody",
    },
    problems: [
      'input file: there is no file "api/Dockerfile" in the workspace; nearest are "web/Dockerfile" and "Dockerfile"',
      `input goals, line 2: max-unpacked: "150 Mb" is not a size: Mb means bits, not bytes; ${SIZES}`,
      'input goals, line 3: min-reduction: "120%" is not a percentage from 0% to 100%, such as 70%',
      'input comment: "sometimes" is not allowed; it is auto, always or never',
      'input targets: "prodction" matches no stage; there are "web/production", "web/base" and "Dockerfile/base"',
      'input hadolint-path: "/bin/false" cannot be used: /bin/false --version ended with exit code 1 and said nothing; give the path of a hadolint program, or leave it out',
      'input builder: the builder "nobody" cannot be used: no builder "nobody" found; "docker buildx ls" shows the builders there are',
      '.github/weighbridge.yml:1: "goal" is not an option; did you mean "goals"?',
      'Dockerfile:2: unknown instruction "RUNN"; did you mean "RUN"?',
    ],
  },
];

/** The message as a whole. */
function messageOf(problems: readonly string[]): string {
  const { length } = problems;
  const what = length === 1 ? "One thing has" : `${length} things have`;
  const list = problems.map((problem) => `\n  ${problem}`).join("");
  return `${what} to be put right; nothing was built:${list}`;
}

function begin({ files = {} }: Pick<Mistake, "files">): Promise<Scenario> {
  return Scenario.start({ files: { Dockerfile: TWO_STAGES, ...files } });
}

function optionsOf({ inputs = {} }: Mistake): readonly string[] {
  return Object.entries(inputs).map(([name, value]) => `--${name}=${value}`);
}

function errorsOf({ commands }: StepResult): readonly string[] {
  return commands.filter(({ name }) => name === "error").map(({ message }) => message);
}

describe("as an action", () => {
  it.each(MISTAKES)("says all of $what in one message, and does nothing", async (mistake) => {
    await using scenario = await begin(mistake);
    const { inputs = {}, env = {}, isOfCurrentBuilder } = mistake;
    const builder = isOfCurrentBuilder && { builder: "" };
    const step = await scenario.run({ inputs: { ...inputs, ...builder }, env });
    expect(errorsOf(step)).toEqual([messageOf(mistake.problems)]);
    expect(step.exitCode).toBe(1);
    expect(step.log).not.toMatch(/^ +at /m);
    expect(scenario.github.exchanges).toEqual([]);
    expect(existsSync(join(step.runner.folder, "_tool", "weighbridge"))).toBe(false);
    expect(step.outputs).toEqual({});
    expect(step.summary).toMatch(/^### ❌ \d+ things? ha(?:s|ve) to be put right$/m);
    expect(step.summary.match(/^- /gm)).toHaveLength(mistake.problems.length);
  });
});

describe("an input that there is not", () => {
  it("is told with all else where it is nearly called as one, since its gate would be missing", async () => {
    await using scenario = await begin({});
    const step = await scenario.run({
      inputs: { goal: "production:\n  max-unpacked: 1MB", target: "production", pull: "yes" },
      env: { INPUT_ELSEWHERE: "of the job's own" },
    });
    expect(errorsOf(step)).toEqual([
      messageOf([
        'inputs: there is no input "goal"; did you mean "goals"?',
        'inputs: there is no input "target"; did you mean "targets"?',
        'input pull: "yes" is not a boolean; allowed are true and false',
      ]),
    ]);
    expect(step.exitCode).toBe(1);
  });

  it("is noted in the report and the log where it can be a variable of the job's own", async () => {
    await using scenario = await begin({});
    const inputs = { scanners: "none", lint: "false", targets: "base", cache: "off" };
    const step = await scenario.run({ inputs, env: { INPUT_ELSEWHERE: "x" } });
    const note =
      "INPUT_ELSEWHERE begins as inputs do, and is none: what was given so was not read.";
    expect(step.report?.notes).toContain(note);
    expect(step.log).toContain(note);
    expect(step.exitCode).toBe(0);
  });
});

describe("on the command line", () => {
  it.each(MISTAKES)("says all of $what in one message, and does nothing", async (mistake) => {
    await using scenario = await begin(mistake);
    const { env = {} } = mistake;
    const result = await scenario.command(optionsOf(mistake), { env });
    const message = messageOf(mistake.problems).replaceAll(/^ {2}input /gm, "  --");
    expect(result).toEqual({ exitCode: 2, stdout: "", stderr: `error: ${message}\n` });
    expect(existsSync(scenario.folder("cache"))).toBe(false);
  });
});

describe("what only the tools can tell", () => {
  it("is bad input too where BuildKit cannot parse a Dockerfile", async () => {
    await using scenario = await begin({
      files: { "web/Dockerfile": "FROM busybox:1.35\n\nCOPY --nope=1 Dockerfile /\n" },
    });
    const step = await scenario.run({ inputs: { file: "Dockerfile, web/Dockerfile" } });
    const message = messageOf(["web/Dockerfile:3: unknown flag: --nope"]);
    // Steps of the other one may have run by then.
    const said = message.replace("nothing was built", "the build was stopped");
    expect(errorsOf(step)).toEqual([said]);
    expect([step.exitCode, step.outputs]).toEqual([1, {}]);
    expect(step.summary).toContain("- `web/Dockerfile:3`: unknown flag: --nope");
    expect(scenario.github.exchanges).toEqual([]);
  });

  it("is bad input too where Hadolint cannot read its configuration", async () => {
    await using scenario = await begin({ files: { ".hadolint.yaml": "ignored: 7\n" } });
    const step = await scenario.run();
    expect(errorsOf(step)).toEqual([expect.stringContaining(".hadolint.yaml")]);
    expect(step.exitCode).toBe(1);
    expect(step.log).not.toContain("Build 2 stages");
    expect(scenario.github.exchanges).toEqual([]);
  });

  it("is an ignore file that is a pipe", async () => {
    await using scenario = await begin({});
    execFileSync("mkfifo", [join(scenario.workspace, ".dockerignore")]);
    const result = await scenario.command([]);
    const message = messageOf([".dockerignore: is a pipe, a socket or a device, and no file"]);
    expect(result).toEqual({ exitCode: 2, stdout: "", stderr: `error: ${message}\n` });
  });

  it("is a folder that was given and cannot be written to, with all else", async () => {
    await using scenario = await begin({});
    const result = await scenario.command(["--state", "/dev/null/state", "--out", "/dev/null/out"]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('--state: "/dev/null" is not a folder');
    expect(result.stderr).toContain('--out: "/dev/null" is not a folder');
  });

  it("is the default folder to keep things in, where that cannot be written to", async () => {
    await using scenario = await begin({});
    const env = { XDG_CACHE_HOME: "/dev/null" };
    const result = await scenario.command([], { env });
    const what =
      '--state: the default folder cannot be used: "/dev/null" is not a folder, and "/dev/null/weighbridge" cannot be inside of it; name another folder';
    expect(result).toEqual({ exitCode: 2, stdout: "", stderr: `error: ${messageOf([what])}\n` });
    expect((await scenario.command(["--dry-run"], { env })).exitCode).toBe(0);
  });
});
