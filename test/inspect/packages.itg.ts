// Packages, their versions and the bytes of their files, beside what the package managers
// themselves say inside of a container, and beside what Trivy finds in the same bytes.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../scripts/lab/engine.ts";
import { ensureGo } from "../../scripts/lab/go.ts";
import { findPlace } from "../../scripts/lab/place.ts";
import { run } from "../../scripts/lab/shell.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { asList, asRecord } from "../../src/foreign-json.ts";
import { packageUrl } from "../../src/inspect/package-url.ts";
import type { PackageType } from "../../src/model/image.ts";
import { type BuiltDockerfile, buildDockerfile } from "./built-dockerfile.ts";
import { fillContext } from "./packages/materials.ts";

const FILE = join(import.meta.dirname, "..", "fixtures", "packages", "every-manager.Dockerfile");
const TARGETS = ["debian", "ruby", "redhat", "alpine", "python", "node", "go", "java"];

let engine: Engine;
let trivy: string;
let built: BuiltDockerfile;

beforeAll(async () => {
  const lab = await labParts(["containerd", "images", "tools"]);
  engine = lab.containerd;
  trivy = lab.tools.trivy;
  await ensureGo(await findPlace());
  built = await buildDockerfile(engine, FILE, TARGETS, fillContext);
});

afterAll(() => built.remove());

/** `name version bytes` of each package of a type, sorted. */
function installed(target: string, type: PackageType): readonly string[] {
  return built
    .inspected(target)
    .packages.filter((one) => one.type === type)
    .map(({ name, version, bytes }) => `${name} ${version} ${bytes}`)
    .sort();
}

/** What a command prints in a container, line by line, sorted. */
async function printed(target: string, ...command: readonly string[]): Promise<readonly string[]> {
  const args = ["run", "--rm", "--network", "none", built.loaded(target), ...command];
  const output = await run("docker", args, { env: engine.environment });
  return output.split("\n").sort();
}

/** A file has several names in a list where folders are links, and where it has hard links. */
const DPKG = `
  for (\`dpkg-query -W -f '\\\${binary:Package} \\\${Version}\\\\n'\`) {
    my ($name, $version) = split;
    my ($bytes, %seen) = (0);
    for (\`dpkg-query -L $name\`) {
      chomp;
      next if -l || !-f;
      my ($inode, $size) = (stat)[1, 7];
      $bytes += $size unless $seen{$inode}++;
    }
    $name =~ s/:.*//;
    print "$name $version $bytes\\n" if $bytes;
  }`;

const PIP = `
import importlib.metadata, os
for one in importlib.metadata.distributions():
  paths = {os.path.realpath(one.locate_file(file)) for file in one.files or []}
  bytes = sum(os.path.getsize(path) for path in paths if os.path.isfile(path))
  if bytes: print(one.name, one.version, bytes)`;

/** A package may be installed under another name: `other@npm:name@version`. */
const NPM = `
const { execSync } = require("node:child_process");
const { readdirSync, lstatSync } = require("node:fs");
const list = (options) => execSync("npm ls --all --long --parseable " + options, { encoding: "utf8" });
const lines = (list("") + list("--global")).split("\\n").filter((line) => line.includes("/node_modules/"));
const found = lines.map((line) => /^([^:]+):(?:[^:]*@npm:)?([^:]+)@([^:]+)/.exec(line).slice(1)).sort();
const folders = new Set(found.map(([folder]) => folder));
const seen = new Set();
const weigh = (path) => {
  const file = lstatSync(path);
  if (file.isDirectory()) {
    const within = readdirSync(path).map((name) => path + "/" + name);
    return within.reduce((sum, one) => sum + (folders.has(one) ? 0 : weigh(one)), 0);
  }
  if (!file.isFile() || seen.has(file.ino)) return 0;
  seen.add(file.ino);
  return file.size;
};
const sums = new Map();
for (const [folder, name, version] of found) {
  const id = name + " " + version;
  sums.set(id, (sums.get(id) ?? 0) + weigh(folder));
}
for (const [id, bytes] of sums) console.log(id, bytes);`;

describe("packages of Debian", () => {
  it("are those of dpkg, and weigh what the files weigh that it lists", async () => {
    expect(installed("debian", "deb")).toEqual(await printed("debian", "perl", "-e", DPKG));
  });

  it("are all that there is, whatever language they are in", () => {
    const types = new Set(built.inspected("debian").packages.map(({ type }) => type));
    expect([...types]).toEqual(["deb"]);
  });
});

describe("gems", () => {
  it("weigh what is in their folder, and their specification", async () => {
    const find = 'find "$(gem env gemdir)" -type f -path "*/weighed-1.4.2*" ! -name "*.gem"';
    const sizes = await printed("ruby", "sh", "-c", `${find} ! -path "*/doc/*" -printf "%s\\n"`);
    const bytes = sizes.reduce((sum, size) => sum + Number(size), 0);
    expect(installed("ruby", "gem")).toEqual([`weighed 1.4.2 ${bytes}`]);
  });
});

describe("packages of rpm", () => {
  it("weigh what the files weigh that it lists", () => {
    expect(installed("redhat", "rpm")).toEqual(["weighed 2.1-3 82500"]);
  });
});

describe("packages of apk", () => {
  it("weigh what the files weigh that it lists", () => {
    expect(installed("alpine", "apk")).toEqual(["musl 1.2.4-r2 40000", "scanelf 1.3.7-r2 7000"]);
  });
});

describe("packages of Python", () => {
  it("are those that it finds, and weigh what the files weigh that they record", async () => {
    const inSystem = await printed("python", "python3", "-c", PIP);
    const inVenv = await printed("python", "/venv/bin/python3", "-c", PIP);
    const six = inVenv.filter((line) => line.startsWith("six "));
    const told = installed("python", "pypi").filter((line) => !isInBoth(line));
    expect(told).toEqual([...inSystem, ...six].filter((line) => !isInBoth(line)).sort());
    expect(installed("python", "pypi").filter(isInBoth).length).toBeGreaterThan(0);
  });

  function isInBoth(line: string): boolean {
    return /^(?:pip|setuptools) /.test(line);
  }
});

describe("packages of npm", () => {
  it("are those that it lists, and weigh what is in their folders", async () => {
    expect(installed("node", "npm")).toEqual(await printed("node", "node", "-e", NPM));
  });
});

describe("programs and archives", () => {
  const bytesOf = async (name: string) => (await stat(join(built.folder, name))).size;

  it("weigh what they weigh", async () => {
    const tool = await bytesOf("tool");
    expect(installed("go", "golang")).toEqual([`example.org/weighed/tool  ${tool}`]);
    expect(installed("java", "maven")).toEqual([
      `apiguardian-api 1.1.2 ${await bytesOf("apiguardian-api-1.1.2.jar")}`,
      `org.slf4j:slf4j-nop 1.7.36 ${await bytesOf("slf4j-nop-1.7.36.jar")}`,
    ]);
  });
});

describe("Trivy", () => {
  it.each([
    ["debian", "deb"],
    ["ruby", "gem"],
    ["redhat", "rpm"],
    ["alpine", "apk"],
    ["python", "pypi"],
    ["node", "npm"],
    ["go", "golang"],
  ] as const)("finds the same packages in the image of %s", async (target, type) => {
    const input = `${built.layout}@${built.exported(target).digest}`;
    const args = ["image", "--input", input, "--format", "cyclonedx", "--quiet"];
    const told = built.inspected(target).packages.filter((one) => one.type === type);
    const urls = told.map(({ name, version }) => packageUrl(type, name, version));
    expect(urls.sort()).toEqual(foundIn(await run(trivy, args), type));
  });
});

/** Which packages of a type Trivy tells, without those that others brought along. */
function foundIn(document: string, type: PackageType): readonly string[] {
  const components = asList(asRecord(JSON.parse(document)).components).map(asRecord);
  const found = components.flatMap((component) => {
    const isPart = /\/(?:_vendor|tests)\//.test(JSON.stringify(component.properties));
    return isPart || typeof component.purl !== "string" ? [] : [plainUrl(component.purl)];
  });
  const wanted = found.filter((url) => url.startsWith(`pkg:${type}/`));
  return [...new Set(wanted)].filter((url) => !url.startsWith("pkg:golang/stdlib@")).sort();
}

/** Without a distribution, and with the epoch of a version where it is written. */
function plainUrl(url: string): string {
  const [path = "", qualifiers = ""] = url.split("?");
  const epoch = new URLSearchParams(qualifiers).get("epoch");
  const plain = path.replace(/^(pkg:(?:deb|apk|rpm)\/)[^/]+\//, "$1");
  return epoch === null ? plain : plain.replace("@", `@${epoch}:`);
}
