import type { ReportImage, ReportStage } from "../../model/report.ts";
import { isOfScan } from "../counts.ts";
import { formatBytes } from "../format.ts";
import { scanWords } from "../scan-words.ts";
import type { Pen } from "../sentences.ts";
import { buildWords, sizeWords } from "../stage-words.ts";
import { indentedTable, type Screen } from "./screen.ts";
import type { Cell } from "./table.ts";

/** The stages of an image as a table: sizes, findings and time. */
export function stageLines(image: ReportImage, screen: Screen): readonly string[] {
  return indentedTable(
    [
      { title: "stage" },
      { title: "unpacked", align: "right" },
      { title: "download", align: "right" },
      { title: "own", align: "right" },
      { title: "base", align: "right" },
      { title: "build", align: "right" },
      { title: "scan" },
    ],
    image.stages.map((stage) => stageCells(stage, screen.pen)),
    screen,
  );
}

function stageCells(stage: ReportStage, pen: Pen): readonly Cell[] {
  return [
    { text: pen.code(stage.name), style: "bold" },
    unpackedCell(stage),
    { text: sizeWords(stage, "download") },
    { text: stage.own === undefined ? "" : formatBytes(stage.own.unpacked), style: "dim" },
    { text: stage.base === undefined ? "" : formatBytes(stage.base.unpacked), style: "dim" },
    { text: stage.status === "built" ? buildWords(stage) : "" },
    findingsCell(stage, pen),
  ];
}

function unpackedCell(stage: ReportStage): Cell {
  switch (stage.status) {
    case "built":
      return { text: sizeWords(stage, "unpacked") };
    case "failed":
      return { text: "failed", style: ["bold", "red"] };
    case "skipped":
      return stage.leftOut === true
        ? { text: "not weighed", style: "dim" }
        : { text: "skipped", style: "yellow" };
  }
}

/** What the scan found, or why there is nothing to be found. */
function findingsCell({ status, reason, scan, findings }: ReportStage, pen: Pen): Cell {
  if (status === "skipped") return { text: pen.text(reason ?? ""), style: "dim" };
  if (status === "failed") return { text: "" };
  if (scan.status === "checked") return { text: scanWords(findings.filter(isOfScan), true) };
  return { text: "not scanned", style: "yellow" };
}
