import type { Changed, InspectedLayer, Inspection } from "../../model/inspection.ts";
import { formatBytes, formatCount } from "../format.ts";
import { madeBy } from "../made-by.ts";
import { type Screen, tableBlock } from "./screen.ts";
import type { Cell, TerminalColumn } from "./table.ts";

/** Every layer, the lowest first: what it weighs, what it did, and what made it. */
export function layerLines(inspection: Inspection, screen: Screen): readonly string[] {
  const { layers, download, dockerfile } = inspection;
  if (layers.length === 0) return [];
  const columns = COLUMNS.filter(
    ({ shows }) =>
      (shows !== "download" || download !== undefined) &&
      (shows !== "line" || dockerfile !== undefined),
  );
  const rows = layers.map((layer) => columns.map(({ cell }) => cell(layer)));
  return tableBlock("Layers", columns, rows, screen);
}

interface LayerColumn extends TerminalColumn {
  /** For what not every image has. */
  readonly shows?: "download" | "line";
  readonly cell: (layer: InspectedLayer) => Cell;
}

const COLUMNS: readonly LayerColumn[] = [
  { title: "", align: "right", cell: ({ layer }) => ({ text: String(layer), style: "dim" }) },
  { title: "unpacked", align: "right", cell: ({ unpacked }) => ({ text: formatBytes(unpacked) }) },
  {
    title: "download",
    align: "right",
    shows: "download",
    cell: ({ download }) => ({ text: download === undefined ? "" : formatBytes(download) }),
  },
  { title: "wasted", align: "right", cell: ({ wasted }) => wastedCell(wasted) },
  { title: "added", align: "right", cell: ({ added }) => changesCell(added) },
  { title: "changed", align: "right", cell: ({ changed }) => changesCell(changed) },
  { title: "removed", align: "right", cell: ({ removed }) => changesCell(removed) },
  {
    title: "line",
    align: "right",
    shows: "line",
    cell: ({ line }) => ({ text: line === undefined ? "" : String(line), style: "dim" }),
  },
  { title: "made by", cell: (layer) => ({ text: madeBy(layer) }) },
];

/** Bytes that are dead; nothing where there are none. */
export function wastedCell(bytes: number): Cell {
  return bytes === 0 ? { text: "" } : { text: formatBytes(bytes), style: "yellow" };
}

function changesCell({ files, others }: Changed): Cell {
  const count = files + others;
  return { text: count === 0 ? "" : formatCount(count) };
}
