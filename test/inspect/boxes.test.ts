import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillBoxes, weighPackages } from "../../src/inspect/boxes.ts";
import type { PackageOwners } from "../../src/inspect/packages/owners.ts";
import { applyLayers, type ImageTree } from "../../src/inspect/tree/layers.ts";
import type { CraftedEntry } from "../tar/tar-writer.ts";
import { anyEntries } from "./any-entries.ts";
import { craftIndex } from "./craft-index.ts";
import { file, hardlink, whiteout } from "./entries.ts";

const treeOf = (...layers: readonly (readonly CraftedEntry[])[]): ImageTree =>
  applyLayers(layers.map((entries) => craftIndex(...entries)));

const LIBC = { type: "deb", name: "libc6", version: "2.36-9" } as const;
const LODASH = { type: "npm", name: "lodash", version: "4.17.21" } as const;

/** Who has whole folders, by their paths. */
function owning(tree: ImageTree, folders: Readonly<Record<string, PackageOwners["packages"][0]>>) {
  const names = Object.keys(folders);
  const owners: PackageOwners = {
    packages: Object.values(folders),
    ownerOf(path) {
      const text = tree.paths.textOf(path);
      const owner = names.findIndex((folder) => text.startsWith(`${folder}/`));
      return owner === -1 ? undefined : owner;
    },
  };
  return owners;
}

const NOBODY: PackageOwners = { packages: [], ownerOf: () => undefined };

describe("boxes", () => {
  it("are a layer with a package, or with a folder for what is in none", () => {
    const tree = treeOf([file("lib/libc.so", 20), file("etc/passwd", 3)], [file("lib/libm.so", 7)]);
    expect(fillBoxes(tree, owning(tree, { "/lib": LIBC }))).toEqual([
      { layer: 0, box: "pkg:deb/libc6@2.36-9", bytes: 20 },
      { layer: 1, box: "pkg:deb/libc6@2.36-9", bytes: 7 },
      { layer: 0, box: "/etc", bytes: 3 },
    ]);
  });

  it("name folders by three names at most", () => {
    const paths = ["top", "one/a", "one/two/b", "one/two/three/c", "one/two/three/four/five/d"];
    const tree = treeOf(paths.map((path, number) => file(path, 10 ** number)));
    expect(fillBoxes(tree, NOBODY)).toEqual([
      { layer: 0, box: "/one/two/three", bytes: 11_000 },
      { layer: 0, box: "/one/two", bytes: 100 },
      { layer: 0, box: "/one", bytes: 10 },
      { layer: 0, box: "/", bytes: 1 },
    ]);
  });

  it("have a file that lost its first name in the folder where it still is", () => {
    const linked = [file("tmp/build/server", 5), hardlink("usr/bin/server", "tmp/build/server")];
    const tree = treeOf(linked, [whiteout("tmp/build")]);
    expect(fillBoxes(tree, NOBODY)).toEqual([{ layer: 0, box: "/usr/bin", bytes: 5 }]);
  });

  it("have dead bytes too, where they were written", () => {
    const tree = treeOf([file("d/a", 5)], [file("d/a", 6)], [whiteout("d")]);
    expect(fillBoxes(tree, NOBODY)).toEqual([
      { layer: 1, box: "/d", bytes: 6 },
      { layer: 0, box: "/d", bytes: 5 },
    ]);
  });

  it("have a file with several names once, in that of its first name", () => {
    const tree = treeOf([file("b/x", 5), hardlink("a/y", "b/x")]);
    expect(fillBoxes(tree, NOBODY)).toEqual([{ layer: 0, box: "/b", bytes: 5 }]);
  });

  it("have a file in its package whatever other names it has", () => {
    const tree = treeOf([file("a/x", 5), hardlink("lib/y", "a/x")]);
    const owners = owning(tree, { "/lib": LIBC });
    const box = { layer: 0, box: "pkg:deb/libc6@2.36-9", bytes: 5 };
    expect(fillBoxes(tree, owners)).toEqual([box]);
    expect(weighPackages(tree, owners)).toEqual([{ ...LIBC, bytes: 5, layer: 0 }]);
  });

  it("of the same version in several places are one", () => {
    const tree = treeOf([file("a/lodash/x", 5), file("b/lodash/x", 5)]);
    const owners = owning(tree, { "/a/lodash": LODASH, "/b/lodash": LODASH });
    expect(fillBoxes(tree, owners)).toEqual([
      { layer: 0, box: "pkg:npm/lodash@4.17.21", bytes: 10 },
    ]);
  });

  it("that are too many are emptied into that of the root, smallest first", () => {
    const tree = treeOf([file("a/x", 9), file("b/x", 5), file("c/x", 3), file("x", 1)]);
    expect(fillBoxes(tree, NOBODY, 2)).toEqual([
      { layer: 0, box: "/a", bytes: 9 },
      { layer: 0, box: "/b", bytes: 5 },
      { layer: 0, box: "/", bytes: 4 },
    ]);
  });

  it("hold every byte once, whatever is in the layers", () => {
    fc.assert(
      fc.property(fc.array(anyEntries, { maxLength: 5 }), fc.nat(5), (layers, most) => {
        const indexes = layers.map((entries) => craftIndex(...entries));
        const tree = applyLayers(indexes);
        const boxes = fillBoxes(tree, owning(tree, { "/a": LIBC, "/b/c": LODASH }), most);
        const inLayer = indexes.map((_, number) =>
          boxes.filter(({ layer }) => layer === number).reduce((sum, { bytes }) => sum + bytes, 0),
        );
        expect(inLayer).toEqual(indexes.map(({ unpacked }) => unpacked));
      }),
      { numRuns: 500 },
    );
  });
});

describe("packages", () => {
  it("weigh what a container sees of them, with the layer that brought most", () => {
    const tree = treeOf(
      [file("lib/a", 10), file("lib/dead", 99), file("x/lodash/y", 30)],
      [file("lib/b", 12), whiteout("lib/dead")],
    );
    const owners = owning(tree, { "/lib": LIBC, "/x/lodash": LODASH });
    expect(weighPackages(tree, owners)).toEqual([
      { ...LODASH, bytes: 30, layer: 0 },
      { ...LIBC, bytes: 22, layer: 1 },
    ]);
  });

  it("of which nothing is left are not installed", () => {
    const tree = treeOf([file("lib/a", 10)], [whiteout("lib")]);
    expect(weighPackages(tree, owning(tree, { "/lib": LIBC }))).toEqual([]);
  });

  it("of the same version in several places are told once", () => {
    const tree = treeOf([file("a/lodash/x", 5)], [file("b/lodash/x", 6)]);
    const owners = owning(tree, { "/a/lodash": LODASH, "/b/lodash": LODASH });
    expect(weighPackages(tree, owners)).toEqual([{ ...LODASH, bytes: 11, layer: 1 }]);
  });
});
