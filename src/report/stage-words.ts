import type { ReportStage } from "../model/report.ts";
import { formatBytes, formatBytesApart, formatSeconds } from "./format.ts";

/** A size of a stage, with the digits that its goal calls for; empty where it was not weighed. */
export function sizeWords(stage: ReportStage, size: "unpacked" | "download"): string {
  if (size === "download" && stage.downloadUnknown !== undefined) return "not known";
  const bytes = stage[size];
  if (bytes === undefined) return "";
  const limit = stage.goals.find(({ rule }) => rule === `max-${size}`)?.limit;
  return typeof limit === "number" ? formatBytesApart(bytes, limit) : formatBytes(bytes);
}

/** What the steps of a stage took; `cached` where not one of them had to be run. */
export function buildWords({ seconds, steps }: ReportStage): string {
  if (seconds === undefined) return "";
  const cached = steps.length > 0 && steps.every((step) => step.cached);
  return cached ? "cached" : formatSeconds(seconds);
}
