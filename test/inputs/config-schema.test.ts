import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { INPUT_NAMES, NOT_IN_CONFIG } from "../../src/inputs/input-kinds.ts";
import { gatherInputs } from "../../src/inputs/inputs.ts";
import { createProject, type Project } from "./project.ts";

interface Schema {
  readonly properties: Readonly<Record<string, { readonly description?: string }>>;
}

const schema: Schema = JSON.parse(
  readFileSync(new URL("../../schema/config.schema.json", import.meta.url), "utf8"),
);
const validate = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  strictRequired: false,
}).compile(schema);

/** Everything that the samples name is there, so that only what they say is judged. */
const FILES = {
  Dockerfile: "",
  "Dockerfile.dev": "",
  "web/Dockerfile": "",
  "lib/x": "",
  "hadolint.yaml": "ignored: []",
  ".trivyignore": "",
};

async function isValidForCode(project: Project, text: string): Promise<boolean> {
  await writeFile(join(project.workspace, "config.yml"), text);
  return (await gatherInputs(project, { config: "config.yml" })).problems.length === 0;
}

describe("the schema of the configuration file", () => {
  it("has every option that the file may have, and no other", () => {
    const options = INPUT_NAMES.filter((name) => NOT_IN_CONFIG[name] === undefined);
    expect(Object.keys(schema.properties).sort()).toEqual([...options, "images"].sort());
  });

  it("describes every option", () => {
    const silent = Object.entries(schema.properties).filter(([, { description }]) => !description);
    expect(silent).toEqual([]);
  });
});

const VALID = [
  "",
  "# later",
  "{}",
  "file: Dockerfile",
  "file: [Dockerfile, 'Dockerfile.*', '!Dockerfile.dev']",
  "context: web",
  "targets: production",
  "targets: [production, 2, '!test-*', web/production, '{a,b}']",
  "build-args: VERSION=1",
  "build-args: [VERSION=, 'A=b=c']",
  "build-contexts: [lib=lib, base=docker-image://alpine]",
  "platform: linux/arm64",
  "platform: linux/arm/v7",
  "{no-cache: true, pull: false, lint: True, ignore-unfixed: FALSE, summary: true, fail: false}",
  "hadolint-config: hadolint.yaml",
  "fail-on-lint: off",
  "scanners: none",
  "scanners: [none]",
  "scanners: [vuln, license]",
  "severity: HIGH",
  "severity: [Critical, low]",
  "trivy-ignore-file: .trivyignore",
  "name: our images",
  "comment: always",
  "upload-sarif: never",
  "on-unknown: warn",
  "goals: {}",
  "goals: {'*': {max-unpacked: 150MB}}",
  "goals: {2: {max-download: 1024000}, web/prod*: {max-unpacked: '5120000'}, '*': {max-wasted: 0}}",
  "goals: {a: {max-unpacked: 1 MiB, min-reduction: 62.5%, original: 1.5GB}}",
  "goals: {a: {min-reduction: 100 %, original: 1B}, b: {fail-on-severity: None}}",
  "goals: {a: &r {max-unpacked: 1MB}, b: *r}",
  "images: [{name: a}, {name: b/c, file: Dockerfile.dev, context: lib}, {context: web}]",
  "images: [{name: a, goals: {'*': {max-unpacked: 1kB}}}]",
];

const INVALID = [
  "[]",
  "text",
  "lnit: true",
  "token: x",
  "secrets: [a=b]",
  "goals: null",
  "goals: []",
  "goals: {a: null}",
  "goals: {a: {}}",
  "goals: {a: 150MB}",
  "goals: {a: {max-size: 1MB}}",
  "goals: {a b: {max-unpacked: 1MB}}",
  "goals: {'': {max-unpacked: 1MB}}",
  "goals: {a/: {max-unpacked: 1MB}}",
  "goals: {(a|b): {max-unpacked: 1MB}}",
  "goals: {a: {max-unpacked: 150 Mb}}",
  "goals: {a: {max-unpacked: 150}}",
  "goals: {a: {max-download: '0999999'}}",
  "goals: {a: {max-unpacked: 150KB}}",
  "goals: {a: {max-unpacked: 1.5}}",
  "goals: {a: {max-unpacked: '1.5B'}}",
  "goals: {a: {max-unpacked: -1}}",
  "goals: {a: {max-unpacked: '1  MB'}}",
  "goals: {a: {max-unpacked: true}}",
  "goals: {a: {max-unpacked: null}}",
  "goals: {a: {min-reduction: 70, original: 1MB}}",
  "goals: {a: {min-reduction: 101%, original: 1MB}}",
  "goals: {a: {original: 0}}",
  "goals: {a: {original: 0MB}}",
  "goals: {a: {fail-on-severity: worst}}",
  "goals: {a: {fail-on-severity: [high]}}",
  "file: []",
  "file: ''",
  "file: [1]",
  "file: {a: b}",
  'file: "Docker\\nfile"',
  "targets: [1.5]",
  "targets: [true]",
  "targets: ['a b']",
  "build-args: [VERSION]",
  "build-args: [=1]",
  "build-args: {VERSION: 1}",
  "build-contexts: [lib]",
  "build-contexts: [lib=]",
  "platform: linux",
  "platform: linux/amd46",
  "platform: 'linux/amd64,linux/arm64'",
  "lint: yes",
  "lint: 'true'",
  "lint: 1",
  "lint: null",
  "fail-on-lint: warnings",
  "fail-on-lint: false",
  "scanners: []",
  "scanners: [vuln, none]",
  "scanners: vuln,secret",
  "severity: [worst]",
  "name: ''",
  "name: 1",
  `name: ${"x".repeat(101)}`,
  "comment: Auto",
  "upload-sarif: always",
  "on-unknown: pass",
  "images: []",
  "images: {a: b}",
  "images: [{}]",
  "images: [Dockerfile]",
  "images: [null]",
  "images: [{nmae: a}]",
  "images: [{name: -a}]",
  "images: [{name: a//b}]",
  "images: [{name: a/}]",
  "images: [{name: 1}]",
  "images: [{file: [Dockerfile]}]",
  "images: [{goals: {web/a: {max-unpacked: 1MB}}}]",
  "{file: Dockerfile, images: [{name: a}]}",
];

describe("the schema and the code agree", () => {
  it.each(VALID)("that this is right: %s", async (text) => {
    await using project = await createProject(FILES);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(await isValidForCode(project, text)).toBe(true);
  });

  it.each(INVALID)("that this is wrong: %s", async (text) => {
    await using project = await createProject(FILES);
    expect(validate(parse(text))).toBe(false);
    expect(await isValidForCode(project, text)).toBe(false);
  });

  it("on whatever else anyone may write", async () => {
    await using project = await createProject(FILES);
    await fc.assert(
      fc.asyncProperty(configuration(), async (value) => {
        const text = stringify(value);
        const isValid = validate(parse(text));

        expect(await isValidForCode(project, text), text).toBe(isValid);
      }),
      { numRuns: 300 },
    );
  });
});

/** Configurations of which about every second one has one thing wrong, or merely odd. */
function configuration(): fc.Arbitrary<unknown> {
  const right = rightConfiguration();
  return fc.oneof(
    right,
    fc.tuple(right, oddPart()).map(([config, odd]) => ({ ...config, ...odd })),
  );
}

const SIZES = ["150MB", "1.5 GiB", 1_000, "512B", "0.5kB"];
const RULES = {
  "max-unpacked": SIZES,
  "max-download": SIZES,
  "min-reduction": ["70%", "0.5 %", "100%"],
  original: SIZES,
  "fail-on-severity": ["high", "NONE", "Low"],
};
const OPTIONS = {
  targets: ["production", ["a", 2], ["!x-*", "web/*"]],
  "build-args": ["A=1", ["A=1", "B="]],
  platform: ["linux/amd64", "linux/arm/v7"],
  pull: [true, false],
  lint: [true, false],
  scanners: ["vuln", ["secret", "vuln"], ["none"]],
  severity: ["LOW", ["high", "Unknown"]],
  name: ["ours", "x".repeat(100)],
  comment: ["auto", "always", "never"],
  "on-unknown": ["fail", "warn"],
};

function rightConfiguration(): fc.Arbitrary<object> {
  const rules = someOf(RULES, 1);
  const goals = (keys: readonly string[]) =>
    fc.dictionary(fc.constantFrom(...keys), rules, { noNullPrototype: true });
  const image = fc.record({
    name: fc.constantFrom("web", "a/b", "A.1-x"),
    context: fc.constantFrom("web", "."),
    goals: goals(["*", "production"]),
  });
  const images = fc.array(image, { minLength: 1, maxLength: 1 });
  const rest = fc.record(
    { goals: goals(["*", "production", "web/prod?", "2"]), images },
    { requiredKeys: [] },
  );
  return fc.tuple(someOf(OPTIONS, 0), rest).map(([options, more]) => ({ ...options, ...more }));
}

/** Some of the keys, each with one of its values. */
function someOf(
  choices: Readonly<Record<string, readonly unknown[]>>,
  least: number,
): fc.Arbitrary<Record<string, unknown>> {
  const pairs = Object.entries(choices).map(([key, values]) =>
    fc.constantFrom(...values).map((value) => [key, value] as const),
  );
  return fc
    .shuffledSubarray(pairs, { minLength: least })
    .chain((chosen) => fc.tuple(...chosen))
    .map((entries) => Object.fromEntries(entries));
}

/** One option, rule or part of an image with any value at all. */
function oddPart(): fc.Arbitrary<object> {
  const value = fc.oneof(
    fc.constantFrom(null, true, 0, 1, -1, 1.5, "", " ", "none", "HIGH", "150MB", "70%", "a/b", "2"),
    fc.constantFrom([], {}, ["a"], ["A=1"], { a: "b" }, [null], [2], "x".repeat(101), "10 Mb"),
    // Neither a path nor an address: whether there is something there, a schema cannot tell.
    fc.string({ maxLength: 5 }).filter((text) => !/[/\\.~\p{C}]/u.test(text)),
  );
  const withKey = (keys: readonly string[]) =>
    fc.tuple(fc.constantFrom(...keys), value).map(([key, odd]) => ({ [key]: odd }));
  const rules = withKey([...Object.keys(RULES), "max-size"]);
  const isImages = (part: object) => "images" in part && Array.isArray(part.images);
  return fc.oneof(
    withKey([...Object.keys(OPTIONS), "goals", "unknown"]),
    withKey(["images"]).filter((part) => !isImages(part)),
    rules.map((odd) => ({ goals: { production: odd } })),
    rules.map((odd) => ({ images: [{ goals: { production: odd } }] })),
    withKey(["name", "goals", "unknown"]).map((odd) => ({ images: [odd] })),
  );
}
