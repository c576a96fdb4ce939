import { clip } from "../../clip.ts";
import type { Waste } from "../../model/image.ts";
import type { Inspection } from "../../model/inspection.ts";
import { formatBytes, formatCount } from "../format.ts";
import { groupWaste, type WasteGroup } from "../group-waste.ts";
import { madeBy } from "../made-by.ts";
import { shortPath } from "../visible.ts";
import { moreRowsWords, WASTE_WORDS } from "../waste-words.ts";
import { indentedTable, type Screen, tableBlock } from "./screen.ts";
import type { Cell } from "./table.ts";

/** Two of them stand beside each other. */
const MADE_BY_LENGTH = 44;
const PATH_LENGTH = 100;

/** What no container can see: which layers wrote it and which hid it, then the largest of it. */
export function wasteLines(inspection: Inspection, top: number, screen: Screen): readonly string[] {
  const { waste, wasted } = inspection;
  if (waste.length === 0) return [];
  const groups = groupWaste(waste);
  const more = moreRowsWords(groups.slice(top));
  const rows = groups.slice(0, top).map((group) => groupRow(inspection, group));
  return [
    ...tableBlock(`Wasted: ${formatBytes(wasted)}`, GROUP_COLUMNS, rows, screen),
    ...(more === "" ? [] : [screen.paint(`  and ${more}`, "dim")]),
    "",
    ...indentedTable(PATH_COLUMNS, pathRows(waste).slice(0, top), screen),
  ];
}

const GROUP_COLUMNS = [
  { title: "bytes", align: "right" },
  { title: "files", align: "right" },
  { title: "how" },
  { title: "written by layer" },
  { title: "hidden by layer" },
] as const;

const PATH_COLUMNS = [
  { title: "bytes", align: "right" },
  { title: "how" },
  { title: "layers" },
  { title: "" },
] as const;

function groupRow(
  inspection: Inspection,
  { bytes, files, kind, writtenBy, killedBy }: WasteGroup,
): readonly Cell[] {
  return [
    { text: formatBytes(bytes) },
    { text: formatCount(files) },
    { text: WASTE_WORDS[kind] },
    { text: layerWords(inspection, writtenBy.layer) },
    { text: layerWords(inspection, killedBy.layer) },
  ];
}

function layerWords({ layers }: Inspection, number: number): string {
  const layer = layers[number];
  return layer === undefined ? "" : clip(`${number} ${madeBy(layer)}`, MADE_BY_LENGTH);
}

function pathRows(waste: readonly Waste[]): readonly (readonly Cell[])[] {
  return waste.flatMap(({ path, bytes, kind, writtenBy, killedBy }) => {
    if (path === undefined) return [];
    return [
      [
        { text: formatBytes(bytes) },
        { text: WASTE_WORDS[kind] },
        { text: `${writtenBy.layer} → ${killedBy.layer}`, style: "dim" } as const,
        { text: shortPath(path, PATH_LENGTH) },
      ],
    ];
  });
}
