// Files with the same bytes: which of them is the copy, and what it weighs.

import { describe, expect, it } from "vitest";
import { ownersOf } from "../../src/inspect/packages/owners.ts";
import { findSavings } from "../../src/inspect/savings/find-savings.ts";
import type { Saving } from "../../src/inspect/savings/saving.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import type { CraftedEntry } from "../tar/tar-writer.ts";
import { craftIndex } from "./craft-index.ts";
import { file, hardlink, whiteout } from "./entries.ts";

type Layers = readonly (readonly CraftedEntry[])[];

function savingsOf(...layers: Layers): readonly Saving[] {
  const indexes = layers.map((entries) => craftIndex(...entries));
  const tree = applyLayers(indexes);
  return findSavings(tree, indexes, [], ownersOf(tree, indexes));
}

/** The same entries with another owner. */
function changed(entries: readonly CraftedEntry[], uid: number): readonly CraftedEntry[] {
  return entries.map((entry) => ({ ...entry, uid, mode: 0o644 }));
}

const A = file("app/a", 300_000);

describe("copies", () => {
  it("are told with where the same content is too", () => {
    const savings = savingsOf([file("a", 200_000)], [file("b", 200_000), file("c", 200_000)]);
    expect(savings).toEqual([
      {
        rule: "duplicate-content",
        bytes: 400_000,
        files: 2,
        layer: 0,
        laterLayer: 1,
        twin: "/a",
        paths: ["/b", "/c"],
      },
    ]);
  });

  it("are not what packages bring", () => {
    const list = { path: "var/lib/dpkg/info/tool.list", content: "/usr/bin/tool\n" };
    const status = {
      path: "var/lib/dpkg/status",
      content: "Package: tool\nStatus: install ok installed\nVersion: 1\n",
    };
    const twice = [file("opt/tool", 200_000), file("usr/bin/tool", 200_000)];
    expect(savingsOf([list, status, ...twice])).toEqual([]);
  });

  it.each([
    ["another mode", { mode: 0o755 }, { mode: 0o644 }],
    ["the rights of another owner", { uid: 7, mode: 0o4755 }, { mode: 0o4755 }],
    ["to be kept from others", { uid: 7, mode: 0o600 }, { mode: 0o600 }],
  ])("are not what has %s", (_, one, other) => {
    const [a, b] = [file("a", 200_000), file("b", 200_000)];
    const copies = (first: object, second: object) =>
      savingsOf([
        { ...a, ...first },
        { ...b, ...second },
      ]);
    expect(copies(one, other)).toEqual([]);
    expect(copies(one, one)).toMatchObject([{ rule: "duplicate-content" }]);
  });

  it("are not what has other content, nor another name of one file", () => {
    expect(savingsOf([file("a", 200_000), file("b", 200_000, "y")])).toEqual([]);
    expect(savingsOf([file("a", 200_000), hardlink("b", "a")])).toEqual([]);
  });

  it.each(["tmp/a", "root/.cache/pip/a", "app/.git/a", "app/tests/a"])(
    "are neither made nor kept of what a container can do without: %s",
    (leftover) => {
      for (const order of [
        [leftover, "opt/a"],
        ["opt/a", leftover],
      ]) {
        const savings = savingsOf(order.map((path) => file(path, 200_000)));
        expect(savings.map(({ rule }) => rule)).not.toContain("duplicate-content");
      }
    },
  );

  it("are told with all their versions, by the layers that wrote the first", () => {
    const two = [A, file("app/copy", 300_000)];
    const savings = savingsOf([file("x", 1)], two, changed(two, 7));
    expect(savings.find(({ rule }) => rule === "duplicate-content")).toMatchObject({
      ...{ bytes: 600_000, layer: 1, laterLayer: 1, paths: ["/app/copy"], twin: "/app/a" },
    });
  });

  it("are those that came last, whatever became of the first", () => {
    const first = file("app/a", 300_000);
    const savings = savingsOf(
      [file("x", 1)],
      [first],
      [file("copy", 300_000)],
      changed([first], 7),
    );
    expect(savings.filter(({ rule }) => rule === "duplicate-content")).toEqual([
      {
        ...{ rule: "duplicate-content", bytes: 300_000, files: 1, layer: 1, laterLayer: 2 },
        ...{ twin: "/app/a", paths: ["/copy"], hasOtherOwner: true },
      },
    ]);
  });

  it("are all told beside the one that came first", () => {
    const [first, second, third] = ["app/a", "app/b", "app/c"].map((path) => file(path, 300_000));
    if (!first || !second || !third) throw new Error("three files");
    const savings = savingsOf([first], [second], [third], changed([first], 7));
    expect(savings.filter(({ rule }) => rule === "duplicate-content")).toMatchObject([
      { bytes: 300_000, layer: 0, laterLayer: 1, twin: "/app/a", paths: ["/app/b"] },
      { bytes: 300_000, layer: 0, laterLayer: 2, twin: "/app/a", paths: ["/app/c"] },
    ]);
  });
});

describe("copies that have been one file", () => {
  const one = [A, hardlink("app/b", "app/a")];
  const apart = [A, { ...A, path: "app/b" }];
  const copies = (...layers: Layers) =>
    savingsOf([file("x", 1)], ...layers).filter(({ rule }) => rule === "duplicate-content");

  it("are told by the layer that wrote each name by itself", () => {
    const [copy, ...others] = copies(one, changed(apart, 7), changed(apart, 8));
    expect(copy).toMatchObject({ bytes: 600_000, layer: 2, laterLayer: 2, paths: ["/app/b"] });
    expect(others).toEqual([]);
  });

  it("are so where the layer whitens out what it writes", () => {
    const whitened = [whiteout("app/a"), whiteout("app/b"), ...changed(apart, 7)];
    expect(copies(one, whitened)).toMatchObject([{ bytes: 300_000, layer: 2, laterLayer: 2 }]);
  });

  it("are none while they are one in each layer", () => {
    expect(copies(one, changed(one, 7))).toEqual([]);
  });

  it("are told beside the first that they are taken from", () => {
    const taken = changed([{ ...A, path: "app/b" }], 7);
    expect(copies(one, taken)).toMatchObject([
      { bytes: 300_000, layer: 1, laterLayer: 2, paths: ["/app/b"], twin: "/app/a" },
    ]);
  });
});
