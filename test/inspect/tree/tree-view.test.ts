import { describe, expect, it } from "vitest";
import { findPath } from "../../../src/inspect/tree/file-versions.ts";
import type { ImageTree } from "../../../src/inspect/tree/layers.ts";
import { type ViewRequest, viewTree } from "../../../src/inspect/tree/tree-view.ts";
import type { TreeNode } from "../../../src/model/inspection.ts";
import { craftTree } from "../craft-tree.ts";
import { file, folder, hardlink, symlink, whiteout } from "../entries.ts";

/** A view as lines: `  lib/ 5+1 @1,0`: name, live and wasted bytes, layers. */
function view(tree: ImageTree, path: string, options: Partial<ViewRequest> = {}): string[] {
  const found = findPath(tree, path);
  if (found.kind !== "found") throw new Error(`there is no ${path}`);
  const { root } = viewTree(tree, { path: found.path, isDeep: true, top: 100, ...options });
  return lines(root, "");
}

const MARKS = { file: "", folder: "/", symlink: "@", other: "?" };

function lines(node: TreeNode, indent: string): string[] {
  const { name, kind, live, wasted, layers, children, rest } = node;
  const shares = layers.map(({ layer }) => layer).join(",");
  return [
    `${indent}${name}${MARKS[kind]} ${live}+${wasted} @${shares}`,
    ...children.flatMap((child) => lines(child, `${indent}  `)),
    ...(rest === undefined ? [] : [`${indent}  …${rest.entries} ${rest.live}+${rest.wasted}`]),
  ];
}

/** Of files that say nothing else. */
const AS_USUAL = { mode: "0644", owner: "0:0" };

describe("the view of an image", () => {
  const tree = craftTree(
    [file("etc/a", 1), file("usr/bin/b", 20), file("usr/lib/c", 30), file("usr/lib/d", 4)],
    [file("usr/lib/c", 50), whiteout("etc/a"), file("opt/x/y/z", 7)],
  );

  it("is a tree with the largest first, dead bytes beside those that live", () => {
    expect(view(tree, "/")).toEqual([
      "/ 81+31 @1,0",
      "  usr/ 74+30 @0,1",
      "    lib/ 54+30 @1,0",
      "      c 50+30 @1,0",
      "      d 4+0 @0",
      "    bin/b 20+0 @0",
      "  opt/x/y/z 7+0 @1",
      "  etc/a 0+1 @0",
    ]);
  });

  it("has a file that lost its first name where it still is", () => {
    const linked = craftTree(
      [file("a/one", 5), hardlink("b/two", "a/one"), file("c", 1)],
      [whiteout("a/one")],
    );
    expect(view(linked, "/")).toEqual(["/ 6+0 @0", "  b/two 5+0 @0", "  c 1+0 @0", "  a/ 0+0 @"]);
    expect(view(linked, "/b")).toEqual(["b/ 5+0 @0", "  two 5+0 @0"]);
  });

  it("says under which name a file is told that has several", () => {
    const linked = craftTree(
      [file("a", 5), hardlink("b", "a"), hardlink("c", "a")],
      [whiteout("c")],
    );
    const sameFileAs = (name: string) => {
      const found = findPath(linked, name);
      if (found.kind !== "found") throw new Error(`there is no ${name}`);
      return viewTree(linked, { path: found.path, isDeep: false, top: 9 }).sameFileAs;
    };
    expect(["a", "b", "c"].map(sameFileAs)).toEqual([undefined, "/a", undefined]);
  });

  it("of a folder has what is in it", () => {
    expect(view(tree, "/usr/lib")).toEqual(["usr/lib/ 54+30 @1,0", "  c 50+30 @1,0", "  d 4+0 @0"]);
  });

  it("goes as deep as is wished", () => {
    expect(view(tree, "/", { isDeep: false })).toEqual([
      "/ 81+31 @1,0",
      "  usr/ 74+30 @0,1",
      "  opt/ 7+0 @1",
      "  etc/ 0+1 @0",
    ]);
  });

  it("leaves out what is smallest, and says how much that is", () => {
    expect(view(tree, "/", { top: 3 })).toEqual([
      "/ 81+31 @1,0",
      "  usr/ 74+30 @0,1",
      "    lib/ 54+30 @1,0",
      "      c 50+30 @1,0",
      "      …1 4+0",
      "    …1 20+0",
      "  …2 7+1",
    ]);
  });

  it("of a file tells all that was ever written there", () => {
    const found = findPath(tree, "/usr/lib/c");
    if (found.kind !== "found") throw new Error("it is there");
    const { versions } = viewTree(tree, { path: found.path, isDeep: false, top: 9 });
    expect(versions).toEqual([
      { layer: 0, bytes: 30, ...AS_USUAL, death: { layer: 1, kind: "overwritten" } },
      { layer: 1, bytes: 50, ...AS_USUAL },
    ]);
  });

  it("of a file tells whose each one was, and what may be done with it", () => {
    const changed = craftTree(
      [file("a", 5)],
      [{ ...file("a", 5), mode: 0o4755, uid: 1000, gid: 5 }],
    );
    const found = findPath(changed, "/a");
    if (found.kind !== "found") throw new Error("it is there");
    expect(viewTree(changed, { path: found.path, isDeep: false, top: 9 }).versions).toEqual([
      { layer: 0, bytes: 5, ...AS_USUAL, death: { layer: 1, kind: "metadata" } },
      { layer: 1, bytes: 5, mode: "4755", owner: "1000:5" },
    ]);
  });

  it("of a file tells what was there before that has another name left", () => {
    const linked = craftTree(
      [file("a", 5), hardlink("b", "a"), hardlink("c", "a")],
      [file("a", 5), file("new", 7), hardlink("c", "new")],
    );
    const versionsOf = (name: string) => {
      const found = findPath(linked, name);
      if (found.kind !== "found") throw new Error(`there is no ${name}`);
      return viewTree(linked, { path: found.path, isDeep: false, top: 9 }).versions;
    };
    const elsewhere = { layer: 1, path: "/b" };
    expect(versionsOf("/a")).toEqual([
      { layer: 0, bytes: 5, ...AS_USUAL, elsewhere },
      { layer: 1, bytes: 5, ...AS_USUAL },
    ]);
    expect(versionsOf("/b")).toEqual([{ layer: 0, bytes: 5, ...AS_USUAL }]);
    expect(versionsOf("/new")).toEqual([{ layer: 1, bytes: 7, ...AS_USUAL }]);
    expect(versionsOf("/c")).toEqual([{ layer: 0, bytes: 5, ...AS_USUAL, elsewhere }]);
  });

  it("is not to be had through a symbolic link, and that is known", () => {
    const linked = craftTree([symlink("lib", "usr/lib"), folder("usr"), file("usr/lib/a", 1)]);
    expect(findPath(linked, "/lib/a")).toMatchObject({ folder: "/lib", isLink: true });
    expect(findPath(linked, "/usr/b")).toMatchObject({ folder: "/usr", isLink: false });
  });

  it("has what is no file, too", () => {
    const others = craftTree(
      [folder("etc/alternatives"), symlink("etc/alternatives/vi", "/usr/bin/vim")],
      [folder("var/empty"), { path: "dev/null", type: "3" }, file("etc/passwd", 4)],
      [symlink("gone", "x"), file("f", 1)],
      [whiteout("gone")],
    );
    expect(view(others, "/")).toEqual([
      "/ 5+0 @1,2",
      "  etc/ 4+0 @1",
      "    passwd 4+0 @1",
      "    alternatives/vi@ 0+0 @",
      "  f 1+0 @2",
      "  var/empty/ 0+0 @",
      "  dev/null? 0+0 @",
    ]);
    expect(view(others, "/etc/alternatives")).toEqual(["etc/alternatives/ 0+0 @", "  vi@ 0+0 @"]);
    expect(view(others, "/var/empty")).toEqual(["var/empty/ 0+0 @"]);
    expect(view(others, "/etc/alternatives/vi")).toEqual(["etc/alternatives/vi@ 0+0 @"]);
  });

  it("of nothing is nothing", () => {
    expect(view(craftTree(), "/")).toEqual(["/ 0+0 @"]);
  });
});

describe("the view of a layer", () => {
  const tree = craftTree(
    [file("a/old", 5), file("a/same", 6), file("b/gone", 7)],
    [file("a/old", 50), file("c/new", 9), whiteout("b/gone")],
  );

  function changes(options: Partial<ViewRequest>): string[] {
    const found = findPath(tree, "/");
    if (found.kind !== "found") throw new Error("it is there");
    const { root } = viewTree(tree, { path: found.path, isDeep: true, top: 100, ...options });
    const words = ({ name, added, changed, removed }: TreeNode) =>
      `${name} +${added?.bytes} ~${changed?.bytes} -${removed?.bytes}`;
    return [words(root), ...root.children.map(words)];
  }

  it("has only what that layer did", () => {
    expect(changes({ layer: 1 })).toEqual([
      " +9 ~50 -7",
      "a/old +0 ~50 -0",
      "c/new +9 ~0 -0",
      "b/gone +0 ~0 -7",
    ]);
    expect(changes({ layer: 0 })).toEqual([" +18 ~0 -0", "a +11 ~0 -0", "b/gone +7 ~0 -0"]);
  });

  it("has links and folders that it added, changed and removed", () => {
    const layers = craftTree(
      [symlink("a/link", "x"), folder("a/folder"), file("b", 1)],
      [whiteout("a/link"), { ...folder("a/folder"), mode: 0o700 }, symlink("c", "b")],
    );
    const root = viewTree(layers, { path: 0, layer: 1, isDeep: true, top: 9 }).root;
    const words = ({ name, kind, added, changed, removed }: TreeNode): string =>
      `${name} ${kind} +${added?.others} ~${changed?.others} -${removed?.others}`;
    expect(
      [root, ...root.children, ...root.children.flatMap(({ children }) => children)].map(words),
    ).toEqual([
      " folder +1 ~1 -1",
      "a folder +0 ~1 -1",
      "c symlink +1 ~0 -0",
      "link symlink +0 ~0 -1",
      "folder folder +0 ~1 -0",
    ]);
  });

  it("has files that became folders, and folders that became files", () => {
    const layers = craftTree(
      [file("a/f", 5), file("b", 6), file("c/d/e", 7)],
      [file("a", 50), file("b/g", 60), whiteout("c/d/e")],
    );
    const { root } = viewTree(layers, { path: 0, layer: 1, isDeep: true, top: 9 });
    const rows = ({ name, kind, added, removed, children }: TreeNode): readonly string[] => [
      `${name} ${kind} +${added?.files} ${added?.bytes} -${removed?.files} ${removed?.bytes}`,
      ...children.flatMap((child) => rows(child)),
    ];
    expect(rows(root)).toEqual([
      " folder +2 110 -3 18",
      "b folder +1 60 -1 6",
      "g file +1 60 -0 0",
      "a file +1 50 -1 5",
      "f file +0 0 -1 5",
      "c/d/e file +0 0 -1 7",
    ]);
    expect(view(layers, "/")).toEqual([
      "/ 110+18 @1,0",
      "  b/ 60+6 @1,0",
      "    g 60+0 @1",
      "  a 50+5 @1,0",
      "    f 0+5 @0",
      "  c/d/e 0+7 @0",
    ]);
  });

  it("tells what things were in that layer, whatever later ones put in their place", () => {
    const layers = craftTree(
      [symlink("a", "x"), file("b", 1), folder("c"), symlink("d", "x"), folder("e")],
      [whiteout("a"), symlink("b", "x"), file("c", 1), file("d", 1)],
      [file("a", 1), folder("b"), symlink("c", "x"), folder("d"), file("e", 1)],
    );
    const kinds = (layer: number) => {
      const { root } = viewTree(layers, { path: 0, layer, isDeep: true, top: 9 });
      const all = root.children.map(({ name, kind }) => `${name} ${kind}`);
      return all.toSorted().join(", ");
    };
    expect(kinds(0)).toBe("a symlink, b file, c folder, d symlink, e folder");
    expect(kinds(1)).toBe("a symlink, b symlink, c file, d file");
    expect(kinds(2)).toBe("a file, b folder, c symlink, d folder, e file");
    const found = findPath(layers, "/e");
    if (found.kind !== "found") throw new Error("it is there");
    expect(viewTree(layers, { path: found.path, layer: 1, isDeep: true, top: 9 }).root.kind).toBe(
      "folder",
    );
  });

  it("does not lose what was removed in what was added", () => {
    const many = Array.from({ length: 20 }, (_, at) => file(`new/${at}`, 100 + at));
    const large = craftTree([file("gone", 1), file("same", 1)], [...many, whiteout("gone")]);
    const names = viewTree(large, { path: 0, layer: 1, isDeep: true, top: 8 }).root.children;
    expect(names.map(({ name }) => name)).toEqual(["new", "gone"]);
  });

  it("of one folder is its first rows, however many are asked for", () => {
    const many = Array.from({ length: 20 }, (_, at) => file(`new-${at}`, 100 + at));
    const large = craftTree([file("gone", 1), file("same", 1)], [...many, whiteout("gone")]);
    const rows = (top: number) =>
      viewTree(large, { path: 0, layer: 1, isDeep: false, top }).root.children.map(
        ({ name }) => name,
      );
    for (const top of [1, 4, 8]) expect(rows(top)).toEqual(rows(100).slice(0, top));
  });
});

describe("a path of an image", () => {
  const tree = craftTree([file("usr/lib/c", 1), file("usr/bin/b", 1)]);

  it.each(["/usr/lib", "usr/lib/", "./usr//lib"])("may be written as %s", (text) => {
    expect(findPath(tree, text)).toEqual(findPath(tree, "/usr/lib"));
  });

  it("that is not there is answered with what is", () => {
    expect(findPath(tree, "/usr/lob/c")).toEqual({
      kind: "missing",
      isLink: false,
      name: "lob",
      folder: "/usr",
      entries: ["lib", "bin"],
    });
  });

  it("was never there if only a whiteout or a link that leads nowhere names it", () => {
    const named = craftTree([file("a/b", 1), whiteout("a/never"), hardlink("a/c", "a/nowhere")]);
    expect(findPath(named, "/a/never")).toMatchObject({ name: "never", entries: ["b", "c"] });
    expect(findPath(named, "/a/nowhere")).toMatchObject({ kind: "missing" });
  });
});
