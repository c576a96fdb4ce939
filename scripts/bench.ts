// npm run bench -- [--engine containerd|graph|builder|ci] [--rounds N] [--ways a,b]
// [--example DIR] [--out DIR]: what the whole action costs, beside what a workflow is composed of
// today and the least there can be.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeBundle } from "../bench/bundle.ts";
import { runCiRounds } from "../bench/ci-rounds.ts";
import { ENGINES, findParts } from "../bench/course.ts";
import { describeMachine } from "../bench/machine.ts";
import { renderPage } from "../bench/page.ts";
import { keep } from "../bench/results.ts";
import { type Run, runRounds, WAY_NAMES } from "../bench/rounds.ts";
import { renderTable } from "../bench/table.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    engine: { type: "string", default: "containerd" },
    rounds: { type: "string", default: "3" },
    ways: { type: "string", default: WAY_NAMES.join(",") },
    example: { type: "string", default: join(root, "examples", "trading-app") },
    out: { type: "string", default: join(root, "bench") },
  },
});
const rounds = Number(values.rounds);
const engine = ENGINES.find((name) => name === values.engine);
if (engine === undefined) throw new Error(`--engine: one of ${ENGINES.join(", ")}`);
const ways = WAY_NAMES.filter((name) => values.ways.split(",").includes(name));
if (!(rounds >= 1) || ways.length === 0) throw new Error("--rounds: 1 or more; --ways: see above");

// What we run stands in process groups of its own, and ends when we do.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const folder = await mkdtemp(join(tmpdir(), "weighbridge-bench-bundle-"));
try {
  const parts = await findParts(engine, { bundle: makeBundle(folder), example: values.example });
  const machine = await describeMachine(parts);
  const go = engine === "ci" ? runCiRounds : runRounds;
  const runs = await go(parts, rounds, ways, say);
  console.log(`\n${renderTable({ runs })}`);
  const date = new Date().toISOString();
  await mkdir(values.out, { recursive: true });
  const all = await keep(values.out, { engine, date, machine, rounds, runs });
  await writeFile(join(values.out, "RESULTS.md"), renderPage(all));
} finally {
  await rm(folder, { recursive: true, force: true });
}

function say({ round, state, way, seconds, cpuSeconds, peakBytes, load }: Run): void {
  const memory = `${(peakBytes / 1e6).toFixed(0)} MB`;
  const times = `${seconds.toFixed(1)} s (CPU ${cpuSeconds.toFixed(1)} s), ${memory}`;
  console.log(`round ${round}, ${state}, ${way}: ${times}; load ${load.toFixed(1)}`);
}
