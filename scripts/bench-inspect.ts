// npm run bench:inspect -- [--rounds N] [--scale X] [--only NAME,…] [--out DIR]: what it costs to
// inspect images, beside dive and the least there can be. At full scale it needs 60 GB of disk and
// an hour or two; `--scale 0.01` is a try.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeBundle } from "../bench/bundle.ts";
import { renderComparison, renderGrowth, renderPage } from "../bench/inspect/page.ts";
import { EXAMPLE, measureAll, type Run } from "../bench/inspect/rounds.ts";
import { subjectsAt } from "../bench/inspect/subjects.ts";
import { ensureDive } from "../bench/inspect/ways.ts";
import { describeMachine } from "../bench/machine.ts";
import { ensureLab } from "./lab/lab.ts";
import { findPlace } from "./lab/place.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    scale: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    out: { type: "string", default: join(root, "bench") },
  },
});
const rounds = Number(values.rounds);
const scale = Number(values.scale);
if (!(rounds >= 1) || !(scale > 0)) throw new Error("--rounds: 1 or more; --scale: above 0");
const all = subjectsAt(scale);
const only =
  values.only === "" ? [...all.map(({ name }) => name), EXAMPLE] : values.only.split(",");
const subjects = all.filter(({ name }) => only.includes(name));

// What we run stands in process groups of its own, and ends when we do.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const bundles = await mkdtemp(join(tmpdir(), "weighbridge-bench-bundle-"));
try {
  const { containerd, tools } = await ensureLab(["containerd", "registry", "images", "tools"]);
  const { environment } = containerd;
  const place = findPlace();
  const parts = {
    environment,
    dive: await ensureDive(join(place.folder, "dive", "venv")),
    bundles: {
      command: makeBundle(join(bundles, "command"), "src/cli.ts"),
      all: makeBundle(join(bundles, "all"), "bench/inspect/inspect-all.ts"),
      floor: makeBundle(join(bundles, "floor"), "bench/inspect/floor.ts"),
    },
  };
  const machine = await describeMachine({ environment, tools });
  const example = only.includes(EXAMPLE) ? join(root, "examples", "trading-app") : undefined;
  const folder = join(place.folder, "bench-inspect");
  await mkdir(folder, { recursive: true });
  const measured = await measureAll({ subjects, example, rounds, folder }, parts, say);
  const results = { ...measured, date: new Date().toISOString(), machine, rounds, scale };
  console.log(`\n${renderComparison(results, subjects)}\n\n${renderGrowth(results, subjects)}`);
  await mkdir(values.out, { recursive: true });
  await writeFile(join(values.out, "inspect.json"), `${JSON.stringify(results, undefined, 1)}\n`);
  await writeFile(join(values.out, "INSPECT.md"), renderPage(results, subjects));
} finally {
  await rm(bundles, { recursive: true, force: true });
}

function say({ subject, round, way, seconds, cpuSeconds, peakBytes, load }: Run): void {
  const memory = `${(peakBytes / 1e6).toFixed(0)} MB`;
  const times = `${seconds.toFixed(1)} s (CPU ${cpuSeconds.toFixed(1)} s), ${memory}`;
  console.log(`${subject}, round ${round}, ${way}: ${times}; load ${load.toFixed(1)}`);
}
