import { clip } from "../../clip.ts";
import type { PathSize } from "../../model/image.ts";
import type { Report, ReportStage } from "../../model/report.ts";
import { biggestLayers, isWorthTelling } from "../biggest-layers.ts";
import { formatBytes, plural } from "../format.ts";
import { byFarthestMiss } from "../miss-order.ts";
import { isTooBig } from "../obstacles.ts";
import { type Pen, stageName } from "../sentences.ts";
import { shortPath } from "../visible.ts";
import { type Screen, tableBlock } from "./screen.ts";
import type { Cell } from "./table.ts";

/** Stages beyond their goals that are looked into, and rows of each. */
const STAGES = 3;
const ROWS = 6;
const TEXT_LENGTH = 90;

/** What is biggest in the stages that are beyond a goal on size, one block each, the worst first. */
export function biggestLines(report: Report, screen: Screen): readonly (readonly string[])[] {
  const { pen } = screen;
  const all = report.images.flatMap((image) => image.stages);
  const stages = all.filter(isTooBig).toSorted(byFarthestMiss);
  const more = stages.length - STAGES;
  const rest =
    more > 0
      ? [[screen.paint(`  and ${plural(more, "more stage")} beyond a goal on size`, "dim")]]
      : [];
  const blocks = stages
    .slice(0, STAGES)
    .filter((stage) => rowsOf(stage, pen).length > 0)
    .map((stage) =>
      tableBlock(
        `What is biggest in ${pen.code(stageName(report, stage))}`,
        [{ title: "size", align: "right" }, { title: "line", align: "right" }, { title: "what" }],
        rowsOf(stage, pen),
        screen,
      ),
    );
  return [...blocks, ...rest];
}

/** Layers, folders and files, as far as there are any worth it, with an empty row between them. */
function rowsOf(stage: ReportStage, pen: Pen): readonly (readonly Cell[])[] {
  const parts = [layerRows(stage, pen), ...pathRows(stage)].filter(({ length }) => length > 0);
  return parts.flatMap((rows, at) => (at === 0 ? rows : [[{ text: "" }], ...rows]));
}

function layerRows(stage: ReportStage, pen: Pen): readonly (readonly Cell[])[] {
  const { own, smaller, base } = biggestLayers(stage, ROWS);
  const rows = own.map((layer) =>
    row(layer.unpacked, layer.line, pen.code(layer.instruction ?? "")),
  );
  const rest = smaller.reduce((sum, layer) => sum + layer.unpacked, 0);
  if (smaller.length > 0) {
    rows.push(row(rest, undefined, plural(smaller.length, "smaller layer")));
  }
  const [first] = base;
  if (first === undefined || stage.base === undefined) return rows;
  const words = `${pen.code(first.instruction ?? "")} (${plural(base.length, "base layer")})`;
  return [...rows, row(stage.base.unpacked, first.line, words)];
}

/** Folders, and files. */
function pathRows(stage: ReportStage): readonly (readonly (readonly Cell[])[])[] {
  const large = (paths: readonly PathSize[]) =>
    paths.filter(({ bytes }) => isWorthTelling(stage, bytes)).slice(0, ROWS / 2);
  return [
    large(stage.biggestFolders).map(({ bytes, line, path }) =>
      row(bytes, line, `${shortPath(path, TEXT_LENGTH - 1)}/`),
    ),
    large(stage.biggestFiles).map(({ bytes, line, path }) =>
      row(bytes, line, shortPath(path, TEXT_LENGTH)),
    ),
  ];
}

function row(bytes: number, line: number | undefined, what: string): readonly Cell[] {
  return [
    { text: formatBytes(bytes) },
    { text: line === undefined ? "" : String(line), style: "dim" },
    { text: clip(what, TEXT_LENGTH) },
  ];
}
