import { describe, expect, it } from "vitest";
import { ALL_OPTIONS } from "../../src/inputs/command-options.ts";
import { renderHelp } from "../../src/inputs/help.ts";
import { INPUT_TABLE } from "../../src/inputs/input-table.ts";

const ON_A_RUNNER = ["allow-untrusted-checkout", "comment", "upload-sarif", "summary", "token"];

describe("--help", () => {
  it("has a line for every option that does something here", () => {
    const described = renderHelp()
      .split("\n")
      .flatMap((line) => /^ {2}(?:-h, )?--([a-z0-9-]+)/.exec(line)?.[1] ?? []);
    const heeded = [...ALL_OPTIONS.keys()].filter((name) => !ON_A_RUNNER.includes(name));
    expect(described).toEqual(heeded);
  });

  it("names the options that are for a runner only", () => {
    expect(renderHelp().replace(/\s+/g, " ")).toContain(
      "--allow-untrusted-checkout, --comment, --upload-sarif, --summary and --token are for a runner only: they are taken here, and change nothing.",
    );
  });

  it("says of inputs what action.yml says", () => {
    const words = renderHelp().replace(/\s+/g, " ");
    for (const { name, description } of INPUT_TABLE) {
      if (ON_A_RUNNER.includes(name)) continue;
      expect(words).toContain(description.replaceAll("`", ""));
    }
  });

  it("stays within eighty columns", () => {
    const longest = Math.max(
      ...renderHelp()
        .split("\n")
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(80);
  });

  it("has the groups of action.yml", () => {
    const titles = renderHelp().match(/^[A-Z][a-z ]+:$/gm);
    expect(titles).toEqual([
      "Build:",
      "Goals:",
      "Lint and scan:",
      "Report:",
      "Of the command itself:",
    ]);
  });

  it("shows how a flag, a value and a short option are written", () => {
    const text = renderHelp();
    expect(text).toContain("\n  --lint[=true|false]\n");
    expect(text).toContain("\n  --platform TEXT\n");
    expect(text).toContain("\n  -h, --help\n");
  });
});
