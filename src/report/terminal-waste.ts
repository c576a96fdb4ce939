import type { Waste } from "../model/image.ts";
import type { Inspection } from "../model/inspection.ts";
import { formatBytes, formatCount, plural } from "./format.ts";
import { madeBy } from "./made-by.ts";
import { type Cell, type Paint, terminalTable } from "./terminal-table.ts";
import { clip, shortLine } from "./visible.ts";
import { WASTE_WORDS } from "./waste-words.ts";

/** Two of them stand beside each other. */
const MADE_BY_LENGTH = 44;
const PATH_LENGTH = 100;

/** What no container can see: which layers wrote it and which hid it, then the largest of it. */
export function wasteLines(inspection: Inspection, top: number, paint: Paint): readonly string[] {
  const { waste, wasted } = inspection;
  if (waste.length === 0) return [];
  const groups = groupWaste(waste);
  const more = groups.length - top;
  const groupTable = terminalTable(
    [
      { title: "bytes", align: "right" },
      { title: "files", align: "right" },
      { title: "how" },
      { title: "written by layer" },
      { title: "hidden by layer" },
    ],
    groups.slice(0, top).map((group) => groupRow(inspection, group)),
    paint,
  );
  return [
    paint(`Wasted: ${formatBytes(wasted)}`, "bold"),
    ...groupTable.map((line) => `  ${line}`),
    ...(more > 0 ? [paint(`  and ${plural(more, "more row")}`, "dim")] : []),
    "",
    ...pathTable(waste, top, paint).map((line) => `  ${line}`),
  ];
}

type WasteGroup = Omit<Waste, "path">;

/** Dead bytes that came to be so in the same way, together. */
function groupWaste(waste: readonly Waste[]): readonly WasteGroup[] {
  const groups = new Map<string, WasteGroup>();
  for (const { files, bytes, kind, writtenBy, killedBy } of waste) {
    const key = `${kind} ${writtenBy.layer} ${killedBy.layer}`;
    const known = groups.get(key);
    groups.set(key, {
      files: files + (known?.files ?? 0),
      bytes: bytes + (known?.bytes ?? 0),
      kind,
      writtenBy,
      killedBy,
    });
  }
  return [...groups.values()].toSorted((one, other) => other.bytes - one.bytes);
}

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

function pathTable(waste: readonly Waste[], top: number, paint: Paint): readonly string[] {
  const rows = waste.flatMap(({ path, bytes, kind, writtenBy, killedBy }) =>
    path === undefined
      ? []
      : [
          [
            { text: formatBytes(bytes) },
            { text: WASTE_WORDS[kind] },
            { text: `${writtenBy.layer} → ${killedBy.layer}`, style: "dim" },
            { text: shortLine(path, PATH_LENGTH) },
          ] as const,
        ],
  );
  const columns = [
    { title: "bytes", align: "right" },
    { title: "how" },
    { title: "layers" },
  ] as const;
  return terminalTable([...columns, { title: "" }], rows.slice(0, top), paint);
}
