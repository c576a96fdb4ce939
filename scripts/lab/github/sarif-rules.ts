import { listOf, member, numberOf, textOf } from "./json.ts";

/** Where a result is, in the repository. Lines and columns count from 1. */
export interface Location {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number;
  readonly endColumn: number;
}

/**
 * Why GitHub would not process this file; nothing when it would. Messages that have been seen
 * in public logs are GitHub's own words.
 */
export function deliveryProblems(log: unknown, checkoutUri: string | undefined): readonly string[] {
  if (member(log, "version") !== "2.1.0") {
    return [`rejecting SARIF, as its version is not 2.1.0 but ${text(member(log, "version"))}`];
  }
  const runs = listOf(member(log, "runs"));
  const limits = limitProblems(runs);
  if (limits.length > 0) return limits;
  return [
    ...repeatedCategories(runs),
    ...runs.flatMap(runProblems),
    ...runs
      .flatMap((run) => listOf(member(run, "results")))
      .flatMap((result) => resultProblems(result, checkoutUri)),
  ];
}

/**
 * The category of a run: the identifier of its automation up to the last slash. What comes after
 * the slash tells runs of one category apart; with no slash there is no category.
 * https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#runautomationdetails-object
 */
export function categoryOf(run: unknown): string {
  const id = textOf(member(run, "automationDetails", "id")) ?? "";
  return id.slice(0, Math.max(0, id.lastIndexOf("/")));
}

/** The first location of a result, which is the only one that GitHub's alerts use. */
export function locationOf(result: unknown): Location {
  const physical = member(listOf(member(result, "locations"))[0], "physicalLocation");
  const region = member(physical, "region");
  const startLine = numberOf(member(region, "startLine")) ?? 1;
  const startColumn = numberOf(member(region, "startColumn")) ?? 1;
  return {
    path: decodeURIComponent(textOf(member(physical, "artifactLocation", "uri")) ?? ""),
    startLine,
    endLine: numberOf(member(region, "endLine")) ?? startLine,
    startColumn,
    endColumn: numberOf(member(region, "endColumn")) ?? startColumn,
  };
}

/**
 * The most that one file may hold.
 * https://docs.github.com/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
 */
function limitProblems(runs: readonly unknown[]): readonly string[] {
  const results = runs.flatMap((run) => listOf(member(run, "results")));
  const rules = runs.flatMap((run) => listOf(member(run, "tool", "driver", "rules")));
  const most = (counts: readonly number[]) =>
    counts.reduce((one, other) => Math.max(one, other), 0);
  const lengths = (owners: readonly unknown[], ...path: readonly string[]) =>
    most(owners.map((owner) => listOf(member(owner, ...path)).length));
  return [
    tooMany("runs", runs.length, 20),
    tooMany("results per run", lengths(runs, "results"), 25_000),
    tooMany("rules per run", lengths(runs, "tool", "driver", "rules"), 25_000),
    tooMany("tool extensions per run", lengths(runs, "tool", "extensions"), 100),
    tooMany("locations per result", lengths(results, "locations"), 1000),
    tooMany("thread flow locations per result", most(results.map(flowLocations)), 10_000),
    tooMany("tags per rule", lengths(rules, "properties", "tags"), 20),
  ].flat();
}

function tooMany(what: string, count: number, limit: number): readonly string[] {
  if (count <= limit) return [];
  return [`rejecting SARIF, as there are more ${what} than allowed (${count} > ${limit})`];
}

function flowLocations(result: unknown): number {
  return listOf(member(result, "codeFlows"))
    .flatMap((flow) => listOf(member(flow, "threadFlows")))
    .reduce<number>((sum, flow) => sum + listOf(member(flow, "locations")).length, 0);
}

function repeatedCategories(runs: readonly unknown[]): readonly string[] {
  const keys = runs.map((run) =>
    JSON.stringify([categoryOf(run), member(run, "tool", "driver", "name")]),
  );
  if (new Set(keys).size === keys.length) return [];
  return [
    "A delivery cannot contain multiple runs with the same category. Please upload a single run per category. For more information, see https://github.blog/changelog/2025-07-21-code-scanning-will-stop-combining-multiple-sarif-runs-uploaded-in-the-same-sarif-file/",
  ];
}

function runProblems(run: unknown): readonly string[] {
  const driver = member(run, "tool", "driver");
  const nameless = textOf(member(driver, "name"))
    ? []
    : ["rejecting SARIF, as a run does not name its tool"];
  const severities = listOf(member(driver, "rules"))
    .map((rule) => member(rule, "properties", "security-severity"))
    .filter((severity) => severity !== undefined && Number.isNaN(Number(text(severity))))
    .map(
      (severity) =>
        `could not convert rules: invalid security severity value, is not a number: ${text(severity)}`,
    );
  return [...nameless, ...severities];
}

function resultProblems(result: unknown, checkoutUri: string | undefined): readonly string[] {
  if (!textOf(member(result, "message", "text"))) {
    return ["rejecting SARIF, as a result has no message"];
  }
  const [location] = listOf(member(result, "locations"));
  if (location === undefined) return ["locationFromSarifResult: expected at least one location"];
  const physical = member(location, "physicalLocation");
  if (physical === undefined) return ["locationFromSarifResult: expected a physical location"];
  const uri = textOf(member(physical, "artifactLocation", "uri"));
  if (!uri) return ["locationFromSarifResult: expected artifact location"];
  return uriProblems(uri, checkoutUri);
}

function uriProblems(uri: string, checkoutUri: string | undefined): readonly string[] {
  const scheme = schemeOf(uri);
  const checkoutScheme = schemeOf(checkoutUri ?? "");
  if (scheme !== "" && scheme !== checkoutScheme) {
    return [
      `SARIF URI scheme "${scheme}" did not match the checkout URI scheme "${checkoutScheme}"`,
    ];
  }
  return isProperUri(uri) ? [] : [`an invalid URI was provided as a SARIF location: ${uri}`];
}

/** No escape that is none, and no character that must be escaped. */
function isProperUri(uri: string): boolean {
  if (/[\s\\<>"{}|^`]/.test(uri)) return false;
  try {
    decodeURIComponent(uri);
    return URL.canParse(uri, "https://github.com");
  } catch {
    return false;
  }
}

function schemeOf(uri: string): string {
  return /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase() ?? "";
}

function text(value: unknown): string {
  if (value === undefined) return "missing";
  return textOf(value) ?? JSON.stringify(value);
}
