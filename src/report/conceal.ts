import type { Report } from "../model.ts";

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
    Object.entries(value).map(([key, member]) => [key, concealed(member, conceal)]),
  );
}
