import {
  assertNever,
  type Consequence,
  isDiskFull,
  messageOf,
  type Problem,
  systemCodeOf,
  ToolError,
  UserError,
} from "./errors.ts";
import type { Host } from "./host/host.ts";
import { parseFlag } from "./inputs/values.ts";
import type { Inputs } from "./model/inputs.ts";
import type { Report } from "./model/report.ts";
import { type FileLine, fileLineOf, inReadingOrder, renderBadInput } from "./report/bad-input.ts";
import { isMissing } from "./report/obstacles.ts";

/** How a run ended, as the process that ran it says it. */
export type Ending = "passed" | "failed" | "bad input" | "broken";

/**
 * What a report means for the run. `fail: false` makes goals advice; a stage that could not be
 * built fails the run all the same.
 */
export function endingOf(report: Report, { fail, onUnknown }: Inputs["publish"]): Ending {
  const stages = report.images.flatMap((image) => image.stages);
  if (stages.some(isMissing)) return "failed";
  if (!fail) return "passed";
  switch (report.verdict) {
    case "pass":
      return "passed";
    case "fail":
      return "failed";
    case "unknown":
      return onUnknown === "warn" ? "passed" : "failed";
    default:
      return assertNever(report.verdict);
  }
}

/** Why a run passes although its verdict is another; undefined where that needs no explanation. */
export function whyPassed(report: Report, publish: Inputs["publish"]): string | undefined {
  if (report.verdict === "pass" || endingOf(report, publish) !== "passed") return undefined;
  return publish.fail
    ? "Goals that could not be judged only warn (on-unknown: warn): the step passes."
    : "Goals only advise (fail: false): the step passes.";
}

/**
 * Says on a runner why a run made no report: in the log, and what has to be put right in the summary
 * of the job too, where that is wanted.
 * @param given what the input `summary` is set to
 */
export async function explainOnRunner(
  host: Pick<Host, "log" | "signal" | "kind" | "results" | "conceal">,
  error: unknown,
  given = "",
): Promise<Ending> {
  const ending = explain(host, error);
  const flag = parseFlag(given.trim());
  const hasSummary = flag.kind === "problem" || flag.value;
  const mistake = ending === "bad input" && hasSummary ? userErrorOf(error) : undefined;
  if (mistake === undefined) return ending;
  const { problems, consequence } = mistake;
  const summary = renderBadInput(problems, consequence ?? NOTHING_BUILT);
  await host.results.writeSummary(host.conceal(summary)).catch((failure) => {
    host.log.warning(`The job summary could not be written: ${messageOf(failure)}`);
  });
  return ending;
}

const NOTHING_BUILT = "nothing was built";

function userErrorOf(error: unknown): UserError | undefined {
  if (error instanceof SuppressedError) return userErrorOf(error.suppressed);
  return error instanceof UserError ? error : undefined;
}

/**
 * Says in the log why a run made no report. On a runner, what is wrong with a file is an annotation
 * on its line.
 * @param consequence what bad input has kept from being done, unless it says so itself
 */
export function explain(
  host: Pick<Host, "log" | "signal"> & Partial<Pick<Host, "kind">>,
  error: unknown,
  consequence: Consequence = NOTHING_BUILT,
): Ending {
  const { log, signal } = host;
  // Whatever else went wrong did so because everything was stopped.
  if (signal.aborted) {
    log.error(`The run was ${messageOf(signal.reason)}; there is no report`);
    return "broken";
  }
  // Tidying up failed as well: what came first is what matters.
  if (error instanceof SuppressedError) return explain(host, error.suppressed, consequence);
  if (error instanceof UserError) {
    const count = error.problems.length;
    const what =
      count === 1 ? "One thing has to be put right" : `${count} things have to be put right`;
    const list = inReadingOrder(error.problems).map(
      ({ where, what: problem }) => `  ${where}: ${problem}`,
    );
    const place = host.kind === "actions" ? firstPlace(error.problems) : undefined;
    log.error([`${what}; ${error.consequence ?? consequence}:`, ...list].join("\n"), place);
    return "bad input";
  }
  if (error instanceof ToolError) {
    const tail = error.stderrTail.trim().split("\n").slice(-20).join("\n");
    log.error([`${error.message} (${error.command})`, tail].join("\n").trim());
    return "broken";
  }
  // A folder that may not be written, say: its message names call and path.
  if (systemCodeOf(error) !== undefined) {
    const what = isDiskFull(error) ? "The disk is full" : "The system refuses what has to be done";
    log.error(`${what}: ${messageOf(error)}`);
    return "broken";
  }
  log.error(`This is a bug of weighbridge: ${messageOf(error)}`);
  if (error instanceof Error && error.stack !== undefined) log.info(error.stack);
  return "broken";
}

/** All problems are one message, which can stand on one line only. */
function firstPlace(problems: readonly Problem[]): FileLine | undefined {
  return problems.map(fileLineOf).find((place) => place !== undefined);
}
