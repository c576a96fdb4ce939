// Reading what a run has left behind.

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report, ReportStage } from "../../src/model/report.ts";
import { schemaErrors } from "../report/schema.ts";

/** What has a report. */
export interface Reported {
  readonly report: Report | undefined;
}

/** All stages of a report, in its order. */
export function stagesOf({ report }: Reported): readonly ReportStage[] {
  return report?.images.flatMap((image) => image.stages) ?? [];
}

/** A stage by its name, or by `image/stage`. Throws when there is none. */
export function stageOf(reported: Reported, name: string): ReportStage {
  const stages = stagesOf(reported);
  const stage = stages.find((one) => [one.name, `${one.image}/${one.name}`].includes(name));
  if (stage === undefined) throw new Error(`no stage ${name} in the report`);
  return stage;
}

/** A report's file, held against its schema; undefined where no path is given. */
export async function readReport(path: string | undefined): Promise<Report | undefined> {
  if (path === undefined || path === "") return undefined;
  const report: unknown = JSON.parse(await readFile(path, "utf8"));
  const errors = schemaErrors(report);
  if (errors.length > 0) throw new Error(`the report does not fit its schema: ${errors}`);
  return report as Report;
}

/** Where a layout keeps a blob. */
export function blobPath(layout: string, digest: string): string {
  return join(layout, "blobs", "sha256", digest.slice("sha256:".length));
}

/** Text of a file in a stage's image; undefined where no layer has it. */
export function fileIn(layout: string, stage: ReportStage, path: string): string | undefined {
  for (const { digest } of stage.layers.toReversed()) {
    const blob = blobPath(layout, digest);
    if (!tar("--list", blob).split("\n").includes(path)) continue;
    return tar("--extract", blob, "--to-stdout", path);
  }
  return undefined;
}

/** Layers that have been counted, by digest: stages share them. */
const counted = new Map<string, number>();

/** Bytes of regular files over all layers, as tar lists them. */
export function countedBytes(layout: string, { layers }: Pick<ReportStage, "layers">): number {
  for (const { digest } of layers) {
    if (!counted.has(digest)) counted.set(digest, bytesOfLayer(blobPath(layout, digest)));
  }
  return layers.reduce((sum, { digest }) => sum + (counted.get(digest) ?? Number.NaN), 0);
}

function bytesOfLayer(blob: string): number {
  const files = tar("--list", blob, "--verbose")
    .split("\n")
    .filter((line) => line.startsWith("-"));
  return files.reduce((bytes, line) => bytes + Number(line.split(/\s+/)[2]), 0);
}

function tar(verb: string, file: string, ...others: readonly string[]): string {
  const args = [verb, "--file", file, ...others];
  return execFileSync("tar", args, { encoding: "utf8", maxBuffer: 1e9 });
}
