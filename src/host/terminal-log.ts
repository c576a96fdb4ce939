import { styleText } from "node:util";
import type { Log, Place } from "./host.ts";
import { neutralise, neutraliseLine } from "./neutralise.ts";

/** Where a terminal log is written: `process.stderr`, or what looks like it. */
export interface TerminalStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where the log goes, and how much of it. */
export interface TerminalLogSettings {
  readonly stream: TerminalStream;
  readonly env: Readonly<Record<string, string>>;
  /** Whether `debug` is shown. */
  readonly verbose: boolean;
  /** Takes secrets out of a text. */
  readonly conceal: (text: string) => string;
}

/** A log that also knows how to leave the terminal tidy. */
export interface TerminalLog extends Log {
  /** Takes the progress line away. */
  close(): void;
}

/** A log for a person at a terminal, or for the file that a terminal was redirected to. */
export function createTerminalLog(settings: TerminalLogSettings): TerminalLog {
  const { stream, conceal } = settings;
  const style = styleFor(settings);
  const progress = createProgressLine(stream);
  let indent = "";

  const safe = (text: string) => conceal(neutralise(conceal(text)));
  const print = (text: string) => {
    const lines = text.split("\n").map((line) => (line === "" ? "" : indent + line));
    progress.above(() => stream.write(`${lines.join("\n")}\n`));
  };
  const printMessage = (format: Format, word: string, text: string, place?: Place) =>
    print(safe(locationOf(place)) + style(format, `${word}:`) + safe(` ${titleOf(place)}${text}`));

  return {
    info: (text) => print(safe(text)),
    debug(text) {
      if (settings.verbose) print(style("dim", safe(text)));
    },
    notice: (text, place) => printMessage("cyan", "notice", text, place),
    warning: (text, place) => printMessage("yellow", "warning", text, place),
    error: (text, place) => printMessage("red", "error", text, place),
    group(title) {
      indent = "";
      print(style("bold", safe(title)));
      indent = "  ";
    },
    endGroup() {
      indent = "";
    },
    progress: (text) => progress.show(conceal(neutraliseLine(conceal(text)))),
    showsProgress: stream.isTTY === true,
    close: () => progress.show(""),
  };
}

/** How many characters a terminal has beside each other: 80 where it says nothing of use, such as 0. */
export function terminalColumns(said: number | undefined): number {
  return said !== undefined && said > 1 ? said : 80;
}

type Format = "bold" | "dim" | "cyan" | "yellow" | "red";

/** https://no-color.org and https://force-color.org; otherwise colour only on a terminal. */
function styleFor({ stream, env }: TerminalLogSettings): (format: Format, text: string) => string {
  const styled = (format: Format, text: string) => styleText(format, text, UNCHECKED);
  const plain = (_format: Format, text: string) => text;
  const forced = env.FORCE_COLOR;
  if (env.NO_COLOR) return plain;
  if (forced) return forced === "0" || forced === "false" ? plain : styled;
  return stream.isTTY === true && env.TERM !== "dumb" ? styled : plain;
}

/** The decision was made above, for our stream and our environment. */
const UNCHECKED = { validateStream: false } as const;

function locationOf(place: Place | undefined): string {
  return place === undefined ? "" : `${place.file}:${place.line}: `;
}

function titleOf(place: Place | undefined): string {
  return place?.title === undefined ? "" : `${place.title}: `;
}

/** One line at the end of the terminal that is written over in place. */
interface ProgressLine {
  show(text: string): void;
  /** Writes something permanent above it. */
  above(write: () => void): void;
}

function createProgressLine(stream: TerminalStream): ProgressLine {
  if (stream.isTTY !== true) return { show() {}, above: (write) => write() };
  let shown = "";
  const erase = () => {
    if (shown !== "") stream.write(ERASE_LINE);
  };
  const draw = () => {
    const fitting = [...shown].slice(0, terminalColumns(stream.columns) - 1).join("");
    if (shown !== "") stream.write(NO_WRAP + fitting + WRAP);
  };
  return {
    show(text) {
      if (text === shown) return;
      erase();
      shown = text;
      draw();
    },
    above(write) {
      erase();
      write();
      draw();
    },
  };
}

const ERASE_LINE = "\r\u001b[2K";
/** Wide characters may reach beyond the last column: cut there instead of breaking the line. */
const NO_WRAP = "\u001b[?7l";
const WRAP = "\u001b[?7h";
