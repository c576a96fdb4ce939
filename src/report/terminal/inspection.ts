import type { Inspection } from "../../model/inspection.ts";
import { formatBytes, plural } from "../format.ts";
import type { Pen } from "../sentences.ts";
import { shortLine } from "../visible.ts";
import { biggestBlock, inspectionAdvice, packageLines } from "./contents.ts";
import { layerLines } from "./layers.ts";
import type { Screen } from "./screen.ts";
import { type Paint, paintWith } from "./table.ts";
import { viewLines } from "./view.ts";
import { wasteLines } from "./waste.ts";

/** How an inspection is to be shown. */
export interface InspectionOptions {
  /** Whether the terminal shows colours. */
  readonly color: boolean;
  /** How many characters it has beside each other. Absent: as many as there are. */
  readonly columns?: number | undefined;
  /** Rows of each table. */
  readonly top: number;
}

/** Nothing that somebody else wrote is longer than this. */
const TEXT_LENGTH = 160;
const NOTE_LENGTH = 320;

const PEN: Pen = {
  code: (name) => shortLine(name, TEXT_LENGTH),
  text: (words) => shortLine(words, TEXT_LENGTH),
};

/** An image for a person at a terminal: what was asked to be looked into, or all of it in tables. */
export function renderInspection(
  inspection: Inspection,
  { color, columns, top }: InspectionOptions,
): string {
  const paint = paintWith(color);
  const screen: Screen = { pen: PEN, paint, columns };
  const { view } = inspection;
  const blocks = [
    headLines(inspection, paint),
    // Before the tables, which they say how to read.
    inspection.notes.map((note) => `${paint("note", "dim")} ${shortLine(note, NOTE_LENGTH)}`),
    ...(view === undefined
      ? [
          layerLines(inspection, screen),
          biggestBlock(
            "Biggest folders, with the layer that brought most",
            inspection.biggestFolders,
            "/",
            screen,
          ),
          biggestBlock("Biggest files", inspection.biggestFiles, "", screen),
          packageLines(inspection.packages, top, screen),
          wasteLines(inspection, top, screen),
          inspectionAdvice(inspection.advice ?? [], top, screen),
        ]
      : [viewLines(inspection, view, screen)]),
  ];
  const shown = blocks.filter((block) => block.length > 0);
  return `${shown.map((block) => block.map((line) => line.trimEnd()).join("\n")).join("\n\n")}\n`;
}

function headLines(inspection: Inspection, paint: Paint): readonly string[] {
  const { target, platform, digest, dockerfile, layers } = inspection;
  const from = dockerfile?.fits && `${dockerfile.stage} of ${dockerfile.path}`;
  const about = [platform, plural(layers.length, "layer"), from, digest.slice(0, 19)];
  const facts = about.flatMap((fact) =>
    fact === undefined || fact === false ? [] : [shortLine(fact, TEXT_LENGTH)],
  );
  return [
    `${paint(shortLine(target, TEXT_LENGTH), "bold")}  ${paint(facts.join(", "), "dim")}`,
    sizeSentence(inspection),
  ];
}

function sizeSentence({ unpacked, download, live, wasted, efficiency }: Inspection): string {
  const parts = [
    `${formatBytes(unpacked)} unpacked`,
    ...(download === undefined ? [] : [`${formatBytes(download)} to download`]),
  ];
  const shares = [percent(efficiency), percent(1 - efficiency)];
  const seen = `a container sees ${formatBytes(live)} (${shares[0]})`;
  const unseen =
    wasted === 0 ? "nothing is wasted" : `${formatBytes(wasted)} (${shares[1]}) wasted`;
  return `${parts.join(", ")}; ${seen}, ${unseen}`;
}

/** With as many digits as it takes to tell something from nothing, and most from all. */
function percent(share: number): string {
  for (let decimals = 1; decimals < 4; decimals++) {
    const text = (100 * share).toFixed(decimals);
    if (share === 0 || share === 1 || (Number(text) !== 0 && Number(text) !== 100)) {
      return `${Number(text)}%`;
    }
  }
  return share < 0.5 ? "0%" : "100%";
}
