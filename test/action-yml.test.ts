import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readActionTables, renderInputTable, renderReadme } from "../scripts/readme-inputs.ts";
import { INPUT_NAMES, NOT_IN_CONFIG } from "../src/inputs/input-kinds.ts";
import { INPUT_TABLE, OUTPUT_TABLE } from "../src/inputs/input-table.ts";

const text = readFileSync(new URL("../action.yml", import.meta.url), "utf8");
const action: Action = parse(text);
const tables = readActionTables(text);
const readme = new URL("../README.md", import.meta.url);

interface Action {
  readonly name: string;
  readonly description: string;
  readonly runs: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, { readonly default?: unknown }>>;
}

describe("action.yml", () => {
  it("runs one bundle on Node 24, and the same bundle again at the end", () => {
    expect(action.runs).toEqual({ using: "node24", main: "dist/index.js", post: "dist/index.js" });
  });

  it("has a description that the Marketplace shows whole", () => {
    // https://docs.github.com/actions/how-tos/create-and-publish-actions/publish-in-github-marketplace
    expect(action.description.length).toBeLessThanOrEqual(125);
  });

  it("has the inputs that the code reads, in the same words", () => {
    expect(INPUT_TABLE).toEqual(tables.inputs);
    expect(INPUT_NAMES).toEqual(Object.keys(action.inputs));
  });

  it("has the outputs that the code sets, in the same words", () => {
    expect(OUTPUT_TABLE).toEqual(tables.outputs);
  });

  it("has defaults only for what a configuration file cannot set", () => {
    const defaults = Object.entries(action.inputs).flatMap(([name, input]) =>
      input.default === undefined ? [] : [[name, input.default]],
    );
    expect(defaults).toEqual([
      ["matrix", "${{ toJSON(matrix) }}"],
      ["token", "${{ github.token }}"],
    ]);
    for (const [name] of defaults) expect(NOT_IN_CONFIG).toHaveProperty(String(name));
  });

  it("describes each input in whole sentences of one line", () => {
    const odd = tables.inputs.filter(({ description }) => !/^[A-Z][^\n]*\.$/.test(description));
    expect(odd).toEqual([]);
  });

  it("says of each flag what it may be and what it is by default", () => {
    const flags = tables.inputs.filter(({ description }) => description.includes("`true` or"));
    expect(flags.map(({ name }) => name)).toEqual([
      "no-cache",
      "pull",
      "allow-untrusted-checkout",
      "lint",
      "ignore-unfixed",
      "summary",
      "fail",
    ]);
    for (const { description } of flags) expect(description).toMatch(/Default: `(true|false)`\.$/);
  });

  it("groups the inputs", () => {
    expect([...new Set(tables.inputs.map(({ group }) => group))]).toEqual([
      "Build",
      "Goals",
      "Lint and scan",
      "Report",
    ]);
  });
});

const SMALL = {
  inputs: [
    { group: "Build", name: "file", description: "A path | a glob." },
    { group: "Report", name: "fail", description: "Whether." },
  ],
  outputs: [{ name: "verdict", description: "`pass` or `fail`." }],
};

describe("the README's tables", () => {
  it("are written between their markers, and nothing else is touched", () => {
    const before =
      "# Title\n<!-- inputs -->\nold\n<!-- /inputs -->\ntext\n<!-- outputs --><!-- /outputs -->\nend\n";
    expect(renderReadme(before, SMALL)).toBe(`# Title
<!-- inputs -->
**Build**

| input | |
|---|---|
| \`file\` | A path \\| a glob. |

**Report**

| input | |
|---|---|
| \`fail\` | Whether. |
<!-- /inputs -->
text
<!-- outputs -->
| output | |
|---|---|
| \`verdict\` | \`pass\` or \`fail\`. |
<!-- /outputs -->
end
`);
  });

  it("stand beside a list of what a configuration file may not set", () => {
    const [, list = ""] =
      /these are inputs only: ([^.]*)\./.exec(readFileSync(readme, "utf8")) ?? [];
    const named = [...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(Object.keys(NOT_IN_CONFIG).toSorted());
  });

  it("need their markers", () => {
    expect(() => renderReadme("# Title\n", SMALL)).toThrow(
      "README.md has no <!-- inputs --> … <!-- /inputs -->",
    );
  });

  it("are those of action.yml", () => {
    // Before there is a README: what is written is written the same again.
    const markers = "<!-- inputs --><!-- /inputs --><!-- outputs --><!-- /outputs -->";
    const written = existsSync(readme)
      ? readFileSync(readme, "utf8")
      : renderReadme(markers, tables);
    expect(renderReadme(written, tables)).toBe(written);
  });
});

it("makes the table in the code from action.yml", () => {
  expect(renderInputTable(SMALL)).toContain('"name": "file"');
});

it("refuses an input without a description", () => {
  expect(() => readActionTables("inputs:\n  file: {}\noutputs: {}\n")).toThrow(
    "action.yml: file has no description",
  );
});
