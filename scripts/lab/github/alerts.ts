import type { Analysis, Rule, SarifResult } from "./sarif.ts";
import type { Location } from "./sarif-rules.ts";

/** One problem, however often it was uploaded. */
export interface Alert {
  /** Counts from 1 in each repository. */
  readonly number: number;
  /** Tool, rule, path and fingerprint; the line instead where there is no fingerprint. */
  readonly key: string;
  readonly createdAt: string;
  rule: Rule;
  tool: Analysis["tool"];
  /** One for each ref and category that has ever shown it, the last one shown at the end. */
  readonly instances: AlertInstance[];
}

/** An alert as one category shows it on one ref. */
export interface AlertInstance {
  readonly ref: string;
  readonly category: string;
  readonly message: string;
  readonly location: Location;
  state: "open" | "fixed";
  commitSha: string;
  updatedAt: string;
}

/** The part of a repository that alerts are kept in. */
export interface AlertBook {
  readonly alerts: Alert[];
  readonly next: { alertNumber: number };
}

/**
 * Opens an alert for each result of the analysis and closes those that the same tool and
 * category showed on the same ref before and do not show any more. Nothing else is touched: an
 * alert of a category that is never uploaded again stays open for ever.
 */
export function applyAnalysis(book: AlertBook, analysis: Analysis): void {
  const shown = new Map(analysis.results.map((result) => [keyOf(analysis, result), result]));
  for (const [key, result] of shown) showAlert(book, key, { analysis, result });
  for (const alert of book.alerts) {
    if (shown.has(alert.key) || alert.tool.name !== analysis.tool.name) continue;
    const instance = instanceOf(alert, analysis);
    if (instance?.state !== "open") continue;
    instance.state = "fixed";
    instance.commitSha = analysis.commitSha;
    instance.updatedAt = analysis.createdAt;
  }
}

/** What an alert is on a ref: open as long as one category shows it; undefined if none ever did. */
export function stateOn(alert: Alert, ref: string): "open" | "fixed" | undefined {
  const instances = alert.instances.filter((instance) => instance.ref === ref);
  if (instances.length === 0) return undefined;
  return instances.some(({ state }) => state === "open") ? "open" : "fixed";
}

/** The instance that speaks for an alert on a ref: an open one before a fixed one, newest first. */
export function latestInstance(alert: Alert, ref: string): AlertInstance | undefined {
  const state = stateOn(alert, ref);
  return alert.instances.findLast((instance) => instance.ref === ref && instance.state === state);
}

function keyOf(analysis: Analysis, result: SarifResult): string {
  const { path, startLine } = result.location;
  const place = result.fingerprint ?? `line ${startLine}`;
  return JSON.stringify([analysis.tool.name, result.rule.id, path, place]);
}

function showAlert(
  book: AlertBook,
  key: string,
  shown: { readonly analysis: Analysis; readonly result: SarifResult },
): void {
  const { analysis, result } = shown;
  const alert = book.alerts.find((known) => known.key === key) ?? openAlert(book, key, shown);
  alert.rule = result.rule;
  alert.tool = analysis.tool;
  const instance = {
    ref: analysis.ref,
    category: analysis.category,
    state: "open" as const,
    commitSha: analysis.commitSha,
    message: result.message,
    location: result.location,
    updatedAt: analysis.createdAt,
  };
  const known = instanceOf(alert, analysis);
  if (known !== undefined) alert.instances.splice(alert.instances.indexOf(known), 1);
  alert.instances.push(instance);
}

function openAlert(
  book: AlertBook,
  key: string,
  shown: { readonly analysis: Analysis; readonly result: SarifResult },
): Alert {
  const alert: Alert = {
    number: book.next.alertNumber++,
    key,
    createdAt: shown.analysis.createdAt,
    rule: shown.result.rule,
    tool: shown.analysis.tool,
    instances: [],
  };
  book.alerts.push(alert);
  return alert;
}

function instanceOf(alert: Alert, analysis: Analysis): AlertInstance | undefined {
  return alert.instances.find(
    ({ ref, category }) => ref === analysis.ref && category === analysis.category,
  );
}
