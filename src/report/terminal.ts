import { clip } from "../clip.ts";
import type { Verdict } from "../model/goal.ts";
import type { Report, ReportImage, ReportStage } from "../model/report.ts";
import { failureOutput } from "./failure-output.ts";
import { formatFew, plural } from "./format.ts";
import { failedTogether } from "./obstacles.ts";
import { type Secret, secretsOf } from "./secrets.ts";
import { headline, type Pen, stageName } from "./sentences.ts";
import { adviceLines } from "./terminal/advice.ts";
import { biggestLines } from "./terminal/biggest.ts";
import { lintLines, scanLines } from "./terminal/findings.ts";
import { goalLines } from "./terminal/goals.ts";
import type { Screen } from "./terminal/screen.ts";
import { secretLines } from "./terminal/secrets.ts";
import { stageLines } from "./terminal/stages.ts";
import { type Paint, paintWith, type Style } from "./terminal/table.ts";
import { updateLines } from "./terminal/updates.ts";
import { shortLine, shortReason, visibleOutput } from "./visible.ts";

/** How the terminal is. */
export interface TerminalOptions {
  /** Whether it shows colours. */
  readonly color: boolean;
  /** How many characters it has beside each other. Default: as many as there are. */
  readonly columns?: number | undefined;
  /** What it means, and where to read on: stands below the verdict at the end, one a line. */
  readonly links?: readonly string[];
  /** Where the output of failed steps stands already: then it is not shown once more. */
  readonly outputIsIn?: string;
  /** Where advice stands that there is no room for. Default: how the command line gives it. */
  readonly restIsIn?: string;
}

const WORDS: Readonly<Record<Verdict, string>> = { pass: "PASS", fail: "FAIL", unknown: "UNKNOWN" };

const COLORS: Readonly<Record<Verdict, Style>> = { pass: "green", fail: "red", unknown: "yellow" };

/** No name that somebody else gave is longer than this, and no sentence than the other. */
const NAME_LENGTH = 160;
const TEXT_LENGTH = 300;

/** Lines of a failing step's output that are shown. */
const OUTPUT_LINES = 40;

/** Characters of each of them. */
const OUTPUT_LENGTH = 400;

/** Writes names and sentences of somebody else: on one line, with nothing that steers. */
const PEN: Pen = {
  code: (name) => shortLine(name, NAME_LENGTH),
  text: (words) => shortReason(words, TEXT_LENGTH),
};

/** Lines that scroll the verdict off most screens: then it is said again at the end. */
const SCREENFUL = 24;

/**
 * The report for a person at a terminal: the verdict and what failed, then what it comes from and
 * what to do about it. The end is what a person sees: there the verdict stands again.
 */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const { columns, links = [], restIsIn = "with --out DIR or --format json" } = options;
  const paint = paintWith(options.color);
  const screen: Screen = { pen: PEN, paint, columns };
  const secrets = secretsOf(report);
  const verdict = verdictLine(report, secrets, paint);
  const blocks = [
    [verdict],
    secretLines(report, secrets, screen),
    ...report.images.flatMap((image) =>
      failedTogether(image.stages).map((stages) =>
        failureLines(report, image, stages, options, paint),
      ),
    ),
    goalLines(report, screen),
    ...report.images.map((image) => [
      paint(imageTitle(image), "bold"),
      ...stageLines(image, screen),
    ]),
    ...updateLines(report, screen),
    ...adviceLines(report, screen, restIsIn),
    ...biggestLines(report, screen),
    ...scanLines(report, screen),
    ...lintLines(report, screen),
    report.notes.map((note) => `${paint("note", "dim")} ${PEN.text(note)}`),
  ].filter((block) => block.length > 0);
  const isLong = blocks.flat().length > SCREENFUL;
  const end = [...(isLong || links.length > 0 ? [verdict] : []), ...links];
  const shown = end.length === 0 ? blocks : [...blocks, end];
  return `${shown.map((block) => block.map(trimmed).join("\n")).join("\n\n")}\n`;
}

function verdictLine(report: Report, secrets: readonly Secret[], paint: Paint): string {
  const { verdict } = report;
  const word = paint(WORDS[verdict], ["bold", COLORS[verdict]]);
  return `${word}  ${paint(headline(report, secrets, PEN), "bold")}`;
}

function imageTitle(image: ReportImage): string {
  const platforms = [...new Set(image.stages.map((stage) => stage.platform))];
  const shown = platforms.slice(0, 3).map(PEN.code).join(", ");
  return `${PEN.code(image.dockerfile)}, ${plural(image.stages.length, "stage")} for ${shown}`;
}

function failureLines(
  report: Report,
  image: ReportImage,
  stages: readonly ReportStage[],
  { outputIsIn }: TerminalOptions,
  paint: Paint,
): readonly string[] {
  const [stage] = stages;
  if (stage === undefined) return [];
  const line = stage.failure?.line;
  const place = line === undefined ? image.dockerfile : `${image.dockerfile}:${line}`;
  const names = stages.map((each) => PEN.code(stageName(report, each)));
  const title = `${formatFew(names, 4)} failed at ${PEN.code(place)}`;
  const output = failureOutput(stage.failure, { lines: OUTPUT_LINES });
  const elsewhere = outputIsIn !== undefined && output.length > 0;
  return [
    paint(title, ["bold", "red"]),
    indented(PEN.text(stage.reason ?? "no reason given")),
    ...(elsewhere
      ? [indented(`Its output is in ${outputIsIn}.`)]
      : output.map((text) => `${paint("  │", "dim")} ${clip(visibleOutput(text), OUTPUT_LENGTH)}`)),
  ];
}

function trimmed(line: string): string {
  return line.trimEnd();
}

function indented(line: string): string {
  return `  ${line}`;
}
