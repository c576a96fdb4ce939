import { describe, expect, it } from "vitest";
import { parseCommandLine } from "../../src/inputs/command-line.ts";
import { renderInspectHelp } from "../../src/inputs/inspect-help.ts";
import { INSPECT_OPTIONS } from "../../src/inputs/inspect-options.ts";

const DEFAULTS = { kind: "inspect", isTree: false, format: "text", verbose: false };

function parsed(...args: readonly string[]): unknown {
  const line = parseCommandLine(["inspect", ...args]);
  return line.kind === "problems" ? line.problems : line;
}

describe("the command line of inspect", () => {
  it("names an image", () => {
    expect(parsed("docker://nginx")).toEqual({ ...DEFAULTS, target: "docker://nginx" });
    expect(parsed("--", "--odd")).toEqual({ ...DEFAULTS, target: "--odd" });
  });

  it("has options before and after it", () => {
    const args = ["--path", "/usr", "out.tar", "--layer=3", "--tree", "--top", "5", "--no-color"];
    expect(parsed(...args)).toEqual({
      ...DEFAULTS,
      target: "out.tar",
      path: "/usr",
      layer: 3,
      isTree: true,
      top: 5,
      color: false,
    });
  });

  it("takes true and false for a value of its flags", () => {
    const args = ["--tree", "false", "--color", "true", "--verbose", "true", "x"];
    expect(parsed(...args)).toEqual({ ...DEFAULTS, target: "x", color: true, verbose: true });
  });

  it("takes a Dockerfile and one of its stages", () => {
    expect(parsed("x", "--file", "Dockerfile", "--stage", "build", "--format", "json")).toEqual({
      ...DEFAULTS,
      target: "x",
      file: "Dockerfile",
      stage: "build",
      format: "json",
    });
  });

  it("takes limits for layers, as the main job does", () => {
    expect(parsed("x", "--layer-limits", "entries: 5")).toEqual({
      ...DEFAULTS,
      target: "x",
      limits: { entries: 5 },
    });
    expect(parsed("x", "--layer-limits", "entry: 5")).toEqual([
      { where: "--layer-limits, line 1", what: expect.stringContaining('"entry"') },
    ]);
  });

  it("is of the main job where a folder is called inspect", () => {
    expect(parseCommandLine(["./inspect"])).toMatchObject({
      kind: "run",
      raw: { context: "./inspect" },
    });
  });

  it.each([
    [[], "command line", /^says no image; weighbridge inspect --help says/],
    [["a", "b"], "command line", '"a" and "b" are two images; allowed is one'],
    [["a", "--layer", "-1"], "--layer", '"-1" is no whole number from 0 to 9999'],
    [["a", "--top", "0"], "--top", '"0" is no whole number from 1 to 1000'],
    [["a", "--top", "many"], "--top", '"many" is no whole number from 1 to 1000'],
    [["a", "--format", "yaml"], "--format", '"yaml" is not allowed; it is text or json'],
    [["a", "--platform", "linux/amd65"], "--platform", /did you mean "amd64"\?$/],
    [["a", "--stage", "x"], "--stage", "is of a Dockerfile, and needs --file to say of which"],
    [["a", "--path="], "--path", "is empty"],
    [["a", "--path", "/a", "--path", "/b"], "--path", "is given more than once"],
    [["a", "--layers", "1"], "--layers", 'there is no such option; did you mean "--layer"?'],
    [["a", "--goals", "{}"], "--goals", "there is no such option"],
  ])("is told what is wrong: %j", (args, where, what) => {
    const wrong = parsed(...args);
    const matching = typeof what === "string" ? what : expect.stringMatching(what);
    expect(wrong).toEqual([{ where, what: matching }]);
  });
});

describe("its help", () => {
  it.each([["--help"], ["-h"], ["a", "--nonsense", "--help"]])("is asked for: %s", (...args) => {
    expect(parsed(...args)).toEqual({ kind: "help", text: renderInspectHelp() });
  });

  it("has a line for every option, and stays within eighty columns", () => {
    const lines = renderInspectHelp().split("\n");
    const described = lines.flatMap((line) => /^ {2}(?:-h, )?--([a-z-]+)/.exec(line)?.[1] ?? []);
    expect(described).toEqual(INSPECT_OPTIONS.map(({ name }) => name));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
