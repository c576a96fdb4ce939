import type {
  Changed,
  FileVersion,
  Inspection,
  TreeNode,
  TreeRest,
  TreeView,
} from "../../model/inspection.ts";
import { formatBytes, formatFew } from "../format.ts";
import { madeBy } from "../made-by.ts";
import { shortLine, shortPath } from "../visible.ts";
import { WASTE_WORDS } from "../waste-words.ts";
import { wastedCell } from "./layers.ts";
import { type Screen, tableBlock } from "./screen.ts";
import type { Cell, Style, TerminalColumn } from "./table.ts";

const PATH_LENGTH = 120;
/** Layers that are named for each entry. */
const LAYERS = 3;

/** What is in a folder, or what a layer did there; or what became of a file. */
export function viewLines(
  inspection: Inspection,
  view: TreeView,
  screen: Screen,
): readonly string[] {
  const title = titleOf(inspection, view);
  if (view.versions !== undefined && isFile(view)) {
    const rows = view.versions.map(versionRow);
    return [...tableBlock(title, VERSION_COLUMNS, rows, screen), ...thingLines(view)];
  }
  if (isEmpty(view)) {
    const things = thingLines(view);
    return [screen.paint(title, "bold"), ...(things.length > 0 ? things : ["  Nothing."])];
  }
  const rows = [rowOf(view, view.root, shortLine(view.path, PATH_LENGTH)), ...childRows(view)];
  const columns = view.layer === undefined ? IMAGE_COLUMNS : LAYER_COLUMNS;
  return tableBlock(title, columns, rows, screen);
}

/** Whether it is about a file, and nothing that a layer did in a folder of that name. */
function isFile({ layer, root }: TreeView): boolean {
  return root.kind !== "folder" && (layer === undefined || root.children.length === 0);
}

/** Whether there is nothing that a table would tell. */
function isEmpty({ layer, root }: TreeView): boolean {
  if (layer !== undefined) return root.files + root.others === 0;
  return root.files === 0 && root.children.length === 0;
}

/** What is at a path that is neither a file of its own nor a folder, or was. */
function thingLines({ layer, root, versions, sameFileAs }: TreeView): readonly string[] {
  if (layer !== undefined) return [];
  if (sameFileAs !== undefined) {
    const file = shortPath(sameFileAs, PATH_LENGTH);
    return [`  It is a hard link: the file and its bytes are told under ${file}.`];
  }
  if (root.kind === "file" && versions === undefined) {
    return ["  A hard link was here: the file and its bytes are told under another name."];
  }
  const words = THING_WORDS[root.kind];
  return words === undefined || root.others === 0 ? [] : [`  ${words}`];
}

const THING_WORDS: Readonly<Partial<Record<TreeNode["kind"], string>>> = {
  symlink: "It is a symbolic link.",
  other: "It is a device or a pipe.",
};

function titleOf({ layers }: Inspection, view: TreeView): string {
  const { path, layer, versions } = view;
  const place = shortPath(path, PATH_LENGTH);
  if (layer === undefined) {
    if (versions !== undefined && isFile(view)) return `What became of ${place}`;
    return `What is in ${place}`;
  }
  const made = layers[layer];
  const words = made === undefined ? "" : madeBy(made);
  const did = `What layer ${layer} did${path === "/" ? "" : ` in ${place}`}`;
  return words === "" ? did : `${did}: ${words}`;
}

/** Rows are in the order of both together: all that is there of an entry, seen or not. */
const IMAGE_COLUMNS: readonly TerminalColumn[] = [
  { title: "live", align: "right" },
  { title: "wasted", align: "right" },
  { title: "layers" },
  { title: "" },
];

const LAYER_COLUMNS: readonly TerminalColumn[] = [
  { title: "added", align: "right" },
  { title: "changed", align: "right" },
  { title: "removed", align: "right" },
  { title: "" },
];

function rowOf({ layer }: TreeView, node: TreeNode, name: string): readonly Cell[] {
  if (layer === undefined) {
    const layers = formatFew(
      node.layers.map((share) => String(share.layer)),
      LAYERS,
    );
    return [
      { text: formatBytes(node.live) },
      wastedCell(node.wasted),
      { text: layers, style: "dim" },
      { text: name },
    ];
  }
  const style = styleOf(node);
  return [
    changeCell(node.added, "green"),
    changeCell(node.changed, "yellow"),
    changeCell(node.removed, "red"),
    { text: name, ...(style !== undefined && { style }) },
  ];
}

/** The colour of what was done to all of it. */
function styleOf({ added, changed, removed }: TreeNode): Style | undefined {
  const did = [
    ...(isSome(added) ? ["green" as const] : []),
    ...(isSome(changed) ? ["yellow" as const] : []),
    ...(isSome(removed) ? ["red" as const] : []),
  ];
  return did.length === 1 ? did[0] : undefined;
}

function changeCell(changed: Changed | undefined, style: Style): Cell {
  if (changed === undefined || !isSome(changed)) return { text: "" };
  return { text: formatBytes(changed.bytes), style };
}

function isSome(changed: Changed | undefined): boolean {
  return changed !== undefined && changed.files + changed.others > 0;
}

/** The rows below the first, with the lines of a tree before them. */
function childRows(view: TreeView): readonly (readonly Cell[])[] {
  const rows: (readonly Cell[])[] = [];
  const visit = (node: TreeNode, indent: string) => {
    const last = node.rest === undefined ? node.children.length - 1 : node.children.length;
    node.children.forEach((child, at) => {
      const [branch, below] = at === last ? ["└─ ", "   "] : ["├─ ", "│  "];
      const name = `${shortLine(child.name, PATH_LENGTH)}${KIND_MARKS[child.kind]}`;
      rows.push(rowOf(view, child, `${indent}${branch}${name}`));
      visit(child, `${indent}${below}`);
    });
    if (node.rest !== undefined) rows.push(restRow(view, node, node.rest, indent));
  };
  visit(view.root, "");
  return rows;
}

const KIND_MARKS: Readonly<Record<TreeNode["kind"], string>> = {
  file: "",
  folder: "/",
  symlink: " (link)",
  other: " (device or pipe)",
};

/** What is in a folder and has no row of its own, in the columns of those that have. */
function restRow(
  { layer }: TreeView,
  folder: TreeNode,
  { entries, live, wasted }: TreeRest,
  indent: string,
): readonly Cell[] {
  const more = `${indent}└─ and ${entries} more`;
  if (layer === undefined) {
    return [
      { text: formatBytes(live), style: "dim" },
      wastedCell(wasted),
      { text: "" },
      { text: more, style: "dim" },
    ];
  }
  return [
    changeCell(restOf(folder, "added"), "dim"),
    changeCell(restOf(folder, "changed"), "dim"),
    changeCell(restOf(folder, "removed"), "dim"),
    { text: more, style: "dim" },
  ];
}

/** What was done in a folder to all that has no row. */
function restOf(folder: TreeNode, kind: "added" | "changed" | "removed"): Changed {
  const rest = (count: keyof Changed) =>
    folder.children.reduce(
      (left, child) => left - (child[kind]?.[count] ?? 0),
      folder[kind]?.[count] ?? 0,
    );
  return { files: rest("files"), others: rest("others"), bytes: rest("bytes") };
}

const VERSION_COLUMNS: readonly TerminalColumn[] = [
  { title: "bytes", align: "right" },
  { title: "" },
  { title: "mode" },
  { title: "owner" },
  { title: "" },
];

function versionRow(version: FileVersion): readonly Cell[] {
  const { layer, bytes, mode, owner } = version;
  return [
    { text: formatBytes(bytes) },
    { text: `written by layer ${layer}` },
    { text: mode },
    { text: owner },
    fateOf(version),
  ];
}

function fateOf({ death, elsewhere }: FileVersion): Cell {
  if (elsewhere !== undefined) {
    const path = shortPath(elsewhere.path, PATH_LENGTH);
    return { text: `since layer ${elsewhere.layer} only told under ${path}`, style: "yellow" };
  }
  return death === undefined
    ? { text: "is what a container sees", style: "green" }
    : { text: `${WASTE_WORDS[death.kind]} in layer ${death.layer}`, style: "yellow" };
}
