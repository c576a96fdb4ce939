import type { Host } from "../host/host.ts";
import type { OutputName } from "../inputs/input-kinds.ts";
import type { Report, ReportStage } from "../model/report.ts";
import { plural } from "../report/format.ts";

/** Where the files of an edition lie. */
export interface EditionPaths {
  /** The JSON report. */
  readonly report: string;
  /** Folder of the SARIF files; empty where there are none. */
  readonly sarif: string;
  /** Folder that is the OCI layout. */
  readonly layout: string;
}

/** Sets the action's outputs; what had no room in one is said in the log. */
export async function setOutputs(
  host: Pick<Host, "results" | "ci" | "log">,
  report: Report,
  paths: EditionPaths,
  commentUrl: string | undefined,
): Promise<void> {
  const { text: stages, cut } = stagesOutput(report);
  const outputs: Readonly<Record<OutputName, string>> = {
    verdict: report.verdict,
    report: paths.report,
    sarif: paths.sarif,
    layout: paths.layout,
    "comment-url": commentUrl ?? "",
    stages,
  };
  for (const [name, value] of Object.entries(outputs)) await host.results.setOutput(name, value);
  // A laptop has no outputs.
  if (cut !== undefined && host.ci !== undefined) host.log.warning(cut);
}

/**
 * The outputs of a job may be 1 MB together, counted in UTF-16: half as many characters. This one
 * leaves the other half to the rest of the job
 * (https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idoutputs).
 */
const MOST_CHARACTERS = 250_000;

/** The output `stages`. */
export interface StagesOutput {
  /** One line of JSON. */
  readonly text: string;
  /** What had no room in it, in a sentence; absent where all had. */
  readonly cut?: string;
}

/**
 * The stages of the report as one line of JSON, without what fills pages: layers, steps, findings,
 * waste, packages, boxes and advice. Should that be too long, what is longest goes first: output of
 * failures and biggest paths, then, from the end, whole stages.
 */
export function stagesOutput(
  report: Report,
  mostCharacters: number = MOST_CHARACTERS,
): StagesOutput {
  const stages = report.images.flatMap((image) => image.stages).map(withoutDetail);
  const whole = JSON.stringify(stages);
  if (whole.length <= mostCharacters) return { text: whole };
  const short = stages.map(withoutLists);
  let text = JSON.stringify(short);
  while (text.length > mostCharacters) {
    short.pop();
    text = JSON.stringify(short);
  }
  return { text, cut: cutWords(stages.length - short.length, mostCharacters) };
}

function cutWords(lost: number, mostCharacters: number): string {
  const rest = lost > 0 ? `, and lacks the last ${plural(lost, "stage")}` : "";
  return (
    `The output stages has room for ${plural(mostCharacters, "character")}: its stages are without ` +
    `their biggest files and folders and the output of failures${rest}. The JSON report has it all.`
  );
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
