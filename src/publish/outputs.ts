import type { Host } from "../host/host.ts";
import type { OutputName } from "../inputs/input-kinds.ts";
import type { Report, ReportStage } from "../model/report.ts";

/** Where the files of an edition lie. */
export interface EditionPaths {
  /** The JSON report. */
  readonly report: string;
  /** Folder of the SARIF files; empty where there are none. */
  readonly sarif: string;
  /** Folder that is the OCI layout. */
  readonly layout: string;
}

/** Sets the action's outputs. */
export async function setOutputs(
  host: Pick<Host, "results">,
  report: Report,
  paths: EditionPaths,
  commentUrl: string | undefined,
): Promise<void> {
  const outputs: Readonly<Record<OutputName, string>> = {
    verdict: report.verdict,
    report: paths.report,
    sarif: paths.sarif,
    layout: paths.layout,
    "comment-url": commentUrl ?? "",
    stages: stagesOutput(report),
  };
  for (const [name, value] of Object.entries(outputs)) await host.results.setOutput(name, value);
}

/**
 * The outputs of a job may be 1 MB together, counted in UTF-16: half as many characters. This one
 * leaves the other half to the rest of the job
 * (https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idoutputs).
 */
const MOST_CHARACTERS = 250_000;

/**
 * The stages of the report as one line of JSON, without what fills pages: layers, steps, findings,
 * waste, packages, boxes and advice. Should that be too long, what is longest goes first: output of failures and biggest paths, then, from the end,
 * whole stages.
 */
export function stagesOutput(report: Report, mostCharacters: number = MOST_CHARACTERS): string {
  const stages = report.images.flatMap((image) => image.stages).map(withoutDetail);
  const whole = JSON.stringify(stages);
  if (whole.length <= mostCharacters) return whole;
  const short = stages.map(withoutLists);
  while (JSON.stringify(short).length > mostCharacters) short.pop();
  return JSON.stringify(short);
}

type StageOutput = Omit<
  ReportStage,
  "layers" | "steps" | "findings" | "waste" | "packages" | "boxes" | "advice"
>;

function withoutDetail(stage: ReportStage): StageOutput {
  const { layers: _layers, steps: _steps, findings: _findings, ...slim } = stage;
  const { waste: _waste, packages: _packages, boxes: _boxes, advice: _advice, ...rest } = slim;
  return rest;
}

function withoutLists(stage: StageOutput): StageOutput {
  const { failure, ...rest } = stage;
  const shorter = { ...rest, biggestFiles: [], biggestFolders: [] };
  if (failure === undefined) return shorter;
  const { telling: _telling, ...place } = failure;
  return { ...shorter, failure: { ...place, output: [] } };
}
