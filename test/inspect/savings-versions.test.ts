// Files that were written again with the same content are followed back to the layer that brought them.

import { describe, expect, it } from "vitest";
import { ownersOf } from "../../src/inspect/packages/owners.ts";
import { findSavings } from "../../src/inspect/savings/find-savings.ts";
import { FolderHistory } from "../../src/inspect/savings/folders.ts";
import { metadataSavings } from "../../src/inspect/savings/metadata-changes.ts";
import type { Saving } from "../../src/inspect/savings/saving.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { followVersions } from "../../src/inspect/tree/versions.ts";
import type { CraftedEntry } from "../tar/tar-writer.ts";
import { craftIndex } from "./craft-index.ts";
import { file, folder, hardlink, symlink, whiteout } from "./entries.ts";

type Layers = readonly (readonly CraftedEntry[])[];

function savingsOf(...layers: Layers): readonly Saving[] {
  const indexes = layers.map((entries) => craftIndex(...entries));
  const tree = applyLayers(indexes);
  return findSavings(tree, indexes, [], ownersOf(tree, indexes));
}

function metadataOf(...layers: Layers): readonly Saving[] {
  return savingsOf(...layers).filter(({ rule }) => rule === "metadata-only");
}

/** The same entries with another owner, and another mode. */
function changed(
  entries: readonly CraftedEntry[],
  uid: number,
  mode = 0o644,
): readonly CraftedEntry[] {
  return entries.map((entry) => ({ ...entry, uid, mode }));
}

const [A, B] = [file("app/a", 300_000), file("app/b", 200_000, "y")];

describe("files that several layers changed", () => {
  it("are one saving where each did it to the same files", () => {
    const [saving, ...others] = metadataOf([A, B], changed([A, B], 7), changed([A, B], 7, 0o600));
    expect(others).toEqual([]);
    expect(saving).toMatchObject({
      ...{ bytes: 1_000_000, files: 2, layer: 0, middleLayers: [1], laterLayer: 2 },
      ...{ owner: "7:0", mode: "600", isSole: true },
    });
    expect(saving).not.toHaveProperty("isPartial");
  });

  it("are told with a layer between that wrote some of them as they were", () => {
    const [saving] = metadataOf([A, B], [B], changed([A, B], 7));
    expect(saving).toMatchObject({ layer: 0, laterLayer: 2, owner: "7:0", otherLayers: [1] });
    expect(metadataOf([A, B], changed([A, B], 7))[0]).not.toHaveProperty("otherLayers");
  });

  it("are several where a later one changed some of them, each of what the first one wrote", () => {
    const savings = metadataOf([A, B], changed([A, B], 7), changed([A], 7, 0o700));
    expect(savings).toMatchObject([
      { bytes: 500_000, layer: 0, laterLayer: 1, owner: "7:0" },
      { bytes: 300_000, layer: 0, laterLayer: 2, mode: "700", isPartial: true },
    ]);
    expect(savings[0]).not.toHaveProperty("isPartial");
  });

  it("are one saving where each changed all of them, whatever others did between", () => {
    const [first, between, last] = [
      changed([A, B], 7),
      changed([B], 7),
      changed([A, B], 8, 0o600),
    ] as const;
    const savings = metadataOf([A, B], first, between, last);
    expect(savings.find(({ laterLayer }) => laterLayer === 3)).toMatchObject({
      ...{ middleLayers: [1], owner: "8:0", mode: "600" },
    });
  });

  it("are several where they changed different ones", () => {
    const savings = metadataOf([A, B], changed([A], 7), changed([B], 7));
    expect(savings.map(({ laterLayer }) => laterLayer)).toEqual([1, 2]);
    expect(savings.every(({ isPartial }) => isPartial)).toBe(true);
  });
});

describe("a layer that changed files but for those that were so already", () => {
  const ready = { ...B, mode: 0o755 };

  // Engines with containerd's image store leave out what a change leaves as it is.
  it.each([
    ["left them out", changed([A], 0, 0o755)],
    ["has them again", changed([A, ready], 0, 0o755)],
  ])("changed all, whether it %s", (_, later) => {
    const [saving] = metadataOf([A, ready], later);
    expect(saving).toMatchObject({ mode: "755" });
    expect(saving).not.toHaveProperty("isPartial");
    expect(saving).not.toHaveProperty("owner");
  });

  it.each([
    ["mode", { ...B, mode: 0o600 }, changed([A], 0, 0o755)],
    ["owner", { ...B, uid: 7 }, changed([A], 8)],
    ["owner and mode", { ...B, uid: 8 }, changed([A], 8, 0o755)],
  ])("changed some, where others have another %s", (_, other, later) => {
    expect(metadataOf([A, other], later)).toMatchObject([{ isPartial: true }]);
  });

  it("gave them several modes, where it wrote them again as they were", () => {
    const [saving] = metadataOf([A, B], [...changed([A], 0, 0o755), ...changed([B], 0)]);
    expect(saving).toMatchObject({ mode: "…" });
  });
});

describe("a layer that changed files", () => {
  it("has nothing else but folders and links that were there", () => {
    const links = [symlink("app/link", "a"), file("app/empty", 0)];
    const layers = [
      [A, ...links],
      [folder("app"), ...changed([A, ...links], 7)],
    ];
    expect(metadataOf(...layers)).toMatchObject([{ isSole: true }]);
  });

  it.each([
    ["a new file", file("new", 1)],
    ["a new link", symlink("new", "app/a")],
    ["a file that it deletes", whiteout("app/gone")],
    ["another content", file("app/other", 1)],
  ])("has %s besides", (_, entry) => {
    const before = [A, file("app/gone", 1), file("app/other", 2)];
    expect(metadataOf(before, [...changed([A], 7), entry])[0]).not.toHaveProperty("isSole");
  });

  it.each([
    ["a new folder", folder("app/new")],
    ["another folder", { ...folder("data"), mode: 0o700 }],
  ])("has %s besides", (_, entry) => {
    const [saving] = metadataOf([folder("data")], [A], changed([A, entry], 7));
    expect(saving).not.toHaveProperty("isSole");
    expect(saving?.ownFolder).toBe("/app");
    expect(saving?.besides).toEqual([{ folders: [], paths: [`/${entry.path}`] }]);
  });

  it("has nothing else in the folder of all files, as far as that came with them", () => {
    const inner = [file("srv/app/a/x", 300_000), file("srv/app/b/y", 1)];
    const before = [folder("srv"), file("etc/passwd", 1)];
    const passwd = file("etc/passwd", 2);
    const ownFolders = (...layers: Layers) => metadataOf(...layers)[0]?.ownFolder;
    expect(ownFolders(before, inner, [...changed(inner, 7), passwd])).toBe("/srv/app");
    expect(ownFolders(before, inner.slice(0, 1), [...changed(inner.slice(0, 1), 7), passwd])).toBe(
      "/srv/app",
    );
    const third = file("srv/app/c/z", 1);
    expect(ownFolders([third], inner, changed([...inner, third], 7))).toBe("/srv/app");
    const link = symlink("srv/app/c/z", "y");
    expect(ownFolders([link], inner, changed([...inner, link], 7))).toBe("/srv/app");
    expect(ownFolders(before, [...inner, link], changed([...inner, link], 7))).toBe("/srv/app");
  });

  it("has the outermost of what is of others told, a list for each", () => {
    const older = [file("app/c/d/z", 1), file("app/c/e", 1)];
    const first = changed([A, file("app/log/x", 1)], 7);
    const second = changed([A, ...older], 7, 0o600);
    const [saving] = metadataOf(older, [A], [...changed([folder("app/run")], 7), ...first], second);
    expect(saving?.besides).toEqual([
      { folders: [], paths: ["/app/run", "/app/log"] },
      { folders: [], paths: ["/app/c"] },
    ]);
  });

  it("has more than is told, or what has another place", () => {
    const many = Array.from({ length: 41 }, (_, at) => file(`app/new-${at}`, 1));
    const besides = (...entries: readonly CraftedEntry[]) =>
      metadataOf([A], changed([A, ...entries], 7))[0]?.besides;
    expect(besides(...many)?.[0]).toMatchObject({ isCut: true, paths: { length: 40 } });
    expect(besides(hardlink("app/link", "app/a"))).toMatchObject([{ isCut: true }]);
    expect(besides(symlink("app/link", "a"))).toBeUndefined();
    expect(besides(folder("app/new"), symlink("app/new/link", "a"))).toEqual([
      { folders: [], paths: ["/app/new"] },
    ]);
  });

  it("has nothing besides that is to go on being given away, if it made it afterwards", () => {
    const [saving] = metadataOf([A], [...changed([A], 7), folder("app/log"), file("app/log/x", 1)]);
    expect(saving).not.toHaveProperty("besides");
    expect(saving).not.toHaveProperty("isSole");
    expect(saving?.ownFolder).toBe("/");
  });

  it("gave empty files something too", () => {
    const empty = file("app/token", 0);
    const both = [...changed([A], 0, 0o755), ...changed([empty], 0, 0o600)];
    expect(metadataOf([A, empty], both)).toMatchObject([{ mode: "…", files: 2, bytes: 300_000 }]);
    const owned = [...changed([A], 7), ...changed([empty], 9)];
    expect(metadataOf([A, empty], owned)).toMatchObject([{ owner: "…" }]);
  });

  it("has nothing besides where it makes of each name of a file one of its own", () => {
    const linked = [A, hardlink("app/b", "app/a")];
    const parted = changed([A, { ...A, path: "app/b" }], 7);
    expect(metadataOf(linked, parted)).toMatchObject([{ isSole: true, owner: "7:0" }]);
  });

  it("has files besides that a third one wrote", () => {
    const savings = metadataOf([A], [B], changed([A, B], 7));
    expect(savings.map((saving) => saving.isSole)).toEqual([undefined, undefined]);
  });
});

describe("folders", () => {
  const app = { ...folder("app"), mode: 0o755 };

  it("are told as they are in the end, where the first layer made them", () => {
    const layers = [[app, A], changed([app, A], 7, 0o700)];
    expect(metadataOf(...layers)).toMatchObject([{ folderOwner: "7:0", folderMode: "700" }]);
    const [files] = metadataOf([app, A], changed([A], 7, 0o600));
    expect(files).toMatchObject({ folderOwner: "0:0", folderMode: "755" });
    const inner = { ...folder("app/inner"), mode: 0o700 };
    expect(metadataOf([app, inner, A], changed([A], 7))).toMatchObject([{ folderMode: "…" }]);
  });

  it("are told apart where they were there before, and were changed too", () => {
    const other = { ...folder("other"), mode: 0o755 };
    const [saving] = metadataOf(
      [app, other],
      [app, A],
      changed([app, other, folder("new"), A], 7, 0o755),
    );
    expect(saving?.besides).toEqual([
      { folders: [{ path: "/app", isOwnerNew: true }], paths: ["/other", "/new"] },
    ]);
    expect(saving).not.toHaveProperty("folderOwner");
    const [moded] = metadataOf([app, A], [{ ...app, mode: 0o700 }, ...changed([A], 7)]);
    expect(moded?.besides).toEqual([{ folders: [{ path: "/app", isModeNew: true }], paths: [] }]);
    const uploads = { ...folder("app/uploads"), mode: 0o755 };
    const [given] = metadataOf(
      [app, uploads, A],
      [{ ...app, uid: 7 }, { ...uploads, uid: 9 }, ...changed([A], 7)],
    );
    expect(given?.besides).toEqual([
      { folders: [{ path: "/app/uploads", isOwnerNew: true }], paths: [] },
    ]);
    const [both] = metadataOf([app, A], changed([app, A], 7, 0o700));
    expect(both).toMatchObject({ foldersGetMode: true });
    expect(both).not.toHaveProperty("besides");
    const [same] = metadataOf([app], [app, A], [app, ...changed([A], 7)]);
    expect(same).not.toHaveProperty("besides");
    const etc = { ...folder("etc"), mode: 0o755 };
    const [by] = metadataOf([etc], [A], [etc, ...changed([A], 7)]);
    expect(by).toMatchObject({ isSole: true });
    expect(by).not.toHaveProperty("besides");
  });
});

it("folders are not followed where there are more than can be", () => {
  const layers = [craftIndex(folder("a"), folder("b"))];
  const historyOf = (most?: number) =>
    new FolderHistory(applyLayers(layers), layers, new Set([0]), most);
  expect(historyOf().madeBy(0, 0)).toHaveLength(2);
  const few = historyOf(1);
  expect([few.isWhole, few.madeBy(0, 0)]).toEqual([false, []]);
});

describe("of many layers that changed files", () => {
  const files = Array.from({ length: 3 }, (_, at) => file(`app/${at}`, 300_000 + at, `${at}`));
  const layers = [
    [folder("app"), ...files],
    ...files.map((_, at) => [
      { ...folder("app"), uid: at + 1 },
      ...changed(files.slice(at), at + 1),
    ]),
  ].map((entries) => craftIndex(...entries));
  const tree = applyLayers(layers);
  const most = (number: number) =>
    metadataSavings(tree, layers, followVersions(tree), { least: 1, most: number });

  it("the largest are looked at more closely, as many as are to be told", () => {
    expect(most(10).map(({ bytes }) => bytes)).toEqual([900_003, 600_003, 300_002]);
    expect(most(1)).toMatchObject([{ bytes: 900_003, layer: 0, laterLayer: 1, isSole: true }]);
  });

  it("the changed layer is gone through as often, however many changed it", () => {
    let reads = 0;
    const counting = { ...tree, layerPaths: tree.layerPaths.map(countedReads) };
    function countedReads(paths: (typeof tree.layerPaths)[number]) {
      return new Proxy(paths, {
        get(target, key) {
          if (key === Symbol.iterator) reads++;
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    }
    metadataSavings(counting, layers, followVersions(tree), { least: 1, most: 10 });
    // All once, and the one that they have changed once more.
    expect(reads).toBe(layers.length + 1);
  });
});

describe("what is left", () => {
  const git = [file("app/.git/pack", 300_000)];

  it("is told with all its versions, by the layer that wrote the first", () => {
    const savings = savingsOf([file("x", 1)], git, changed(git, 7));
    expect(savings.find(({ rule }) => rule === "context")).toEqual({
      ...{ rule: "context", subject: ".git", bytes: 600_000, files: 1, layer: 1 },
      paths: ["/app/.git/pack"],
    });
  });

  it("is told in parts where it was deleted, beside the whole and the rest", () => {
    const gone = [whiteout("app/.git"), whiteout("app/a")];
    const dead = savingsOf([...git, A], changed([...git, A], 7), gone).filter(
      ({ laterLayer }) => laterLayer === 2,
    );
    expect(dead).toMatchObject([
      { rule: "deleted-later", layer: 0, bytes: 1_200_000, files: 2 },
      { rule: "context", subject: ".git", layer: 0, bytes: 600_000 },
      { rule: "deleted-later", layer: 0, bytes: 600_000, isRest: true, paths: ["/app/a"] },
    ]);
  });

  it("of a package manager is told with whom it belongs to, if not root", () => {
    const cache = { ...file("home/a/.cache/pip/b", 200_000), uid: 1000, gid: 100 };
    expect(savingsOf([cache])).toMatchObject([{ rule: "package-cache", owner: "1000:100" }]);
    expect(savingsOf([file("root/.cache/pip/b", 200_000)])[0]).not.toHaveProperty("owner");
  });
});

it("large files are told each, with all versions, by the layer that wrote the first", () => {
  const model = file("model", 10_000_000);
  const large = savingsOf([model, file("less", 9_999_999)], changed([model], 7)).filter(
    ({ rule }) => rule === "large-file",
  );
  expect(large).toEqual([
    { rule: "large-file", bytes: 20_000_000, files: 1, layer: 0, paths: ["/model"] },
  ]);
});
