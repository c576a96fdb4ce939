import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LayerIndex } from "../../../src/inspect/layer/layer-index.ts";
import { applyLayers } from "../../../src/inspect/tree/layers.ts";
import { growth, LINEAR } from "../../growth.ts";
import type { CraftedEntry } from "../../tar/tar-writer.ts";
import { anyEntries } from "../any-entries.ts";
import { craftIndex } from "../craft-index.ts";
import { file, folder, hardlink, opaque, symlink, whiteout } from "../entries.ts";
import { deadFiles, files, otherChanges, things } from "../listing.ts";
import { referenceTree } from "../reference-tree.ts";

/** A rule: layers, the names that are left, and the files that are dead, each with its killer. */
interface Rule {
  readonly rule: string;
  readonly layers: readonly (readonly CraftedEntry[])[];
  readonly live: readonly string[];
  readonly dead: readonly string[];
}

const RULES: readonly Rule[] = [
  {
    rule: "layers add up",
    layers: [[file("a", 1)], [file("b", 2)]],
    live: ["/a 1 @0", "/b 2 @1"],
    dead: [],
  },
  {
    rule: "a file takes the place of a file",
    layers: [[file("a", 1)], [file("a", 2)]],
    live: ["/a 2 @1"],
    dead: ["/a 1 @0 overwritten @1 for /a @1"],
  },
  {
    rule: "a file of the same size with other content is another one",
    layers: [[file("a", 2)], [file("a", 2, "y")]],
    live: ["/a 2 @1"],
    dead: ["/a 2 @0 overwritten @1 for /a @1"],
  },
  {
    rule: "a file with the same content is only told anew",
    layers: [[file("a", 2)], [{ ...file("a", 2), mode: 0o600, uid: 9 }]],
    live: ["/a 2 @1"],
    dead: ["/a 2 @0 metadata @1 for /a @1"],
  },
  {
    rule: "the second of two in one layer kills the first",
    layers: [[file("a", 1), file("a", 2)]],
    live: ["/a 2 @0"],
    dead: ["/a 1 @0 overwritten @0 for /a @0"],
  },
  {
    rule: "a whiteout hides a file",
    layers: [[file("a", 1), file("b", 1)], [whiteout("a")]],
    live: ["/b 1 @0"],
    dead: ["/a 1 @0 deleted @1"],
  },
  {
    rule: "a whiteout hides a folder with all in it",
    layers: [[file("d/e/f", 1), file("d/g", 2)], [whiteout("d")]],
    live: [],
    dead: ["/d/e/f 1 @0 deleted @1", "/d/g 2 @0 deleted @1"],
  },
  {
    rule: "a whiteout hides nothing of its own layer",
    layers: [[file("d/a", 1)], [file("d/a", 2), whiteout("d/a"), whiteout("d")]],
    live: ["/d/a 2 @1"],
    dead: ["/d/a 1 @0 overwritten @1 for /d/a @1"],
  },
  {
    rule: "a whiteout of what is written again says that it is overwritten",
    layers: [
      [file("a", 1), file("b", 1)],
      [whiteout("a"), whiteout("b"), file("a", 1)],
    ],
    live: ["/a 1 @1"],
    dead: ["/a 1 @0 metadata @1 for /a @1", "/b 1 @0 deleted @1"],
  },
  {
    rule: "a whiteout of nothing does nothing",
    layers: [[file("a", 1)], [whiteout("b/c")]],
    live: ["/a 1 @0"],
    dead: [],
  },
  {
    rule: "a whiteout of what is hidden already leaves it to the first",
    layers: [[file("d/a", 1)], [whiteout("d/a")], [whiteout("d/a"), whiteout("d")]],
    live: [],
    dead: ["/d/a 1 @0 deleted @1"],
  },
  {
    rule: "an opaque folder hides what is below, wherever it stands in the archive",
    layers: [
      [file("d/a", 1), file("d/e/b", 1), file("x", 1)],
      [file("d/c", 2), opaque("d")],
    ],
    live: ["/d/c 2 @1", "/x 1 @0"],
    dead: ["/d/a 1 @0 deleted @1", "/d/e/b 1 @0 deleted @1"],
  },
  {
    rule: "an opaque folder that has the same file again has overwritten it",
    layers: [
      [file("d/a", 1), file("d/b", 1)],
      [opaque("d"), file("d/a", 1), file("d/b", 2)],
    ],
    live: ["/d/a 1 @1", "/d/b 2 @1"],
    dead: ["/d/a 1 @0 metadata @1 for /d/a @1", "/d/b 1 @0 overwritten @1 for /d/b @1"],
  },
  {
    rule: "what was hidden stays hidden when its folder comes back",
    layers: [[file("d/a", 1)], [whiteout("d")], [folder("d"), file("d/b", 2)]],
    live: ["/d/b 2 @2"],
    dead: ["/d/a 1 @0 deleted @1"],
  },
  {
    rule: "what comes back in a later layer was deleted before",
    layers: [[file("a", 1)], [whiteout("a")], [file("a", 1)]],
    live: ["/a 1 @2"],
    dead: ["/a 1 @0 deleted @1"],
  },
  {
    rule: "folders merge",
    layers: [[file("d/a", 1)], [folder("d"), file("d/b", 2)]],
    live: ["/d/a 1 @0", "/d/b 2 @1"],
    dead: [],
  },
  {
    rule: "a file takes the place of a folder",
    layers: [[file("d/a", 1)], [file("d", 2)]],
    live: ["/d 2 @1"],
    dead: ["/d/a 1 @0 deleted @1"],
  },
  {
    rule: "a symbolic link takes it too",
    layers: [[file("d/a", 1)], [symlink("d", "e")]],
    live: [],
    dead: ["/d/a 1 @0 deleted @1"],
  },
  {
    rule: "a symbolic link takes the place of a file",
    layers: [[file("a", 1)], [symlink("a", "b")]],
    live: [],
    dead: ["/a 1 @0 overwritten @1"],
  },
  {
    rule: "a folder takes the place of a file",
    layers: [[file("d", 1)], [folder("d")]],
    live: [],
    dead: ["/d 1 @0 overwritten @1"],
  },
  {
    rule: "so does one without an entry",
    layers: [[file("d", 1)], [file("d/a", 2)]],
    live: ["/d/a 2 @1"],
    dead: ["/d 1 @0 overwritten @1"],
  },
  {
    rule: "symbolic links are not followed to what is hidden",
    layers: [[file("real/a", 1), symlink("link", "real")], [whiteout("link")]],
    live: ["/real/a 1 @0"],
    dead: [],
  },
  {
    rule: "nor inside of them",
    layers: [[file("real/a", 1), symlink("link", "real")], [whiteout("link/a")]],
    live: ["/real/a 1 @0"],
    dead: [],
  },
  {
    rule: "a hard link is another name of the same file",
    layers: [[file("a", 5), hardlink("b", "a")]],
    live: ["/a 5 @0", "/b 5 @0"],
    dead: [],
  },
  {
    rule: "a hard link makes no folder of what it leads through",
    layers: [[file("a", 5)], [hardlink("b", "a/c/d")]],
    live: ["/a 5 @0"],
    dead: [],
  },
  {
    rule: "a file lives as long as one of its names",
    layers: [[file("a", 5), hardlink("b", "a")], [whiteout("a")]],
    live: ["/b 5 @0"],
    dead: [],
  },
  {
    rule: "a name keeps its file when the first name gets another",
    layers: [[file("a", 5), hardlink("b", "a")], [file("a", 1)]],
    live: ["/a 1 @1", "/b 5 @0"],
    dead: [],
  },
  {
    rule: "a file dies with its last name, by the layer that takes that",
    layers: [[file("a", 5), hardlink("b", "a")], [whiteout("a")], [whiteout("b")]],
    live: [],
    dead: ["/a 5 @0 deleted @2"],
  },
  {
    rule: "a file whose names are all written again by one layer is dead once",
    layers: [
      [file("a", 5), hardlink("b", "a")],
      [file("a", 5), hardlink("b", "a")],
    ],
    live: ["/a 5 @1", "/b 5 @1"],
    dead: ["/a 5 @0 metadata @1 for /a @1"],
  },
  {
    rule: "a hard link across layers is a copy, as archives have them",
    layers: [[file("a", 5)], [file("a", 5), hardlink("b", "a")]],
    live: ["/a 5 @1", "/b 5 @1"],
    dead: ["/a 5 @0 metadata @1 for /a @1"],
  },
  {
    rule: "a hard link to itself changes nothing",
    layers: [[file("a", 5), hardlink("a", "a")]],
    live: ["/a 5 @0"],
    dead: [],
  },
  {
    rule: "a hard link in the place of the folder that its target is in keeps the file",
    layers: [[file("d/a", 5), file("d/b", 1), hardlink("d", "d/a")]],
    live: ["/d 5 @0"],
    dead: ["/d/b 1 @0 deleted @0"],
  },
  {
    rule: "a hard link to what is not there is nothing",
    layers: [[hardlink("b", "a")]],
    live: [],
    dead: [],
  },
  {
    rule: "to what was hidden too",
    layers: [[file("d/a", 1)], [whiteout("d")], [hardlink("b", "d/a")]],
    live: [],
    dead: ["/d/a 1 @0 deleted @1"],
  },
  {
    rule: "the root may be opaque",
    layers: [[file("a", 1)], [{ path: ".wh..wh..opq" }, file("b", 2)]],
    live: ["/b 2 @1"],
    dead: ["/a 1 @0 deleted @1"],
  },
];

describe("layers on top of each other", () => {
  it.each(RULES)("$rule", ({ layers, live, dead }) => {
    const tree = applyLayers(layers.map((entries) => craftIndex(...entries)));
    expect(files(tree)).toEqual(live);
    expect(deadFiles(tree)).toEqual(dead);
  });

  it.each(RULES)("are the same to the reference: $rule", ({ layers, live, dead }) => {
    expect(referenceTree(layers)).toMatchObject({ files: live, dead });
  });

  it("make the same image as a simple reference, with the same dead, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(anyEntries, { maxLength: 5 }), (layers) => {
        const tree = applyLayers(layers.map((entries) => craftIndex(...entries)));
        expect({
          files: files(tree),
          dead: deadFiles(tree),
          things: things(tree),
          // A layer that writes a link again has changed it, however much it knows of that.
          changes: otherChanges(tree).filter((change) => !change.startsWith("~")),
        }).toEqual(referenceTree(layers));
      }),
      { numRuns: 2000 },
    );
  });

  it("keep the mode and the owner of a file, of all layers in one table", () => {
    const owned = (path: string, uid: number): CraftedEntry => ({
      path,
      uid,
      gid: 5,
      mode: 0o4755,
    });
    const layers = [craftIndex(owned("a", 1)), craftIndex(owned("b", 2), owned("c", 1))];
    const { files: all, owners } = applyLayers(layers);
    const uids = [0, 1, 2].map((number) => owners[all.owners.at(number)]?.uid);
    expect([uids, all.modes.at(0), owners.length]).toEqual([[1, 2, 1], 0o4755, 2]);
  });

  it("are not slow where a full folder is hidden over and over", () => {
    const growths = growthOf((count) => {
      const content = craftIndex(...numbered(count, (name) => file(`d/${name}`, 0)));
      const whiteouts = craftIndex(...numbered(count, () => whiteout("d")));
      return [content, whiteouts, content, whiteouts];
    });
    expect(growths).toBeLessThan(LINEAR);
  });

  it("are not slow where a deep folder is filled and hidden in turns", () => {
    const deep = Array.from({ length: 40 }, () => "d").join("/");
    const growths = growthOf((count) => {
      const content = craftIndex(...numbered(count / 4, (name) => file(`${deep}/${name}`, 0)));
      const hidden = craftIndex(whiteout("d"));
      return Array.from({ length: 20 }, () => [content, hidden]).flat();
    });
    expect(growths).toBeLessThan(LINEAR);
  });

  it("are not slow where each of many files is hidden by itself", () => {
    const growths = growthOf((count) => {
      const content = craftIndex(...numbered(count, (name) => file(`d/${name}`, 0)));
      const whiteouts = craftIndex(...numbered(count, (name) => whiteout(`d/${name}`)));
      return [content, whiteouts, content, whiteouts];
    });
    expect(growths).toBeLessThan(LINEAR);
  });
});

function numbered(count: number, make: (name: string) => CraftedEntry): readonly CraftedEntry[] {
  return Array.from({ length: count }, (_, number) => make(String(number)));
}

/** What is added to the time in which layers are applied that have many files. */
function growthOf(layersWith: (count: number) => readonly LayerIndex[]): number {
  const most = 20_000;
  const layers = new Map([most / 4, most].map((count) => [count, layersWith(count)]));
  return growth(most, (count) => applyLayers(layers.get(count) ?? []));
}
