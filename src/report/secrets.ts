import type { Finding } from "../model/finding.ts";
import type { Report, ReportImage, ReportStage } from "../model/report.ts";
import { ascending } from "./ascending.ts";
import { type CauseOf, causesIn } from "./cause.ts";
import { formatCount, formatFew } from "./format.ts";
import { breakingFindings } from "./group-packages.ts";
import { isSecret, secretPlace } from "./remedy.ts";
import { severityRank } from "./severity-order.ts";

/** A file with a secret in it, and all that carries it. */
export interface Secret {
  readonly image: ReportImage;
  /** Hostile text. Absent: it is in the image's configuration. */
  readonly path?: string;
  /** What was recognised in it, each once. */
  readonly rules: readonly string[];
  /** Lines of the Dockerfile that brought it in first, ascending. */
  readonly lines: readonly number[];
  /** Every stage whose image has it, whatever its goals. */
  readonly stages: readonly ReportStage[];
  /** Those of them in which a later layer deletes or overwrites the file: it is there all the same. */
  readonly deletedIn: readonly ReportStage[];
  /** Lines that do so, ascending. */
  readonly deletedAt: readonly number[];
  /** Whether a goal on severity is missed because of it. */
  readonly breaksGoal: boolean;
}

/** The secrets in all images of a report, whether or not a goal counts them: those that break one first, then the worst. */
export function secretsOf(report: Report): readonly Secret[] {
  const secrets = report.images.flatMap(secretsIn);
  return secrets.toSorted((one, other) => Number(other.breaksGoal) - Number(one.breaksGoal));
}

/** A finding in a stage. */
interface Found {
  readonly finding: Finding;
  readonly stage: ReportStage;
}

function secretsIn(image: ReportImage): readonly Secret[] {
  const found = image.stages.flatMap((stage) =>
    stage.findings.filter(isSecret).map((finding): Found => ({ finding, stage })),
  );
  const worstFirst = found.toSorted(
    (one, other) => severityRank(one.finding) - severityRank(other.finding),
  );
  const causeOf = causesIn(image);
  const breaking = new Set(image.stages.flatMap(breakingFindings));
  const byPlace = Map.groupBy(worstFirst, ({ finding }) => secretPlace(finding));
  return [...byPlace.values()].map((same) => ({
    ...secretAt(image, same, causeOf),
    breaksGoal: same.some(({ finding }) => breaking.has(finding)),
  }));
}

function secretAt(
  image: ReportImage,
  found: readonly Found[],
  causeOf: CauseOf,
): Omit<Secret, "breaksGoal"> {
  const [path] = found.flatMap(({ finding }) => finding.path ?? []);
  const deleted = found.filter(({ finding }) => finding.killedBy !== undefined);
  return {
    image,
    ...(path !== undefined && { path }),
    rules: [...new Set(found.map(({ finding }) => finding.rule))],
    lines: ascending(found.map(({ finding }) => causeOf(finding))),
    stages: stagesOf(found),
    deletedIn: stagesOf(deleted),
    deletedAt: ascending(deleted.map(({ finding }) => finding.killedBy?.line)),
  };
}

function stagesOf(found: readonly Found[]): readonly ReportStage[] {
  return [...new Set(found.map(({ stage }) => stage))];
}

/**
 * That no container sees a file and it can be read all the same: `line 9 deletes or overwrites it, but
 * the layers before that still have it`. Empty where it is seen.
 * @param nameOf a stage's name as the rendering writes it
 */
export function deletedWords(
  { stages, deletedIn, deletedAt }: Secret,
  nameOf: (stage: ReportStage) => string,
): string {
  if (deletedIn.length === 0) return "";
  const where =
    deletedIn.length === stages.length ? "" : `in ${formatFew(deletedIn.map(nameOf), MOST_NAMED)} `;
  const lines = `${deletedAt.length === 1 ? "line" : "lines"} ${formatFew(deletedAt.map(String), 3)}`;
  const who = deletedAt.length === 0 ? "a later layer" : lines;
  const verb = deletedAt.length > 1 ? "delete or overwrite" : "deletes or overwrites";
  return `${where}${who} ${verb} it, but the layers before that still have it`;
}

/** So many stages are named one by one. */
export const MOST_NAMED = 8;

/**
 * What secrets mean, what to do about them, and whether they fail anything, in a few sentences.
 * @param nameOf a stage's name as the rendering writes it
 */
export function secretsAdvice(
  secrets: readonly Secret[],
  nameOf: (stage: ReportStage) => string,
): string {
  const isOne = secrets.length === 1;
  const hidden = secrets.filter(({ stages, deletedIn }) => deletedIn.length === stages.length);
  const also = isOne ? ", though no container sees it" : ", deleted ones included";
  return [
    `Anybody who can pull the image can read ${isOne ? "it" : "them"}${hidden.length > 0 ? also : ""}.`,
    isOne
      ? "Replace what it opens, and keep it out of the image:"
      : "Replace what they open, and keep them out of the image:",
    `${waysOut(secrets)}.`,
    ...uncountedWords(secrets, nameOf),
  ].join(" ");
}

function waysOut(secrets: readonly Secret[]): string {
  const areInFiles = secrets.some(({ path }) => path !== undefined);
  const areSet = secrets.some(({ path }) => path === undefined);
  return [
    ...(areInFiles ? ["an ignore file keeps files from `COPY` and `ADD`"] : []),
    "what the build needs can be a build secret (`RUN --mount=type=secret`), which leaves nothing behind",
    ...(areSet ? ["what a container needs can be given to it when it starts"] : []),
  ].join(", and ");
}

/** Where a secret is that is in no file. */
export const IN_CONFIGURATION = "the image's configuration";

/** What no goal counts is easily overlooked. */
function uncountedWords(
  secrets: readonly Secret[],
  nameOf: (stage: ReportStage) => string,
): readonly string[] {
  const uncounted = secrets.filter(({ breaksGoal }) => !breaksGoal);
  if (uncounted.length === 0) return [];
  if (uncounted.length === secrets.length) {
    return [uncounted.length === 1 ? "No goal counts it." : "No goal counts them."];
  }
  const stages = [...new Set(uncounted.flatMap((secret) => secret.stages))];
  if (stages.some(hasSeverityGoal)) {
    const places = `${formatCount(uncounted.length)} of these ${formatCount(secrets.length)} places`;
    return [`No goal counts what is in ${places}.`];
  }
  const [verb, whose] = stages.length === 1 ? ["has", "it has"] : ["have", "they have"];
  const names = formatFew(stages.map(nameOf), MOST_NAMED);
  return [`${names} ${verb} no goal on severity: what only ${whose} does not fail the run.`];
}

function hasSeverityGoal({ goals }: ReportStage): boolean {
  return goals.some(({ rule }) => rule === "fail-on-severity");
}
