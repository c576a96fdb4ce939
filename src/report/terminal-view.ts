import type { Changed, FileVersion, Inspection, TreeNode, TreeView } from "../model/inspection.ts";
import { formatBytes, formatFew } from "./format.ts";
import { madeBy } from "./made-by.ts";
import { wastedCell } from "./terminal-layers.ts";
import { type Screen, tableBlock } from "./terminal-screen.ts";
import type { Cell, Style, TerminalColumn } from "./terminal-table.ts";
import { shortLine } from "./visible.ts";
import { WASTE_WORDS } from "./waste-words.ts";

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
  if (view.versions !== undefined && view.root.kind === "file") {
    return tableBlock(title, VERSION_COLUMNS, view.versions.map(versionRow), screen);
  }
  if (view.root.files === 0) return [screen.paint(title, "bold"), "  Nothing."];
  const rows = [rowOf(view, view.root, shortLine(view.path, PATH_LENGTH)), ...childRows(view)];
  const columns = view.layer === undefined ? IMAGE_COLUMNS : LAYER_COLUMNS;
  return tableBlock(title, columns, rows, screen);
}

function titleOf({ layers }: Inspection, { path, layer, versions, root }: TreeView): string {
  const place = shortLine(path, PATH_LENGTH);
  if (layer === undefined) {
    if (versions !== undefined && root.kind === "file") return `What became of ${place}`;
    return `What is in ${place}`;
  }
  const made = layers[layer];
  const words = made === undefined ? "" : madeBy(made);
  const did = `What layer ${layer} did${path === "/" ? "" : ` in ${place}`}`;
  return words === "" ? did : `${did}: ${words}`;
}

const IMAGE_COLUMNS: readonly TerminalColumn[] = [
  { title: "bytes", align: "right" },
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
    ...(added?.files ? ["green" as const] : []),
    ...(changed?.files ? ["yellow" as const] : []),
    ...(removed?.files ? ["red" as const] : []),
  ];
  return did.length === 1 ? did[0] : undefined;
}

function changeCell(changed: Changed | undefined, style: Style): Cell {
  if (changed === undefined || changed.files === 0) return { text: "" };
  return { text: formatBytes(changed.bytes), style };
}

/** The rows below the first, with the lines of a tree before them. */
function childRows(view: TreeView): readonly (readonly Cell[])[] {
  const rows: (readonly Cell[])[] = [];
  const visit = (node: TreeNode, indent: string) => {
    const last = node.rest === undefined ? node.children.length - 1 : node.children.length;
    node.children.forEach((child, at) => {
      const [branch, below] = at === last ? ["└─ ", "   "] : ["├─ ", "│  "];
      const name = `${shortLine(child.name, PATH_LENGTH)}${child.kind === "folder" ? "/" : ""}`;
      rows.push(rowOf(view, child, `${indent}${branch}${name}`));
      visit(child, `${indent}${below}`);
    });
    if (node.rest !== undefined) rows.push(restRow(view, node.rest, indent));
  };
  visit(view.root, "");
  return rows;
}

function restRow(
  { layer }: TreeView,
  { entries, live, wasted, bytes }: NonNullable<TreeNode["rest"]>,
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
  const all = bytes === 0 ? more : `${more}, ${formatBytes(bytes)}`;
  return [{ text: "" }, { text: "" }, { text: "" }, { text: all, style: "dim" }];
}

const VERSION_COLUMNS: readonly TerminalColumn[] = [
  { title: "", align: "right" },
  { title: "" },
  { title: "" },
];

function versionRow({ layer, bytes, death }: FileVersion): readonly Cell[] {
  return [
    { text: formatBytes(bytes) },
    { text: `written by layer ${layer}` },
    death === undefined
      ? { text: "is what a container sees", style: "green" }
      : { text: `${WASTE_WORDS[death.kind]} in layer ${death.layer}`, style: "yellow" },
  ];
}
