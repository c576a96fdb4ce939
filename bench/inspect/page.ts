import type { Machine } from "../machine.ts";
import { EXAMPLE, type Measured, type Run } from "./rounds.ts";
import type { Subject } from "./subjects.ts";
import type { WayName } from "./ways.ts";

/** All that was measured in one go, as it is kept. */
export interface Results extends Measured {
  /** RFC 3339. */
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  /** 1; less is a try. */
  readonly scale: number;
}

const INTRODUCTION = `# What it costs to inspect

Made by \`npm run bench:inspect\`; not to be edited. [inspect.json](inspect.json) has every single run.

Images are crafted by the bench: POSIX archives of files of half words, half noise, which gzip makes
less than half as large. They are the same on every machine. Three ways:

- **ours**: \`weighbridge inspect\`, bundled, of a layout on disk, with nothing kept from before; of the
  example, the same reading of all six stages in one process, as the action does it.
- **dive**: \`dive --json\` 0.13.1 of the same image in an engine with containerd's image store; of the
  example, six times.
- **floor**: a bare Node program that reads every blob once, two at a time, hashes it, unpacks it and
  hashes what is inside. It looks at nothing.

Ways take turns at going first. *Time* is wall time of the whole, the minimum over the rounds; *peak
memory* the sum of the resident sets of the programs, sampled every 0.1 s, the maximum over the rounds:
what Docker's daemon does for dive is in the wall time alone.

The aims beside the floor hold where unpacking is the work. The floor looks at nothing, so what has to
be done for every single file is on top of it: with files of a few hundred bytes that is most of the
time, and linear in their number.

Of the six stages, what is on top is what is found out about six images once their last layer is read:
0.3 s, most of it in code that runs for the first time (0.13 s when the same process does it again).
In the action it is done while other images are still being built or scanned.
`;

/** The page of results. */
export function renderPage(results: Results, subjects: readonly Subject[]): string {
  const { date, machine, rounds, scale, runs } = results;
  const loads = runs.map(({ load }) => load);
  const facts = [
    date.slice(0, 10),
    `${rounds} ${rounds === 1 ? "round" : "rounds"}`,
    ...(scale === 1 ? [] : [`everything but the example at a scale of ${scale}`]),
    `${machine.cores} cores (${machine.processor})`,
    `${(machine.memoryBytes / 1e9).toFixed(0)} GB of memory`,
    `load average at most ${Math.max(...loads).toFixed(1)} before any run`,
    ...Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`),
  ];
  return `${INTRODUCTION}
## Beside dive

${renderComparison(results, subjects)}

## Growth

${renderGrowth(results, subjects)}

${facts.join("; ")}.
`;
}

/** What ours is meant to be of the others. */
const AIMS: Readonly<Record<string, string>> = {
  "gzip-0.3": "time ≤ 0.6, floor ≤ 1.2",
  "gzip-2": "time ≤ 0.6, floor ≤ 1.2",
  "files-1m": "time ≤ 0.4, memory ≤ 0.25",
  [EXAMPLE]: "time ≤ 0.15, floor ≤ 1.2",
};

/** Times and memory of all three. */
export function renderComparison(results: Results, subjects: readonly Subject[]): string {
  const compared = subjects.filter(({ isCompared }) => isCompared);
  const example = { name: EXAMPLE, title: "the six stages of examples/trading-app" };
  const rows = [...compared, example].flatMap(({ name, title }) => {
    if (!results.runs.some(({ subject }) => subject === name)) return [];
    return [timeRow(results.runs, name, title), memoryRow(results.runs, name)];
  });
  return [
    "| | | ours | dive | floor | ours / dive | ours / floor | aim |",
    "|---|---|--:|--:|--:|--:|--:|---|",
    ...rows,
  ].join("\n");
}

function timeRow(runs: readonly Run[], subject: string, title: string): string {
  const least = (way: WayName) => leastTime(runs, subject, way);
  const [ours, dive, floor] = [least("ours"), least("dive"), least("floor")];
  const cells = [`**${title}**`, "time", ...[ours, dive, floor].map(seconds)];
  return row([...cells, ratio(ours, dive), ratio(ours, floor), AIMS[subject] ?? ""]);
}

function memoryRow(runs: readonly Run[], subject: string): string {
  const most = (way: WayName) => mostMemory(runs, subject, way);
  const [ours, dive, floor] = [most("ours"), most("dive"), most("floor")];
  const cells = ["", "peak memory", ...[ours, dive, floor].map(megabytes)];
  return row([...cells, ratio(ours, dive), ratio(ours, floor), ""]);
}

/** How time and memory of ours grow with what there is more of. */
export function renderGrowth({ runs, bytes }: Results, subjects: readonly Subject[]): string {
  const rows = subjects.flatMap(({ name, title, series }) => {
    if (series === undefined) return [];
    const ours = leastTime(runs, name, "ours");
    const floor = leastTime(runs, name, "floor");
    const memory = mostMemory(runs, name, "ours");
    const blobs = bytes.find(({ subject }) => subject === name)?.blobBytes;
    if (ours === undefined) return [];
    const cells = [title, megabytes(blobs), seconds(ours), seconds(floor), ratio(ours, floor)];
    return [row([...cells, megabytes(memory)])];
  });
  return [
    "| | blobs | time | floor | ours / floor | peak memory |",
    "|---|--:|--:|--:|--:|--:|",
    ...rows,
  ].join("\n");
}

/** What else the machine does only adds to the time. */
function leastTime(runs: readonly Run[], subject: string, way: WayName): number | undefined {
  const times = runsOf(runs, subject, way).map(({ seconds: time }) => time);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** A sample may miss the peak, and is never above it. */
function mostMemory(runs: readonly Run[], subject: string, way: WayName): number | undefined {
  const peaks = runsOf(runs, subject, way).map(({ peakBytes }) => peakBytes);
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}

function runsOf(runs: readonly Run[], subject: string, way: WayName): readonly Run[] {
  return runs.filter((run) => run.subject === subject && run.way === way);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function seconds(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(1)} s`;
}

function megabytes(value: number | undefined): string {
  return value === undefined ? "–" : `${(value / 1e6).toFixed(0)} MB`;
}

function ratio(ours: number | undefined, other: number | undefined): string {
  return ours === undefined || other === undefined ? "–" : (ours / other).toFixed(2);
}
