// What a layer deletes and writes elsewhere was moved.

import { describe, expect, it } from "vitest";
import { ownersOf } from "../../src/inspect/packages/owners.ts";
import { findSavings } from "../../src/inspect/savings/find-savings.ts";
import { type Saving, SEVERAL } from "../../src/inspect/savings/saving.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import type { CraftedEntry } from "../tar/tar-writer.ts";
import { craftIndex } from "./craft-index.ts";
import { file, folder, symlink, whiteout } from "./entries.ts";

function deletedIn(...layers: readonly (readonly CraftedEntry[])[]): readonly Saving[] {
  const indexes = layers.map((entries) => craftIndex(...entries));
  const tree = applyLayers(indexes);
  const savings = findSavings(tree, indexes, [], ownersOf(tree, indexes));
  return savings.filter(({ rule }) => rule === "deleted-later" || rule === "context");
}

const APP = [file("app/a", 300_000), file("app/b/c", 200_000, "y")];
const MOVED = [file("opt/app/a", 300_000), file("opt/app/b/c", 200_000, "y")];

describe("what is deleted", () => {
  it("was moved where the same layer writes it elsewhere", () => {
    expect(deletedIn(APP, [whiteout("app"), ...MOVED])).toEqual([
      {
        ...{ rule: "deleted-later", bytes: 500_000, files: 2, layer: 0, laterLayer: 1 },
        ...{ isSole: true, movedTo: "/opt/app", paths: ["/app/a", "/app/b/c"] },
      },
    ]);
  });

  it("was so where nearly all of it was", () => {
    const more = (bytes: number) => [...APP, file("app/more", bytes, "z")];
    expect(deletedIn(more(20_000), [whiteout("app"), ...MOVED])).toMatchObject([
      { bytes: 500_000, movedTo: "/opt/app", isPartial: true },
    ]);
    const [deleted, ...others] = deletedIn(more(50_000), [whiteout("app"), ...MOVED]);
    expect(deleted).toMatchObject({ bytes: 550_000, files: 3, movesSome: true });
    expect(deleted).not.toHaveProperty("movedTo");
    expect(others).toEqual([]);
    const [none] = deletedIn(more(50_000), [whiteout("app")]);
    expect(none).not.toHaveProperty("movesSome");
  });

  it("was moved with the bytes that this took, whatever was done to it before", () => {
    const owned = APP.map((entry) => ({ ...entry, uid: 7 }));
    expect(deletedIn(APP, owned, [whiteout("app"), ...MOVED])).toMatchObject([
      { bytes: 500_000, layer: 0, laterLayer: 2, owner: "0:0" },
    ]);
  });

  it("was moved alone where the layer below has more, or the later one deletes more", () => {
    const one = [whiteout("app/a"), file("opt/a", 300_000)];
    const [part] = deletedIn(APP, one);
    expect(part).toMatchObject({ isPartial: true, isSole: true, movedTo: "/opt/a" });
    const [all] = deletedIn([file("x", 1)], APP, [whiteout("x"), whiteout("app"), ...MOVED]);
    expect(all).not.toHaveProperty("isSole");
    expect(all).not.toHaveProperty("isPartial");
  });

  it("was not moved where it has been elsewhere before, and was changed there", () => {
    const changed = MOVED.map((entry) => ({ ...entry, uid: 7 }));
    const [deleted] = deletedIn([...APP, ...MOVED], [whiteout("app"), ...changed]);
    expect(deleted).not.toHaveProperty("movedTo");
  });

  it("is not told in parts where it was moved", () => {
    const moved = [whiteout("app"), file("opt/app/tests/a", 300_000)];
    expect(deletedIn([file("app/tests/a", 300_000)], moved)).toMatchObject([
      { rule: "deleted-later", movedTo: "/opt/app/tests/a" },
      { rule: "context", layer: 1 },
    ]);
  });

  it.each([
    ["an empty file", file("app/empty", 0), file("opt/app/empty", 0)],
    ["a link", symlink("app/link", "a"), symlink("opt/app/link", "a")],
    ["a folder without files", folder("app/data"), folder("opt/app/data")],
  ])("was not moved alone where there is more: %s", (_, old, now) => {
    const isMoved = { bytes: 500_000, movedTo: "/opt/app" };
    for (const layers of [
      [
        [...APP, old],
        [whiteout("app/a"), whiteout("app/b"), ...MOVED],
      ],
      [
        [...APP, old],
        [whiteout("app"), ...MOVED, now],
      ],
      [APP, [old], [whiteout("app"), ...MOVED, now]],
    ]) {
      const [deleted] = deletedIn(...layers);
      expect(deleted).toMatchObject(isMoved);
      expect(deleted).not.toHaveProperty("isSole");
    }
  });

  it("was moved alone with the folders that it is in", () => {
    const folders = ["app", "app/b"].map(folder);
    const moved = ["dev", "etc", "proc", "sys", "opt", "opt/app", "opt/app/b"].map(folder);
    const [deleted] = deletedIn([...folders, ...APP], [whiteout("app"), ...moved, ...MOVED]);
    expect(deleted).toMatchObject({ isSole: true });
  });

  it("is shared where several layers had it", () => {
    const [one, other] = APP.map((entry) => [entry]);
    const moves = deletedIn(one ?? [], other ?? [], [whiteout("app"), ...MOVED]);
    expect(moves).toMatchObject([{ isShared: true }, { isShared: true }]);
    expect(moves.some(({ isSole }) => isSole)).toBe(false);
  });

  it("was moved as a whole with all files that are alike", () => {
    const [app, opt] = ["app", "opt/app"].map((at) => [
      file(`${at}/a`, 300_000),
      file(`${at}/b`, 300_000),
    ]);
    expect(deletedIn(app ?? [], [whiteout("app"), ...(opt ?? [])])).toMatchObject([
      { bytes: 600_000, files: 2, isSole: true, movedTo: "/opt/app" },
    ]);
  });

  it.each([
    ["one of two", [[file("d/a", 300_000), file("d/b", 300_000)]], [file("opt/a", 300_000)]],
    ["to two", [[file("d/a", 300_000)]], [file("x/a", 300_000), file("y/a", 300_000)]],
    ["of one of two", [[file("d/a", 300_000)], [file("d/b", 300_000)]], [file("z/a", 300_000)]],
    [
      "of each, nobody knows which",
      [[file("d/a", 300_000)], [file("d/b", 300_000)]],
      [file("z/a", 300_000), file("z/b", 300_000)],
    ],
  ])("was not moved where what is alike does not match: %s", (_, layers, written) => {
    const all = deletedIn(...layers, [whiteout("d"), ...written]);
    expect(all).not.toEqual([]);
    for (const each of all) expect(each).not.toHaveProperty("movedTo");
  });

  it("gets an owner and a mode from the file that it is matched with", () => {
    const written = [
      { ...file("opt/a", 300_000), uid: 7 },
      { ...file("opt/b", 300_000), uid: 8 },
    ];
    const old = [file("app/a", 300_000), file("app/b", 300_000)];
    expect(deletedIn(old, [whiteout("app"), ...written])).toMatchObject([{ owner: SEVERAL }]);
    const swapped = written.map(({ uid }, at) => ({ ...file(`app/${"ba"[at]}`, 300_000), uid }));
    expect(deletedIn(swapped, [whiteout("app"), ...written])).toMatchObject([{ owner: SEVERAL }]);
  });
});
