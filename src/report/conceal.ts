import type { Report } from "../model/report.ts";

/**
 * Words of ours and digests: a secret that happens to be `pass`, or four digits of a digest, must
 * not turn them into something else. Nothing that a build says stands in them.
 */
const OURS = new Set([
  "verdict",
  "status",
  "digest",
  "diffId",
  "origin",
  "tool",
  "severity",
  "rule",
  "kind",
  "type",
  "limit",
  "actual",
  "platform",
  "commit",
]);

/**
 * The report with every text as it may be shown: the output of a failing step, a path or a message
 * may carry a secret of the build. Done once, before anything is rendered.
 */
export function concealSecrets(report: Report, conceal: (text: string) => string): Report {
  return concealed(report, conceal) as Report;
}

function concealed(value: unknown, conceal: (text: string) => string): unknown {
  if (typeof value === "string") return conceal(value);
  if (Array.isArray(value)) return value.map((member) => concealed(member, conceal));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      OURS.has(key) ? member : concealed(member, conceal),
    ]),
  );
}
