import type { Checked, ImageFinding } from "../../src/model/finding.ts";

/** What Trivy writes of one target. */
export interface ByHand {
  readonly Target: string;
  readonly Vulnerabilities?: readonly {
    readonly VulnerabilityID: string;
    readonly PkgName: string;
    readonly InstalledVersion: string;
    readonly FixedVersion?: string;
    readonly Severity: string;
    readonly PrimaryURL: string;
    readonly Layer: { readonly DiffID: string };
  }[];
  readonly Secrets?: readonly {
    readonly RuleID: string;
    readonly Severity: string;
    readonly Layer: { readonly DiffID: string };
  }[];
}

/** What Trivy found, a line each, sorted. */
export function linesOf(results: readonly ByHand[]): readonly string[] {
  const vulnerabilities = results.flatMap(({ Vulnerabilities = [] }) =>
    Vulnerabilities.map((found) =>
      [
        found.VulnerabilityID,
        found.Severity.toLowerCase(),
        found.PkgName,
        found.InstalledVersion,
        found.FixedVersion,
        found.PrimaryURL,
        found.Layer.DiffID,
      ].join(" "),
    ),
  );
  const secrets = results.flatMap(({ Target, Secrets = [] }) =>
    Secrets.map((found) =>
      [found.RuleID, found.Severity.toLowerCase(), Target, found.Layer.DiffID].join(" "),
    ),
  );
  return [...vulnerabilities, ...secrets].sort((a, b) => a.localeCompare(b));
}

/** What we found, in the same lines. */
export function ourLines(check: Checked<ImageFinding>): readonly string[] {
  if (check.kind !== "checked") throw new Error(JSON.stringify(check));
  const lines = check.findings.map((found) =>
    (found.package === undefined
      ? [found.rule, found.severity, found.path, found.layerDiffId]
      : [
          found.rule,
          found.severity,
          found.package,
          found.installed,
          found.fixed,
          found.help,
          found.layerDiffId,
        ]
    ).join(" "),
  );
  return lines.sort((a, b) => a.localeCompare(b));
}
