import { inWords } from "../../in-words.ts";
import type { InstalledPackage, Layer, PathSize, Sizes } from "../../model/image.ts";
import type { ReportImage, ReportStage } from "../../model/report.ts";
import { biggestLayers, isWorthTelling } from "../biggest-layers.ts";
import { formatBytes, formatFew, plural } from "../format.ts";
import { htmlCode } from "../markdown-escape.ts";
import { byFarthestMiss } from "../miss-order.ts";
import { stageName } from "../sentences.ts";
import { sizeWords } from "../stage-words.ts";
import { shortLine } from "../visible.ts";
import { details, stack, table, unbroken } from "./blocks.ts";
import { code, lineLink, type Page, pathCode } from "./page.ts";

/** What is biggest in the stages that are beyond a goal on size: the first thing to look at. */
export function reasons(page: Page, image: ReportImage): string {
  const stages = image.stages.filter(
    (stage) => page.selection.reasons.has(stage) && hasRows(page, image, stage),
  );
  return stack(
    alike(stages.toSorted(byFarthestMiss)).map(([stage, ...others]) => {
      const names = [stage, ...others].map((one) => code(page, stageName(page.report, one)));
      const parts = partTables(page, image, stage);
      const what = inWords(parts.map((part) => part.what));
      const more = details(`Its biggest ${what}`, stack(parts.map(({ rows }) => rows)));
      const title = `**What is biggest in ${names.join(", ")}**`;
      return stack([title, layerTable(page, image, stage), more]);
    }),
  );
}

/** Of an image of a few bytes nothing is big. */
function hasRows(page: Page, image: ReportImage, stage: ReportStage): boolean {
  return layerTable(page, image, stage) !== "" || partTables(page, image, stage).length > 0;
}

/** What is biggest in the other stages, one to open each. */
export function biggestDetails(page: Page, image: ReportImage): string {
  const { biggest, reasons: shown } = page.selection;
  const stages = image.stages.filter((stage) => biggest.has(stage) && hasRows(page, image, stage));
  if (stages.length === 0) return "";
  const [only, ...others] = stages;
  const each = alike(stages.toSorted(byFarthestMiss)).map((same) => biggestOf(page, image, same));
  const some = image.stages.some((stage) => shown.has(stage));
  const all = stages.length === image.stages.length;
  const which = some ? "the other stages" : all ? "each stage" : "some stages";
  const name = shortLine(only?.name ?? "", page.detail.text);
  const where = others.length === 0 ? htmlCode(name) : which;
  const rest = image.stages.filter(
    (stage) => isWeighed(stage) && !biggest.has(stage) && !shown.has(stage),
  );
  return details(`What is biggest in ${where}`, stack([...each, moreStages(page, rest)]));
}

function isWeighed({ layers, leftOut }: ReportStage): boolean {
  return layers.length > 0 && leftOut !== true;
}

/** Those that there was no room for. */
function moreStages(page: Page, stages: readonly ReportStage[]): string {
  if (stages.length === 0) return "";
  const names = formatFew(
    stages.map(({ name }) => code(page, name)),
    4,
  );
  return `… and ${plural(stages.length, "more stage")}: ${names}.`;
}

/** Stages of the very same layers together: what is told of one is true of all. */
function alike(
  stages: readonly ReportStage[],
): readonly (readonly [ReportStage, ...ReportStage[]])[] {
  const groups = Map.groupBy(stages, ({ layers }) => layers.map(({ digest }) => digest).join());
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}

function biggestOf(
  page: Page,
  image: ReportImage,
  same: readonly [ReportStage, ...ReportStage[]],
): string {
  const [stage] = same;
  const names = same.map(({ name }) => `**${code(page, name)}**`).join(", ");
  return stack([
    `${names}, ${sizeWords(stage, "unpacked")}`,
    layerTable(page, image, stage),
    ...partTables(page, image, stage).map(({ rows }) => rows),
  ]);
}

function layerTable(page: Page, image: ReportImage, stage: ReportStage): string {
  const { own, smaller, base } = biggestLayers(stage, page.detail.rows);
  const rows = [
    ...own.map((layer) => layerRow(page, image, layer)),
    ...smallerRow(smaller),
    ...baseRow(page, image, stage, base),
  ];
  const isKnown = stage.download !== undefined;
  return table(
    [
      { title: "Unpacked", align: "right" },
      ...(isKnown ? [{ title: "Download", align: "right" } as const] : []),
      { title: "Line", align: "right" },
      { title: "Instruction" },
    ],
    rows.map(({ unpacked, download = 0, line, what }) => [
      formatBytes(unpacked),
      ...(isKnown ? [formatBytes(download)] : []),
      line,
      what,
    ]),
  );
}

/** A row on one layer or several. */
interface LayerRow extends Sizes {
  readonly line: string;
  readonly what: string;
}

function layerRow(page: Page, image: ReportImage, layer: Layer): LayerRow {
  const { line, instruction } = layer;
  return {
    ...layer,
    line: line === undefined ? "" : lineLink(page, image, line, String(line)),
    what: instruction === undefined ? "" : code(page, instruction),
  };
}

function smallerRow(layers: readonly Layer[]): readonly LayerRow[] {
  if (layers.length === 0) return [];
  const unpacked = layers.reduce((sum, layer) => sum + layer.unpacked, 0);
  const download = layers.reduce((sum, layer) => sum + (layer.download ?? 0), 0);
  return [{ unpacked, download, line: "", what: plural(layers.length, "smaller layer") }];
}

function baseRow(
  page: Page,
  image: ReportImage,
  stage: ReportStage,
  layers: readonly Layer[],
): readonly LayerRow[] {
  const [first] = layers;
  if (first === undefined || stage.base === undefined) return [];
  const { line, what } = layerRow(page, image, first);
  const words = `${what} ${plural(layers.length, "base layer")}`;
  return [{ ...stage.base, line, what: words.trim() }];
}

/** A table of what a stage is made of, and what is in it. */
interface PartTable {
  readonly what: string;
  readonly rows: string;
}

/** Folders, and below them files, which may be in these; then packages. Of each what is large. */
function partTables(page: Page, image: ReportImage, stage: ReportStage): readonly PartTable[] {
  const large = <Part extends { readonly bytes: number }>(parts: readonly Part[]) =>
    parts.filter(({ bytes }) => isWorthTelling(stage, bytes)).slice(0, page.detail.rows);
  const packages = stage.packages.toSorted((one, other) => other.bytes - one.bytes);
  return [
    { what: "folders", rows: pathTable(page, image, "Folder", large(stage.biggestFolders)) },
    { what: "files", rows: pathTable(page, image, "File", large(stage.biggestFiles)) },
    { what: "packages", rows: packageTable(page, image, large(packages)) },
  ].filter(({ rows }) => rows !== "");
}

function pathTable(
  page: Page,
  image: ReportImage,
  title: "Folder" | "File",
  paths: readonly PathSize[],
): string {
  return table(
    [{ title: "Unpacked", align: "right" }, { title }, { title: "Line", align: "right" }],
    paths.map(({ bytes, path, line }) => [
      unbroken(formatBytes(bytes)),
      pathCode(page, path),
      line === undefined ? "" : lineLink(page, image, line, String(line)),
    ]),
  );
}

function packageTable(
  page: Page,
  image: ReportImage,
  packages: readonly InstalledPackage[],
): string {
  return table(
    [
      { title: "Unpacked", align: "right" },
      { title: "Package" },
      { title: "Version" },
      { title: "Line", align: "right" },
    ],
    packages.map((one) => packageRow(page, image, one)),
  );
}

function packageRow(
  page: Page,
  image: ReportImage,
  { type, name, version, bytes, line }: InstalledPackage,
): readonly string[] {
  return [
    unbroken(formatBytes(bytes)),
    `${code(page, name)} (${type})`,
    code(page, version),
    line === undefined ? "" : lineLink(page, image, line, String(line)),
  ];
}
