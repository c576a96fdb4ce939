// Images of every kind of material, built by a real engine: what is said of them is held against
// what a container sees, what `tar` counts, and what package managers say themselves.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../scripts/lab/engine.ts";
import { run } from "../../scripts/lab/shell.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { attributeByHistory } from "../../src/inspect/attribution.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { type BuiltDockerfile, buildDockerfile } from "./built-dockerfile.ts";
import { countedByTar, seenInContainer } from "./engine-images.ts";
import { seen } from "./listing.ts";

const FILE = join(import.meta.dirname, "..", "fixtures", "layers", "materials.Dockerfile");
const TARGETS = ["debian", "alpine", "node", "go", "java"];

/** What apk writes: https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2 */
const APK = [
  ["P:musl", "V:1.2.4-r2", "F:lib", "R:ld-musl-x86_64.so.1"],
  ["P:tool", "V:2.0-r0", "F:usr", "F:usr/bin", "R:tool"],
]
  .map((lines) => `${lines.join("\n")}\n\n`)
  .join("");

const APK_FILES: readonly (readonly [string, string])[] = [
  ["lib/apk/db/installed", APK],
  ["lib/ld-musl-x86_64.so.1", "m".repeat(40_000)],
  ["usr/bin/tool", "t".repeat(3000)],
  ["usr/lib/unowned", "u".repeat(700)],
];

let engine: Engine;
let built: BuiltDockerfile;

beforeAll(async () => {
  ({ containerd: engine } = await labParts(["containerd", "images"]));
  built = await buildDockerfile(engine, FILE, TARGETS, async (context) => {
    for (const [path, content] of APK_FILES) {
      await mkdir(dirname(join(context, "apk", path)), { recursive: true });
      await writeFile(join(context, "apk", path), content);
    }
  });
});

afterAll(() => built.remove());

describe.each(TARGETS)("the image of %s material", (target) => {
  it("has the files and the live bytes that a container sees", async () => {
    const { layers } = await built.layers.read(built.layout, built.exported(target).digest);
    const inContainer = await seenInContainer(engine, built.loaded(target));
    expect(seen(applyLayers(layers))).toEqual(inContainer);
  });

  it("has every byte that tar counts in its layers either live or wasted, and in one box", async () => {
    const { layers, live, wasted, waste, boxes } = built.inspected(target);
    const counted = await Promise.all(
      layers.map(({ digest }) => countedByTar(built.layout, digest)),
    );
    const unpacked = sum(counted.map((layer) => layer.unpacked));
    expect(live + wasted).toBe(unpacked);
    expect(sum(waste.map(({ bytes }) => bytes))).toBe(wasted);
    expect(wasted).toBeGreaterThan(0);
    expect(sum(boxes.map(({ bytes }) => bytes))).toBe(unpacked);
  });

  it("fits its own stage by its history alone, and none of the others", async () => {
    const { image: read, layers } = await built.layers.read(
      built.layout,
      built.exported(target).digest,
    );
    const traces = { layers, history: read.config.history };
    const matchOf = (stage: string) => attributeByHistory(traces, built.image, built.stage(stage));
    const expected = built.inspected(target).layers.map(({ origin, line }) => ({ origin, line }));
    expect(matchOf(target)).toMatchObject({ fits: true, sources: expected });
    const others = TARGETS.filter((other) => other !== target);
    expect(others.filter((other) => matchOf(other).fits)).toEqual([]);
  });

  it("has what each line brought in that line's boxes", () => {
    const { layers, boxes } = built.inspected(target);
    for (const line of new Set(layers.map((layer) => layer.line))) {
      const ofLayers = layers.filter((layer) => layer.line === line);
      const ofBoxes = boxes.filter((box) => box.line === line);
      expect(sum(ofBoxes.map(({ bytes }) => bytes))).toBe(
        sum(ofLayers.map(({ unpacked }) => unpacked)),
      );
    }
  });
});

describe("waste", () => {
  it("is told by kind, and by the lines that wrote and killed it", () => {
    const told = built
      .inspected("alpine")
      .waste.filter(({ bytes }) => bytes >= 3000)
      .map(({ path, bytes, kind, writtenBy, killedBy }) => {
        return [path, bytes, kind, writtenBy.line, killedBy.line];
      });
    const [copy, write, chmod, , remove, rewrite, replace, uninstall] = linesOf("alpine");
    expect(told).toEqual([
      ["/data/first", 70_001, "overwritten", rewrite, replace],
      ["/data/first", 70_000, "metadata", write, chmod],
      ["/data/first", 70_000, "overwritten", chmod, rewrite],
      ["/data/second", 5000, "deleted", write, remove],
      ["/usr/bin/tool", 3000, "deleted", copy, uninstall],
    ]);
  });

  it("is all that a change of owner wrote again", async () => {
    const [, , uninstall, own] = linesOf("node");
    const { layers, waste } = built.inspected("node");
    const again = layers.find(({ line }) => line === own)?.unpacked;
    const metadata = waste.filter(({ kind, killedBy }) => {
      return kind === "metadata" && killedBy.line === own;
    });
    expect(sum(metadata.map(({ bytes }) => bytes))).toBe(again);
    expect(uninstall).toBeLessThan(own ?? 0);
  });
});

describe("packages", () => {
  const installed = (target: string) =>
    built.inspected(target).packages.map(({ type, name, version }) => `${type} ${name} ${version}`);

  it("of Debian are those that dpkg names, with files of theirs", async () => {
    const listed = await inContainer("debian", [
      ...["dpkg-query", "--show"],
      "--showformat=deb ${binary:Package} ${Version}\\n",
    ]);
    const names = listed.split("\n").map((line) => line.replace(/:\w+ /, " "));
    expect(names.length).toBeGreaterThan(50);
    expect(installed("debian").filter((name) => !names.includes(name))).toEqual([]);
    expect(names.length - installed("debian").length).toBeLessThan(5);
    expect(installed("debian").some((name) => name.startsWith("deb less"))).toBe(false);
  });

  it("weigh what the files of a package's own list weigh, hard links once", async () => {
    // Not all that it lists is there: documents were deleted.
    const list = 'dpkg-query --listfiles bzip2 | xargs stat -c "%F %i %s" 2> /dev/null; true';
    const files = (await inContainer("debian", ["sh", "-c", list])).split("\n");
    const regular = new Set(files.filter((file) => file.startsWith("regular file")));
    const sizes = Array.from(regular, (file) => Number(file.split(" ").at(-1)));
    const [bzip2] = built.inspected("debian").packages.filter(({ name }) => name === "bzip2");
    expect(bzip2?.bytes).toBe(sum(sizes));
  });

  it("of apk are those of its database as it is at last", () => {
    const { packages, boxes } = built.inspected("alpine");
    expect(packages).toMatchObject([
      { type: "apk", name: "musl", version: "1.2.4-r2", bytes: 40_000 },
    ]);
    expect(boxes).toContainEqual({ line: linesOf("alpine")[0], box: "/usr/lib", bytes: 700 });
  });

  it("of npm are those that npm lists", async () => {
    expect(installed("node")).toContain("npm lodash 4.17.21");
    expect(installed("node").some((name) => name.startsWith("npm express "))).toBe(false);
  });

  it("of Go and Java are the modules that programs and archives are made of", () => {
    expect(installed("go").filter((name) => name.startsWith("golang "))).toEqual([
      "golang github.com/wagoodman/dive v0.13.1+dirty",
    ]);
    expect(installed("java").filter((name) => name.startsWith("maven "))).toEqual([
      "maven tabula 1.0.5-jar-with-dependencies",
    ]);
  });

  it("of Python are those that pip lists, without those that Debian's packages brought", async () => {
    const listed = await inContainer("java", ["pip", "list", "--format=freeze"]);
    const python = installed("java").filter((name) => name.startsWith("pypi "));
    expect(python).toEqual(["pypi tabula-py 2.10.0"]);
    expect(listed).toContain("tabula-py==2.10.0");
  });
});

/** Lines of the own layers of a target, lowest first. */
function linesOf(target: string): readonly (number | undefined)[] {
  const own = built.inspected(target).layers.filter(({ origin }) => origin === "own");
  return own.map(({ line }) => line);
}

function inContainer(target: string, command: readonly string[]): Promise<string> {
  const args = ["run", "--rm", "--network", "none", built.loaded(target), ...command];
  return run("docker", args, { env: engine.environment });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
