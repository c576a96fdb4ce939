import { describe, expect, it } from "vitest";
import { ProblemList } from "../../src/inputs/parsed.ts";
import { readYaml } from "../../src/inputs/yaml-text.ts";

const place = (line: number) => `config.yml:${line}`;

/** The problems of a text that is read as a map of maps. */
function problemsOf(text: string): readonly { readonly where: string; readonly what: string }[] {
  const problems = new ProblemList();
  const yaml = readYaml(text, place, problems);
  for (const entry of yaml?.entriesOf(yaml.root, place(1)) ?? []) {
    yaml?.entriesOf(entry.value, entry.where);
  }
  return problems.problems;
}

describe("a text that is YAML", () => {
  it("has entries with their lines", () => {
    const problems = new ProblemList();
    const yaml = readYaml("# note\na: 1\n\nb: text\n", place, problems);
    const entries = yaml?.entriesOf(yaml.root, place(1)) ?? [];
    expect(entries.map(({ key, where }) => [key, where])).toEqual([
      ["a", "config.yml:2"],
      ["b", "config.yml:4"],
    ]);
    expect(entries.map(({ value }) => yaml?.scalarOf(value))).toEqual([1, "text"]);
    expect(problems.problems).toEqual([]);
  });

  it("may hold nothing but comments", () => {
    const problems = new ProblemList();
    expect(readYaml("# later\n", place, problems)?.root).toBeUndefined();
    expect(problems.problems).toEqual([]);
  });

  it("keeps keys as they are written", () => {
    const problems = new ProblemList();
    const yaml = readYaml("2: x\ntrue: y\n__proto__: z\n", place, problems);
    const entries = yaml?.entriesOf(yaml.root, place(1)) ?? [];
    expect(entries.map(({ key }) => key)).toEqual(["2", "true", "__proto__"]);
  });

  it("may use a value again by its anchor", () => {
    const problems = new ProblemList();
    const yaml = readYaml("a: &small {max: 1}\nb: *small\n", place, problems);
    const [, second] = yaml?.entriesOf(yaml.root, place(1)) ?? [];
    const rules = yaml?.entriesOf(second?.value, "b") ?? [];
    expect(rules.map(({ key }) => key)).toEqual(["max"]);
    expect(problems.problems).toEqual([]);
  });
});

describe("a text that is not", () => {
  it("is told with its line", () => {
    expect(problemsOf("a: 1\nb: [1\n")).toEqual([
      {
        where: "config.yml:3",
        what: "is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      },
    ]);
  });

  it("has one problem, as others follow from the first", () => {
    expect(problemsOf("- a\nb: 1\nc: [")).toHaveLength(1);
  });

  it.each(["*: {max-unpacked: 1MB}\n", "a: 1\n*:\n  max-unpacked: 1MB\n", "*-dev: {max: 1}\n"])(
    "may have a star that wants quotes: %j",
    (text) => {
      expect(problemsOf(text)).toEqual([
        expect.objectContaining({
          what: expect.stringMatching(/a key that begins with \* stands in quotes: "\*(-dev)?"$/),
        }),
      ]);
    },
  );

  it("may be several documents", () => {
    expect(problemsOf("a: {}\n---\nb: {}\n")).toEqual([
      { where: "config.yml:2", what: "holds several YAML documents; allowed is one" },
    ]);
  });
});

describe("a map that is none", () => {
  it.each([
    ["- a\n", "config.yml:1", "a list"],
    ["text\n", "config.yml:1", '"text"'],
    ["a: 7\n", "config.yml:1", '"7"'],
    ["a:\n", "config.yml:1", "nothing"],
    ["a: {}\nb:\n  - c\n", "config.yml:3", "a list"],
  ])("is told of %j", (text, where, what) => {
    expect(problemsOf(text)).toEqual([
      { where, what: `${what} is not a map of \`key: value\` lines` },
    ]);
  });
});

describe("keys", () => {
  it("stand once, and the message names both places", () => {
    expect(problemsOf("a: {}\nb: {}\na: {}\n")).toEqual([
      { where: "config.yml:3", what: 'the key "a" stands here again, after config.yml:1' },
    ]);
  });

  it("are plain", () => {
    expect(problemsOf("? [a, b]\n: {}\n? {c: d}\n: {}\n")).toEqual([
      { where: "config.yml:1", what: "a list is not a plain key" },
      { where: "config.yml:3", what: "a map is not a plain key" },
    ]);
  });
});

describe("hostile text", () => {
  it("is refused above its size, unread", () => {
    expect(problemsOf(`a: ${"x".repeat(1_000_000)}`)).toEqual([
      { where: "config.yml:1", what: "is 1000003 characters long; allowed are 100,000" },
    ]);
  });

  it.each(["[", "{a: ", "? ", "- "])("is refused when %j nests too deep", (step) => {
    expect(problemsOf(step.repeat(20_000))).toEqual([
      expect.objectContaining({ what: "is not YAML that can be read: nested too deep" }),
    ]);
  });

  it("is refused with too many keys", () => {
    const keys = Array.from({ length: 1_001 }, (_, index) => `k${index}: {}`);
    expect(problemsOf(keys.join("\n"))).toEqual([
      { where: "config.yml:1", what: "has 1001 keys; allowed are 1000" },
    ]);
  });

  it("is refused with an alias of nothing", () => {
    expect(problemsOf("a: *b\n")).toEqual([
      {
        where: "config.yml:1",
        what: 'the alias "*b", unknown or one too many, is not a map of `key: value` lines',
      },
    ]);
  });

  it("may use aliases a hundred times and no more", () => {
    const uses = (count: number) =>
      Array.from({ length: count }, (_, index) => `k${index}: *a`).join("\n");
    expect(problemsOf(`x: &a {}\n${uses(100)}`)).toEqual([]);
    expect(problemsOf(`x: &a {}\n${uses(101)}`)).toHaveLength(1);
  });

  it("may be a bomb of aliases, of which nothing is expanded", () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      const uses = Array.from({ length: 9 }, () => `*a${level}`).join(", ");
      return `a${level + 1}: &a${level + 1} [${uses}]`;
    });
    const text = ["a0: &a0 [lol]", ...levels].join("\n");
    expect(problemsOf(text)).toHaveLength(31);
  });

  it("may refer to itself", () => {
    expect(problemsOf("a: &a {b: *a}\n")).toEqual([]);
  });
});
