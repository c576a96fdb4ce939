import type { Report, ReportImage } from "../model/report.ts";
import { formatFew } from "../report/format.ts";
import type { Annotation } from "./annotation.ts";

/** What a tool was asked to check, and did not. */
interface Unchecked {
  readonly tool: string;
  readonly dockerfile: string;
  /** A Dockerfile or a stage. */
  readonly what: string;
  readonly reason: string;
}

/** So many of what was not checked for one reason are named. */
const MOST_NAMED = 4;

/**
 * One warning of all that was to be checked and was not: without goals, a run says nothing else of it.
 * What the annotation of a goal or of a failed stage has said is left out.
 */
export function uncheckedAnnotations(report: Report): readonly Annotation[] {
  const told = toldReasons(report);
  const unchecked = uncheckedOf(report).filter(
    ({ reason }) => !told.some((words) => words.includes(reason)),
  );
  const [first] = unchecked;
  if (first === undefined) return [];
  const same = Map.groupBy(unchecked, ({ tool, reason }) => JSON.stringify([tool, reason]));
  const lines = [...same.values()].flatMap(linesOf);
  const title = "Not everything was checked";
  const place = { file: first.dockerfile, line: undefined };
  return [{ level: "warning", title, text: lines.join("\n"), ...place }];
}

function linesOf(same: readonly Unchecked[]): readonly string[] {
  const [first] = same;
  if (first === undefined) return [];
  const names = formatFew([...new Set(same.map(({ what }) => what))], MOST_NAMED);
  return [`${first.tool} did not check ${names}: ${first.reason}`];
}

/** Reasons of goals that could not be judged, and of stages that failed. */
function toldReasons({ images }: Report): readonly string[] {
  const failed = images
    .flatMap(({ stages }) => stages)
    .flatMap(({ status, reason }) => (status === "failed" && reason ? [reason] : []));
  const goals = images.flatMap(({ failOnLint, stages }) => [
    ...(failOnLint === undefined ? [] : [failOnLint]),
    ...stages.filter(({ status }) => status === "built").flatMap((stage) => stage.goals),
  ]);
  const unknown = goals.flatMap(({ verdict, reason }) =>
    verdict === "unknown" && reason !== undefined ? [reason] : [],
  );
  return [...failed, ...unknown];
}

function uncheckedOf({ images }: Report): readonly Unchecked[] {
  const nameOf = (image: ReportImage, stage: string) =>
    images.length > 1 ? `${image.name}/${stage}` : stage;
  return images.flatMap((image) => {
    const { dockerfile, hadolint, buildkit, stages } = image;
    const built = stages.filter(({ status }) => status === "built");
    const checks = [
      { tool: "Hadolint", what: dockerfile, check: hadolint },
      { tool: "BuildKit", what: dockerfile, check: buildkit },
      ...built.map(({ name, scan }) => {
        return { tool: "Trivy", what: nameOf(image, name), check: scan };
      }),
    ];
    return checks.flatMap(({ tool, what, check: { status, reason = "no reason given" } }) =>
      status === "unavailable" ? [{ tool, dockerfile, what, reason }] : [],
    );
  });
}
