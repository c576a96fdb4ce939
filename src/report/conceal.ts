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
  const isOurs = (key: string) => OURS.has(key) && !(key === "rule" && isForeignRule(value));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      isOurs(key) ? member : concealed(member, conceal),
    ]),
  );
}

/**
 * For a license Trivy calls the rule what a package calls its license, which a step may have written.
 * Goals, advice and linters have rules of their own.
 */
function isForeignRule(value: object): boolean {
  if (!("tool" in value && value.tool === "trivy" && "rule" in value)) return false;
  return !ADVISORY.test(String(value.rule));
}

/** What nearly all advisories are called; a secret of four digits is no part of it. */
const ADVISORY = /^(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3})$/;
