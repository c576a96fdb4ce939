import { describe, expect, it } from "vitest";
import { onCommandLine, parseCommandLine } from "../../src/inputs/command-line.ts";
import { INPUT_KINDS, INPUT_NAMES } from "../../src/inputs/input-kinds.ts";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject } from "./project.ts";

const DEFAULTS = { kind: "run", raw: {}, format: "text", dryRun: false, verbose: false };

function problemsOf(...args: readonly string[]): unknown {
  const line = parseCommandLine(args);
  return line.kind === "problems" ? line.problems : line;
}

describe("a command line that is understood", () => {
  it("may be empty", () => {
    expect(parseCommandLine([])).toEqual(DEFAULTS);
  });

  it("has an option for every input", () => {
    for (const name of INPUT_NAMES) {
      expect(parseCommandLine([`--${name}=true`])).toEqual({
        ...DEFAULTS,
        raw: { [name]: "true" },
      });
    }
  });

  it("names the context without an option", () => {
    expect(parseCommandLine(["app"])).toEqual({ ...DEFAULTS, raw: { context: "app" } });
    expect(parseCommandLine(["--", "--app"])).toEqual({ ...DEFAULTS, raw: { context: "--app" } });
  });

  it.each([
    [["--lint"], { lint: "true" }],
    [["--no-lint"], { lint: "false" }],
    [["--lint=false"], { lint: "false" }],
    [["--lint", "false"], { lint: "false" }],
    [["--lint", "true", "app"], { lint: "true", context: "app" }],
    [["--lint", "./false"], { lint: "true", context: "./false" }],
    [["--lint", "--", "false"], { lint: "true", context: "false" }],
    [["app", "--pull", "False"], { pull: "False", context: "app" }],
    [["--no-cache"], { "no-cache": "true" }],
    [["--no-no-cache"], { "no-cache": "false" }],
    [["--no-cache=false"], { "no-cache": "false" }],
    [["--pull", "app"], { pull: "true", context: "app" }],
  ])("reads the flags %j", (args, raw) => {
    expect(parseCommandLine(args)).toEqual({ ...DEFAULTS, raw });
  });

  it.each(INPUT_NAMES.filter((name) => INPUT_KINDS[name] === "flag"))(
    "takes true and false for a value of --%s",
    (name) => {
      for (const value of ["true", "false"]) {
        expect(parseCommandLine([`--${name}`, value])).toEqual({
          ...DEFAULTS,
          raw: { [name]: value },
        });
      }
    },
  );

  it("takes true and false for a value of its own flags", () => {
    const args = ["--dry-run", "false", "--color", "false", "--verbose", "true"];
    expect(parseCommandLine(args)).toEqual({ ...DEFAULTS, color: false, verbose: true });
  });

  it("joins lists that are given one by one", () => {
    const args = ["--file", "Dockerfile.a", "--file=Dockerfile.b", "--build-args", "A=1"];
    expect(parseCommandLine(args)).toEqual({
      ...DEFAULTS,
      raw: { file: "Dockerfile.a\nDockerfile.b", "build-args": "A=1" },
    });
  });

  it("takes YAML for goals", () => {
    expect(parseCommandLine(["--goals", '"*":\n  max-unpacked: 150MB'])).toEqual({
      ...DEFAULTS,
      raw: { goals: '"*":\n  max-unpacked: 150MB' },
    });
  });

  it("takes a value that begins with a dash", () => {
    expect(parseCommandLine(["--goals", "--- {}"])).toEqual({
      ...DEFAULTS,
      raw: { goals: "--- {}" },
    });
  });

  it("takes a value that is called as an option, when it is joined on", () => {
    expect(parseCommandLine(["--file=--lint"])).toEqual({ ...DEFAULTS, raw: { file: "--lint" } });
  });

  it("takes an option without a value for one that is not given", () => {
    expect(parseCommandLine(["--platform="])).toEqual(DEFAULTS);
  });

  it("has options of its own", () => {
    const args = ["--out", "report", "--format=json", "--dry-run", "--no-color", "--verbose"];
    expect(parseCommandLine(args)).toEqual({
      kind: "run",
      raw: {},
      out: "report",
      format: "json",
      dryRun: true,
      color: false,
      verbose: true,
    });
  });

  it("suggests the command that a word is nearly", () => {
    const what =
      'there is no command "ispect"; did you mean "inspect"? A folder of that name is ./ispect';
    for (const args of [["ispect"], ["ispect", "busybox"]]) {
      expect(parseCommandLine(args)).toEqual({
        kind: "problems",
        problems: [{ where: "command line", what }],
      });
    }
    expect(parseCommandLine(["./ispect"])).toMatchObject({ kind: "run" });
    expect(parseCommandLine(["services"])).toMatchObject({ kind: "run" });
  });

  it("calls other options as they are called here", async () => {
    await using project = await createProject({ Dockerfile: "FROM scratch\n" });
    const raw = { "trivy-version": "0.73.0", "trivy-path": "trivy" };
    const { problems } = await gatherInputs(project, raw, { place: onCommandLine });
    expect(problems.map(({ what }) => what)).toEqual([
      "it says which release to fetch, and --trivy-path to fetch none; allowed is one of the two",
    ]);
  });

  it("asks for the version", () => {
    expect(parseCommandLine(["--version"])).toEqual({ kind: "version" });
  });

  it.each([["--help"], ["-h"], ["--nonsense", "--help"]])("asks for help: %s", (...args) => {
    expect(parseCommandLine(args)).toMatchObject({ kind: "help" });
  });

  it("is read on as inputs are, under the names that it has here", async () => {
    await using project = await createProject({ "app/Dockerfile": "" });
    const line = parseCommandLine([
      "app",
      "--severity",
      "hihg",
      "--goals",
      "a: {max-unpacked: 1 Mb}",
    ]);
    if (line.kind !== "run") throw new Error("it runs");
    const { inputs, problems } = await gatherInputs(project, line.raw, { place: onCommandLine });
    expect(inputs.images).toEqual([
      { name: "app", file: "app/Dockerfile", context: "app", where: "--file" },
    ]);
    expect(problems.map(({ where }) => where)).toEqual(["--goals, line 1", "--severity"]);
  });
});

describe("a command line that is wrong", () => {
  it("still says which inputs are to be judged with it", () => {
    const args = ["--format", "yaml", "--severity", "hihg", "--platform=a", "--platform=b", "app"];
    expect(parseCommandLine(args)).toMatchObject({
      raw: { severity: "hihg", context: "app" },
      isVague: false,
      dryRun: false,
    });
    const line = parseCommandLine(args);
    expect(line.kind === "problems" && line.raw).not.toHaveProperty("platform");
  });

  it.each([[["--cmment=auto"]], [["--cmment", "auto", "--context", "app"]], [["--targts=a"]]])(
    "leaves no doubt which images are meant by %j",
    (args) => {
      expect(parseCommandLine(["--severity", "hihg", ...args])).toMatchObject({
        isVague: false,
        raw: { severity: "hihg", ...(args.includes("app") && { context: "app" }) },
      });
    },
  );

  it.each([
    [["--fiel=a"]],
    [["--cmment", "auto"]],
    [["a", "b"]],
    [["--file", "--lint"]],
    [["--config"]],
    [["--nonsense", "app"]],
  ])("leaves open which images are meant by %j", (args) => {
    const line = parseCommandLine(["--severity", "hihg", ...args]);
    expect(line).toMatchObject({ isVague: true, raw: { severity: "hihg" } });
    expect(line.kind === "problems" && line.raw).not.toHaveProperty("context");
  });

  it.each([
    ["--no-sumary", "--no-summary"],
    ["--no-lnt", "--no-lint"],
    ["--gaols", "--goals"],
    ["--target", "--targets"],
    ["--build-arg", "--build-args"],
    ["--dryrun", "--dry-run"],
    ["--colour", "--color"],
    ["--No_Cache", "--no-cache"],
    ["-f", "--file"],
    ["-o", "--out"],
  ])("has for %s the suggestion %s", (typed, meant) => {
    expect(problemsOf(typed)).toEqual([
      { where: typed, what: `there is no such option; did you mean "${meant}"?` },
    ]);
  });

  it.each([["-t", "web:1"], ["--tag", "web:1"], ["--tag=web:1"], ["--push"], ["--load"]])(
    "says for %s that nothing is pushed here, and from where it can be",
    (...args) => {
      expect(problemsOf(...args)).toEqual([
        {
          where: args[0]?.split("=")[0],
          what: "there is no such option: weighbridge pushes, tags and loads nothing; what was built is in the OCI layout, the folder layout in that of --state, to be pushed from there",
        },
      ]);
    },
  );

  it.each(["--nonsense", "-x", "--__proto__=x", "--constructor", "--no-file"])(
    "has no suggestion for %s",
    (typed) => {
      expect(problemsOf(typed)).toEqual([
        { where: typed.split("=")[0], what: "there is no such option" },
      ]);
    },
  );

  it("does not take the value of an unknown option for a context", () => {
    expect(problemsOf("--gaols", "{}", "app")).toHaveLength(1);
  });

  it.each([
    [["--file"], "--file", "needs a value"],
    [["--file", "--lint"], "--file", 'needs a value, and "--lint" is an option'],
    [["--platform", "a", "--platform", "b"], "--platform", "is given more than once"],
    [["--pull", "--no-pull"], "--pull", "is given more than once"],
    [["--format", "yaml"], "--format", '"yaml" is not allowed; it is text or json'],
    [["--dry-run=maybe"], "--dry-run", '"maybe" is not a boolean; allowed are true and false'],
    [["--no-lint=maybe"], "--no-lint", "takes no value; allowed are --no-lint and --lint"],
    [["--no-lint", "false"], "--no-lint", "takes no value; allowed are --no-lint and --lint"],
    [["--no-lint="], "--no-lint", "takes no value; allowed are --no-lint and --lint"],
    [["--out="], "--out", "is empty; it has to be a folder"],
    [["a", "b"], "command line", '"a" and "b" are two contexts; allowed is one folder'],
    [
      ["--no-cache", "maybe", "--pull", "1", "--no-lint"],
      "command line",
      '"maybe" and "1" are two contexts; allowed is one folder, and true or false behind --no-cache and --pull',
    ],
    [
      ["a", "--context", "b"],
      "command line",
      '"a" and --context are two contexts; allowed is one folder',
    ],
  ])("is told of %j", (args, where, what) => {
    expect(problemsOf(...args)).toEqual([{ where, what }]);
  });

  it.each([
    [["Dockerfile", "inspect"]],
    [["--verbose", "inspect", "docker://a"]],
    [["--path", "/usr", "inspect", "docker://a"]],
    [["docker://a", "inspect", "--layer=1"]],
  ])("has inspect in the wrong place: %j", (args) => {
    expect(problemsOf(...args)).toEqual([
      {
        where: "command line",
        what: '"inspect" comes first: weighbridge inspect [options] IMAGE; a folder of that name is ./inspect',
      },
    ]);
  });

  it("may have a folder that is called inspect", () => {
    expect(parseCommandLine(["./inspect"])).toEqual({ ...DEFAULTS, raw: { context: "./inspect" } });
  });

  it("is told of everything at once", () => {
    expect(problemsOf("--gaols", "--format", "yaml", "--file")).toHaveLength(3);
  });
});
