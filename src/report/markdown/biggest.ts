import type { Layer, PathSize, ReportImage, ReportStage } from "../../model.ts";
import { formatBytes, plural } from "../format.ts";
import { stageName } from "../sentences.ts";
import { details, stack, table, unbroken } from "./blocks.ts";
import { code, lineLink, type Page } from "./page.ts";

/** What is biggest in the stages that are beyond a goal on size: the first thing to look at. */
export function reasons(page: Page, image: ReportImage): string {
  const stages = image.stages.filter((stage) => page.selection.reasons.has(stage));
  return stack(
    stages.map((stage) => {
      const name = code(page, stageName(page.report, stage));
      return stack([`**What is biggest in ${name}**`, biggest(page, image, stage)]);
    }),
  );
}

/** What is biggest in the other stages, one to open each. */
export function biggestDetails(page: Page, image: ReportImage): string {
  const stages = image.stages.filter((stage) => page.selection.biggest.has(stage));
  const each = stages.map((stage) => {
    const size = formatBytes(stage.unpacked ?? 0);
    const name = code(page, stage.name);
    return stack([`**${name}**, ${size}`, biggest(page, image, stage)]);
  });
  const some = image.stages.some((stage) => page.selection.reasons.has(stage));
  return details(`What is biggest in ${some ? "the other stages" : "each stage"}`, stack(each));
}

/** Its layers by line, its folders, its files. */
function biggest(page: Page, image: ReportImage, stage: ReportStage): string {
  return stack([layerTable(page, image, stage), pathTable(page, stage)]);
}

function layerTable(page: Page, image: ReportImage, stage: ReportStage): string {
  const own = stage.layers
    .filter((layer) => layer.origin === "own" && layer.unpacked > 0)
    .toSorted((one, other) => other.unpacked - one.unpacked);
  const base = baseRow(page, image, stage);
  const rows = own.slice(0, page.detail.rows).map((layer) => layerRow(page, image, layer));
  return table(
    [
      { title: "Unpacked", align: "right" },
      { title: "Download", align: "right" },
      { title: "Line", align: "right" },
      { title: "Instruction" },
    ],
    [...rows, ...restRow(own.slice(page.detail.rows)), ...base],
  );
}

function layerRow(page: Page, image: ReportImage, layer: Layer): readonly string[] {
  return [
    formatBytes(layer.unpacked),
    formatBytes(layer.download),
    layer.line === undefined ? "" : lineLink(page, image, layer.line, String(layer.line)),
    layer.instruction === undefined ? "" : code(page, layer.instruction),
  ];
}

function restRow(layers: readonly Layer[]): readonly (readonly string[])[] {
  if (layers.length === 0) return [];
  const unpacked = layers.reduce((sum, layer) => sum + layer.unpacked, 0);
  const download = layers.reduce((sum, layer) => sum + layer.download, 0);
  return [
    [formatBytes(unpacked), formatBytes(download), "", plural(layers.length, "smaller layer")],
  ];
}

/** The base image as one row: nobody can do anything about its single layers. */
function baseRow(
  page: Page,
  image: ReportImage,
  stage: ReportStage,
): readonly (readonly string[])[] {
  const layers = stage.layers.filter((layer) => layer.origin === "base");
  const [first] = layers;
  if (first === undefined || stage.base === undefined) return [];
  const [, , line = "", instruction = ""] = layerRow(page, image, first);
  const { unpacked, download } = stage.base;
  const words = `${instruction} ${plural(layers.length, "base layer")}`;
  return [[formatBytes(unpacked), formatBytes(download), line, words.trim()]];
}

function pathTable(page: Page, stage: ReportStage): string {
  const folders = stage.biggestFolders.slice(0, page.detail.rows);
  const files = stage.biggestFiles.slice(0, page.detail.rows);
  const longer = folders.length > files.length ? folders : files;
  return table(
    [
      { title: "", align: "right" },
      { title: "Folder" },
      { title: "", align: "right" },
      { title: "File" },
    ],
    longer.map((_, at) => [...pathCells(page, folders[at]), ...pathCells(page, files[at])]),
  );
}

function pathCells(page: Page, entry: PathSize | undefined): readonly string[] {
  return entry === undefined
    ? ["", ""]
    : [unbroken(formatBytes(entry.bytes)), code(page, entry.path)];
}
