import type { Measurement } from "./results.ts";
import type { Run, WayName } from "./rounds.ts";
import { STATES, type State } from "./way.ts";

type Metric = "seconds" | "cpuSeconds" | "peakBytes" | "diskBytes";

const STATE_WORDS: Readonly<Record<State, string>> = {
  nothing: "nothing cached",
  build: "build cached, scan cold",
  everything: "everything cached",
  unrestored: "new runner, no cache",
  restored: "new runner, GitHub's cache warm",
};

const METRICS: readonly (readonly [Metric, string, (value: number) => string])[] = [
  ["seconds", "time", (value) => `${value.toFixed(1)} s`],
  ["cpuSeconds", "CPU of its programs", (value) => `${value.toFixed(1)} s`],
  ["peakBytes", "peak memory", (value) => `${(value / 1e6).toFixed(0)} MB`],
  ["diskBytes", "kept on disk", (value) => `${(value / 1e6).toFixed(0)} MB`],
];

/** A measurement as a Markdown table: the minimum of all rounds, and what ours is of the others. */
export function renderTable({ runs }: Pick<Measurement, "runs">): string {
  const rows = STATES.flatMap((state) => METRICS.flatMap((metric) => rowOf(runs, state, metric)));
  return [
    "| | | ours | composed | floor | ours / composed | ours / floor | floor / composed |",
    "|---|---|--:|--:|--:|--:|--:|--:|",
    ...rows,
  ].join("\n");
}

/** None where a state was not measured. */
function rowOf(
  runs: readonly Run[],
  state: State,
  [metric, word, format]: (typeof METRICS)[number],
): readonly string[] {
  const least = (way: WayName) => minimum(runs, state, way, metric);
  const [ours, composed, floor] = [least("ours"), least("composed"), least("floor")];
  if (ours === undefined && composed === undefined && floor === undefined) return [];
  const cells = [
    metric === "seconds" ? `**${STATE_WORDS[state]}**` : "",
    word,
    ...[ours, composed, floor].map((value) => (value === undefined ? "–" : format(value))),
    ratio(ours, composed),
    ratio(ours, floor),
    ratio(floor, composed),
  ];
  return [`| ${cells.join(" | ")} |`];
}

function minimum(
  runs: readonly Run[],
  state: State,
  way: WayName,
  metric: Metric,
): number | undefined {
  const values = runs.filter((run) => run.state === state && run.way === way);
  return values.length === 0 ? undefined : Math.min(...values.map((run) => run[metric]));
}

function ratio(ours: number | undefined, other: number | undefined): string {
  return ours === undefined || other === undefined ? "–" : (ours / other).toFixed(2);
}
