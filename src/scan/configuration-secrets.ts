// Secrets in an image's configuration: in variables and labels, and in its history, which has the text
// of each instruction. Trivy names no layer for them, but shows the line of the configuration.

import type { ImageFinding } from "../model/finding.ts";
import type { HistoryEntry, ImageConfig } from "../oci-documents.ts";

/** A secret in the configuration, before it is known which instruction put it there. */
export interface ConfigurationSecret extends ImageFinding {
  /** The line that has it as Trivy writes the configuration, or a part of that; it is masked. */
  readonly configurationText: string;
}

/** Whether a finding is one. */
export function isInConfiguration(finding: ImageFinding): finding is ConfigurationSecret {
  return "configurationText" in finding;
}

/**
 * Names for each secret in the configuration the entry of the history that has it, and the layer that
 * this entry made, if it made one. What an instruction sets is in the history and beside it: it is told
 * once, as what that instruction says.
 */
export function placeInHistory(
  findings: readonly ImageFinding[],
  { history, diffIds }: Pick<ImageConfig, "history" | "diffIds">,
): readonly ImageFinding[] {
  const placed = findings.map((finding) => {
    if (!isInConfiguration(finding)) return finding;
    const { configurationText, ...secret } = finding;
    return { ...secret, ...placeOf(entryWith(configurationText, history), history, diffIds) };
  });
  const noted = new Set(
    placed.filter((secret) => secret.historyEntry !== undefined).map(({ rule }) => rule),
  );
  return placed.filter((finding, at) => {
    const before = findings[at];
    const isOutside = before !== undefined && isInConfiguration(before);
    return !isOutside || finding.historyEntry !== undefined || !noted.has(finding.rule);
  });
}

function placeOf(
  entry: number,
  history: readonly HistoryEntry[],
  diffIds: readonly string[],
): Pick<ImageFinding, "historyEntry" | "layerDiffId"> {
  if (entry === -1) return {};
  const layer = history.slice(0, entry).filter(({ isEmpty }) => !isEmpty).length;
  const layerDiffId = history[entry]?.isEmpty === true ? undefined : diffIds[layer];
  return { historyEntry: entry, ...(layerDiffId !== undefined && { layerDiffId }) };
}

/** Position of the entry of which a text is a part; -1 where it is of none. */
function entryWith(text: string, history: readonly HistoryEntry[]): number {
  const masked = text.trim();
  if (masked === "") return -1;
  return history.findIndex(({ createdBy }) => {
    const line = `"created_by": ${asGoWrites(createdBy)},`;
    for (let start = 0; start + masked.length <= line.length; start++) {
      if (isMaskOf(masked, line, start)) return true;
    }
    return false;
  });
}

/** Whether a text stands there, but for what is masked in it. */
function isMaskOf(masked: string, line: string, start: number): boolean {
  for (let at = 0; at < masked.length; at++) {
    if (masked[at] !== "*" && masked[at] !== line[start + at]) return false;
  }
  return true;
}

/** Go's JSON has these signs by number. https://pkg.go.dev/encoding/json#HTMLEscape */
function asGoWrites(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
