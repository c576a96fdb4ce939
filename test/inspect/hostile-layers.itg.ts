// Layers that were made to exhaust whoever reads them, by themselves or together: each ends in bounded
// time and memory, with entries or with a refusal that says how to allow it.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import PQueue from "p-queue";
import { expect, it } from "vitest";
import type { Outcome } from "./read-hostile.ts";

const refused = (why: string, limit: string, what = "layer") =>
  `The ${what} … is refused: ${why}, the limit "${limit.split(":")[0]}"; to allow more, raise it in layer-limits, such as to "${limit}"`;

interface Case {
  readonly name: string;
  /** Entries, or why it is refused. */
  readonly result: number | string;
  readonly mostBytes: number;
  /** Of the processor, at least five times what it takes. */
  readonly mostSeconds: number;
}

const TOO_MANY_ENTRIES = "more than 3000000 files and folders";

const CASES: readonly Case[] = [
  {
    name: "ten million entries",
    result: refused(`it has ${TOO_MANY_ENTRIES}`, "entries: 6000000"),
    ...{ mostBytes: 500e6, mostSeconds: 60 },
  },
  {
    name: "almost as many entries as may be",
    result: 2_900_000,
    ...{ mostBytes: 850e6, mostSeconds: 90 },
  },
  {
    name: "a million whiteouts of one folder",
    result: 1_000_000,
    ...{ mostBytes: 500e6, mostSeconds: 60 },
  },
  {
    name: "a folder that is hidden a million times",
    result: 1_000_000,
    ...{ mostBytes: 300e6, mostSeconds: 60 },
  },
  {
    name: "paths of 64 KB",
    result: refused(`it has ${TOO_MANY_ENTRIES}`, "entries: 6000000"),
    ...{ mostBytes: 500e6, mostSeconds: 60 },
  },
  {
    name: "four gigabytes of zeros through zstd",
    result: refused("it unpacks to more than 2000 times its size", "ratio: 4000"),
    ...{ mostBytes: 300e6, mostSeconds: 60 },
  },
  {
    name: "four gigabytes of zeros through gzip",
    result: 1,
    ...{ mostBytes: 300e6, mostSeconds: 90 },
  },
  {
    name: "a million frames of nothing",
    result: 1,
    ...{ mostBytes: 400e6, mostSeconds: 150 },
  },
  {
    name: "a Java archive in frames of a byte each",
    result: 1,
    ...{ mostBytes: 300e6, mostSeconds: 60 },
  },
  {
    name: "forty layers of a hundred thousand entries",
    result: refused(`its layers have ${TOO_MANY_ENTRIES}`, "entries: 6000000", "image"),
    ...{ mostBytes: 500e6, mostSeconds: 90 },
  },
  {
    name: "a million owners",
    result: refused("its files have more than 65536 owners", "owners: 131072"),
    ...{ mostBytes: 300e6, mostSeconds: 30 },
  },
  {
    name: "a source without an end",
    result: "The layer … is damaged: it has more bytes than the 1000000 that the manifest has",
    ...{ mostBytes: 300e6, mostSeconds: 10 },
  },
];

/** Milliseconds, what it takes to make it included. */
const TIMEOUT = 300_000;

/** Each is a process of its own, which uses little more than one core. */
const queue = new PQueue({ concurrency: 2 });

it.concurrent.each(CASES)(
  "$name ends in bounded time and memory",
  { timeout: TIMEOUT },
  async ({ name, result, mostBytes, mostSeconds }) => {
    const program = join(import.meta.dirname, "read-hostile.ts");
    const { stdout } = await queue.add(() =>
      promisify(execFile)(process.execPath, [program, name]),
    );
    const outcome: Outcome = JSON.parse(stdout);
    expect(outcome.result).toEqual(result);
    expect(outcome.peakBytes).toBeLessThan(mostBytes);
    expect(outcome.seconds).toBeLessThan(mostSeconds);
  },
);
