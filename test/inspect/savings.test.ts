import { describe, expect, it } from "vitest";
import { ownersOf } from "../../src/inspect/packages/owners.ts";
import { findSavings } from "../../src/inspect/savings/find-savings.ts";
import type { Saving } from "../../src/inspect/savings/saving.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import type { CraftedEntry } from "../tar/tar-writer.ts";
import { craftIndex } from "./craft-index.ts";
import { file, hardlink, whiteout } from "./entries.ts";

function savingsOf(...layers: readonly (readonly CraftedEntry[])[]): readonly Saving[] {
  const indexes = layers.map((entries) => craftIndex(...entries));
  const tree = applyLayers(indexes);
  return findSavings(tree, indexes, [], ownersOf(tree, indexes));
}

describe("files with several names", () => {
  const build = [file("tmp/build/server", 500_000), hardlink("usr/bin/server", "tmp/build/server")];

  it("are no leftovers where the name is gone that was one", () => {
    expect(savingsOf(build, [whiteout("tmp/build")])).toEqual([]);
  });

  it("are no leftovers where another name is none", () => {
    expect(savingsOf(build)).toEqual([]);
    expect(savingsOf([file("a", 500_000), hardlink("tmp/a", "a")])).toEqual([]);
  });

  it("are leftovers where all of their names are", () => {
    expect(savingsOf([file("tmp/a", 500_000), hardlink("tmp/b", "tmp/a")])).toMatchObject([
      { rule: "package-cache", bytes: 500_000, paths: ["/tmp/a"] },
    ]);
  });

  it("are copies under a name that they still have", () => {
    const layers = [
      [file("opt/first", 500_000), hardlink("opt/second", "opt/first"), file("opt/copy", 500_000)],
      [whiteout("opt/first")],
    ];
    expect(savingsOf(...layers)).toMatchObject([
      { rule: "duplicate-content", paths: ["/opt/copy"], twin: "/opt/second" },
    ]);
  });
});

describe("dead bytes that could be spared", () => {
  it("are summed by what made them dead, and told with the largest files", () => {
    const savings = savingsOf(
      [file("a", 200_000), file("b", 300_000), file("c", 400_000), file("d", 100_000)],
      [whiteout("a"), whiteout("b"), whiteout("c"), whiteout("d")],
    );
    expect(savings).toEqual([
      {
        rule: "deleted-later",
        bytes: 1_000_000,
        files: 4,
        layer: 0,
        laterLayer: 1,
        paths: ["/c", "/b", "/a"],
      },
    ]);
  });

  it("know whom files belong to since a layer changed only that", () => {
    const content = "x".repeat(200_000);
    const savings = savingsOf(
      [{ path: "a", content, mode: 0o644 }],
      [{ path: "a", content, mode: 0o600, uid: 10, gid: 20 }],
    );
    expect(savings).toMatchObject([{ rule: "metadata-only", owner: "10:20", mode: "600" }]);
  });

  it("know that files got different owners or modes", () => {
    const content = "x".repeat(200_000);
    const savings = savingsOf(
      [
        { path: "a", content },
        { path: "b", content: `${content}b` },
      ],
      [
        { path: "a", content, uid: 10 },
        { path: "b", content: `${content}b`, uid: 10, mode: 0o755 },
      ],
    );
    expect(savings).toMatchObject([{ rule: "metadata-only", owner: "10:0", mode: "…" }]);
  });

  it("know whether the layer left others as they were", () => {
    const content = "x".repeat(200_000);
    const again = { path: "a", content, uid: 10 };
    const [part] = savingsOf([{ path: "a", content }, file("b", 1)], [again]);
    const [all] = savingsOf([{ path: "a", content }, file("b", 1)], [again, whiteout("b")]);
    expect(part).toMatchObject({ isPartial: true });
    expect(all).not.toHaveProperty("isPartial");
  });

  it("say neither owner nor mode where both stayed", () => {
    const [saving] = savingsOf([file("a", 200_000)], [file("a", 200_000)]);
    expect(saving).toMatchObject({ rule: "metadata-only" });
    expect(saving).not.toHaveProperty("owner");
    expect(saving).not.toHaveProperty("mode");
  });

  it("are called what they are where Python compiles again", () => {
    const savings = savingsOf([file("a.pyc", 200_000)], [file("a.pyc", 200_000, "y")]);
    expect(savings).toMatchObject([{ rule: "compiled-cache" }]);
  });

  it("are none where one archive has a path twice", () => {
    expect(savingsOf([file("a", 200_000), file("a", 300_000, "y")])).toEqual([]);
  });
});

describe("leftovers", () => {
  it.each([
    ["/var/lib/apt/lists/deb.debian.org", "/var/lib/apt/lists"],
    ["root/.cache/pip/http/a", ".cache/pip"],
    ["home/me/.npm/_cacache/index", ".npm/_cacache"],
    ["tmp/build/object.o", "/tmp"],
    ["root/.cache/pypoetry/artifacts/aa/b.whl", ".cache/pypoetry/artifacts"],
    ["root/.cache/pypoetry/cache/repositories/a", ".cache/pypoetry/cache"],
  ])("are caches of package managers: %s", (path, subject) => {
    expect(savingsOf([file(path, 200_000)])).toMatchObject([{ rule: "package-cache", subject }]);
  });

  it.each([
    ["app/.git/objects/pack", ".git"],
    ["app/node_modules/a/test/b.js", "node_modules"],
    ["app/assets/main.js.map", "*.map"],
  ])("are what lies beside sources: %s", (path, subject) => {
    expect(savingsOf([file(path, 200_000)])).toMatchObject([{ rule: "context", subject }]);
  });

  it("are told for each folder of packages by itself", () => {
    const savings = savingsOf([
      file("app/web/node_modules/a/b.js", 200_000),
      file("app/web/node_modules/a/node_modules/c.js", 300_000),
      file("app/shop/node_modules/a/b.js", 400_000, "y"),
      file("app/shop/tests/a", 200_000, "z"),
    ]);
    expect(savings.map(({ subject, bytes, paths }) => [subject, bytes, paths[0]])).toEqual([
      ["node_modules", 500_000, "/app/web/node_modules/a/node_modules/c.js"],
      ["node_modules", 400_000, "/app/shop/node_modules/a/b.js"],
      ["tests", 200_000, "/app/shop/tests/a"],
    ]);
  });

  it.each([
    "srv/tmp/a",
    "etc/apt/lists/a",
    "app/tests",
    "cache/pip/a",
    "var/lib/apt/listsa/b",
    "root/.cache/pypoetry/virtualenvs/app/lib/a.py",
  ])("are not what only looks like it: %s", (path) => {
    expect(savingsOf([file(path, 200_000)])).toEqual([]);
  });

  it("are caches with what a later layer only gave another owner or mode", () => {
    const cached = file("home/a/.cache/pip/a", 200_000);
    const own = { ...cached, uid: 7, gid: 7, mode: 0o644 };
    const caches = (...layers: readonly (readonly CraftedEntry[])[]) =>
      savingsOf(...layers).filter(({ rule }) => rule === "package-cache");
    for (const later of [{ mode: 0o444 }, { uid: 0, gid: 0 }]) {
      expect(caches([own], [{ ...own, ...later }])).toMatchObject([
        { bytes: 400_000, layer: 0, owner: "7:7" },
      ]);
    }
    // It may have been written anew.
    expect(caches([own], [own])).toMatchObject([{ bytes: 200_000, layer: 1, owner: "7:7" }]);
  });

  it("are not told once they are deleted: then they are dead bytes", () => {
    const savings = savingsOf([file("tmp/a", 200_000)], [whiteout("tmp/a")]);
    expect(savings).toMatchObject([{ rule: "deleted-later" }]);
  });
});

it("what is not worth a change is left out", () => {
  expect(savingsOf([file("tmp/a", 99_999)])).toEqual([]);
});
