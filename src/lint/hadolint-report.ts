import { type ForeignValue, readForeignJson } from "../foreign-json.ts";
import { type Finding, LINT_LEVELS } from "../model/finding.ts";
import { oneLine } from "../one-line.ts";

/**
 * Reads what `hadolint --format json` wrote.
 * @param tool name and version, for the error
 * @returns findings by the path that Hadolint was given; none for a Dockerfile that is fine
 * @throws ToolError when it is not Hadolint's JSON
 */
export function parseHadolintReport(
  tool: string,
  stdout: string,
): ReadonlyMap<string, readonly Finding[]> {
  const findings = new Map<string, Finding[]>();
  for (const item of readForeignJson(tool, ownJson(stdout)).items()) {
    const file = item.field("file").text();
    const ofFile = findings.get(file) ?? [];
    findings.set(file, [...ofFile, parseFinding(item)]);
  }
  return findings;
}

/**
 * A repository's configuration may ask for other formats. They are written before the one that we
 * ask for, with nothing in between. A quote inside a JSON text is escaped, so that what begins
 * our list cannot stand inside of it.
 */
function ownJson(stdout: string): string {
  const start = stdout.lastIndexOf('[{"code":');
  if (start !== -1) return stdout.slice(start);
  return stdout.endsWith("[]") ? "[]" : stdout;
}

function parseFinding(item: ForeignValue): Finding {
  const rule = item.field("code").text();
  return {
    tool: "hadolint",
    rule,
    severity: item.field("level").oneOf(LINT_LEVELS),
    message: oneLine(item.field("message").text()),
    help: helpOf(rule),
    line: item.field("line").integer(),
  };
}

/** Hadolint runs ShellCheck on what a `RUN` does: its rules have a wiki of their own. */
function helpOf(rule: string): string {
  return rule.startsWith("SC")
    ? `https://www.shellcheck.net/wiki/${encodeURIComponent(rule)}`
    : `https://github.com/hadolint/hadolint/wiki/${encodeURIComponent(rule)}`;
}

/**
 * Whether Hadolint could not read a Dockerfile: its grammar lacks some of what BuildKit knows, and it
 * then says this and nothing else of the file.
 */
export function isUnreadable({ tool, rule }: Finding): boolean {
  return tool === "hadolint" && rule === "DL1000";
}
