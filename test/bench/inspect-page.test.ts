import { expect, it } from "vitest";
import { renderGrowth } from "../../bench/inspect/page.ts";
import type { Run } from "../../bench/inspect/rounds.ts";

it("Time is the least of all rounds, memory the most", () => {
  const run = (round: number, seconds: number, peakBytes: number): Run => {
    return { subject: "s", round, way: "ours", load: 0, seconds, cpuSeconds: 0, peakBytes };
  };
  const measured = { runs: [run(1, 2, 300e6), run(2, 3, 100e6)], bytes: [] };
  const machine = { cores: 2, processor: "", memoryBytes: 0, load: 0, versions: {} };
  const results = { ...measured, date: "", machine, rounds: 2, scale: 1 };
  const subject = { name: "s", title: "some", images: [], isCompared: false } as const;
  expect(renderGrowth(results, [{ ...subject, series: "bytes" }])).toContain(
    "| some | – | 2.0 s | – | – | 300 MB |",
  );
});
