// The pipeline, one call a room: what is given is prepared, measured, judged, reported, published.

import { removeEdition, writeEdition } from "./edition.ts";
import type { Host } from "./host/host.ts";
import { goalsFor } from "./inputs/goals-for.ts";
import { judge } from "./judge/judge.ts";
import { measure } from "./measure.ts";
import type { GoalRules, Inputs } from "./model/inputs.ts";
import type { Measurement } from "./model/measurement.ts";
import type { Stage } from "./model/plan.ts";
import type { Report } from "./model/report.ts";
import { lastWanted } from "./plan/last-wanted.ts";
import { type Given, type Prepared, prepare } from "./prepare.ts";
import { type Edition, type Published, publish } from "./publish/publish.ts";
import { concealSecrets } from "./report/conceal.ts";
import { filterNotes } from "./report/filter-notes.ts";
import { makeReport } from "./report/report.ts";
import { openState } from "./state/state.ts";

/** A run that came to its end: a report was made, whatever it says. */
export interface Finished {
  readonly report: Report;
  readonly published: Published;
  readonly inputs: Inputs;
}

/** Where a run leaves what it made. Absolute paths. */
export interface Folders {
  /** Of the report's files. */
  readonly out: string;
  /** For a layout with this run's images alone; absent: they are in the one that is kept. */
  readonly layout?: string;
}

/**
 * Builds, weighs, lints, scans, judges and reports.
 * @param foldersOf the folders for a report of that name
 * @throws UserError with everything that is wrong with what was given: nothing was built
 * @throws ToolError when the engine does not do its work
 * @throws the reason of the host's signal when the run was cancelled before there was a report
 */
export async function run(
  host: Host,
  given: Given,
  foldersOf: (name: string) => Folders,
): Promise<Finished> {
  const startedAt = host.clock.now();
  const prepared = await prepare(host, given);
  const { inputs } = prepared;
  await using _builder = prepared.own;
  const edition = await makeEdition(host, prepared, foldersOf(inputs.publish.name), startedAt);
  const published = await publish(host, edition, inputs.publish);
  return { report: edition.report, published, inputs };
}

/** All for which the state is needed: while a report is published, the next run can have it. */
async function makeEdition(
  host: Host,
  prepared: Prepared,
  folders: Folders,
  startedAt: number,
): Promise<Edition> {
  const { inputs } = prepared;
  await using state = await openState(host, inputs.state);
  const { out, layout = state.layout.folder } = folders;
  await removeEdition(host, out);
  const { measurement, tools, notes: ofBuild } = await measure(host, prepared, state);
  const ofState = state.note === undefined ? [] : [state.note];
  const ofScan = filterNotes(inputs.scan, ignoredIn(measurement));
  const notes = [...prepared.notes, ...ofState, ...ofBuild, ...ofScan];
  // What was cut short looks like what could not be had: of that no report is made.
  host.signal.throwIfAborted();
  const judgement = judge(measurement, {
    goalsOf: (stage) => goalsFor(stage, inputs.goals, diveRulesFor(stage, prepared)),
    failOnLint: inputs.lint.failOnLint,
    severity: inputs.scan.severity,
  });
  const { name } = inputs.publish;
  const commit = host.ci === undefined ? {} : { commit: host.ci.commit };
  const made = makeReport(measurement, judgement, { name, notes, tools, ...commit });
  const report = concealSecrets(made, host.conceal);
  const outlives = state.note !== undefined;
  if (layout !== state.layout.folder) await state.layout.listIn(layout, outlives);
  return await writeEdition(host, report, {
    out,
    layout,
    plan: prepared.plan,
    targets: inputs.targets,
    publish: inputs.publish,
    startedAt,
  });
}

/** Rules of what was found in any stage and is listed in the ignore file, each once, in order. */
function ignoredIn({ images }: Measurement): readonly string[] {
  const scans = images.flatMap(({ stages }) => stages.map(({ scan }) => scan));
  const rules = scans.flatMap((scan) => (scan.kind === "checked" ? (scan.ignored ?? []) : []));
  return [...new Set(rules)].toSorted();
}

function diveRulesFor(stage: Stage, { inputs, plan }: Prepared): GoalRules {
  const isLast = plan.images.some(({ stages }) => lastWanted(stages) === stage);
  return isLast ? inputs.diveRules : {};
}
