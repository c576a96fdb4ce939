// The report in every form that is published, written into a folder.

import { join } from "node:path";
import type { CiRun, Host } from "./host/host.ts";
import type { Report } from "./model.ts";
import type { Edition } from "./publish/publish.ts";
import { renderJson } from "./report/json.ts";
import { renderComment, renderSummary } from "./report/markdown.ts";

export interface EditionRequest {
  /** Absolute path of the folder that the files are written to. */
  readonly out: string;
  /** Absolute path of the OCI layout. */
  readonly layout: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Renders the report and writes its files. */
export async function writeEdition(
  host: Pick<Host, "files" | "ci" | "conceal">,
  report: Report,
  { out, layout, startedAt }: EditionRequest,
): Promise<Edition> {
  const facts = factsOf(host.ci);
  const paths = { report: join(out, "report.json"), sarif: join(out, "sarif"), layout };
  const comment = host.conceal(renderComment(report, facts));
  const summary = host.conceal(renderSummary(report, facts));
  await host.files.writeText(paths.report, renderJson(report));
  await host.files.writeText(join(out, "comment.md"), comment);
  await host.files.writeText(join(out, "summary.md"), summary);
  return { report, comment, summary, sarif: [], paths, startedAt };
}

/** Where the Dockerfiles and the summary can be read, on a runner. */
function factsOf(ci: CiRun | undefined) {
  if (ci === undefined) return {};
  const { serverUrl, repository, commit, runId, runAttempt } = ci;
  const summaryUrl = `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`;
  return { source: { serverUrl, repository, commit }, summaryUrl };
}
