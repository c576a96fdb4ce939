// The report is done; here it is handed out: annotations, comment, code scanning, outputs, summary.
// Each may fail alone. Nothing here changes the verdict.

import { messageOf } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { PublishInputs } from "../model/inputs.ts";
import type { Report } from "../model/report.ts";
import { annotate } from "./annotations.ts";
import { type PublishedSarif, publishSarif } from "./code-scanning.ts";
import { type PublishedComment, publishComment } from "./comment.ts";
import { forkNotice } from "./fork-notice.ts";
import { type EditionPaths, setOutputs } from "./outputs.ts";
import type { SarifFile } from "./sarif-bundles.ts";

/** The report in all the forms that are published. */
export interface Edition {
  readonly report: Report;
  /** The folder of the workspace that holds the repository. Default: the workspace itself. */
  readonly checkout?: string;
  /** Markdown of the comment, without a marker. */
  readonly comment: string;
  /** Markdown of the job summary. */
  readonly summary: string;
  /** What may be uploaded: one document a category. */
  readonly sarif: readonly SarifFile[];
  readonly paths: EditionPaths;
  /** When the run began, in milliseconds since 1970. Default: now. */
  readonly startedAt?: number;
}

/** What was published, and what was not and why. */
export interface Published {
  readonly comment: PublishedComment;
  readonly sarif: PublishedSarif;
  readonly summary: PublishedPart;
  readonly outputs: PublishedPart;
  readonly annotations: PublishedPart;
}

/** Whether something got out, and if not, why. */
export type PublishedPart =
  | { readonly kind: "published" }
  | { readonly kind: "none"; readonly reason: string };

type UsedHost = Pick<Host, "github" | "ci" | "log" | "results" | "clock" | "conceal">;

/** Publishes an edition. Never throws: what fails is said in the log and in the result. */
export async function publish(
  host: UsedHost,
  edition: Edition,
  inputs: PublishInputs,
): Promise<Published> {
  const { report, checkout, paths } = edition;
  const annotations = await attempt(host, "The annotations", () =>
    writeAnnotations(host, { report, checkout }, inputs),
  );
  const summary = await attempt(host, "The job summary", () => writeSummary(host, edition, inputs));
  const uploading = attempt(host, "SARIF", () => uploadSarif(host, edition, inputs));
  const comment = await attempt(host, "The comment", () =>
    publishComment(host, edition.comment, inputs),
  );
  const sarif = await uploading;
  await attempt(host, "The job summary", () =>
    tellOfFork(host, edition, inputs, { comment, sarif }),
  );
  const outputs = await attempt(host, "The outputs", async () => {
    await setOutputs(host, report, paths, "url" in comment ? comment.url : undefined);
    return PUBLISHED;
  });
  return { comment, sarif, summary, outputs, annotations };
}

const PUBLISHED: PublishedPart = { kind: "published" };

/** One part: what goes wrong in it must not take the others with it. */
async function attempt<T>(
  { log }: UsedHost,
  what: string,
  action: () => T | Promise<T>,
): Promise<T | { readonly kind: "none"; readonly reason: string }> {
  try {
    return await action();
  } catch (error) {
    const reason = messageOf(error);
    log.warning(`${what} could not be published: ${reason}`);
    return { kind: "none", reason };
  }
}

function writeAnnotations(
  { ci, log }: UsedHost,
  { report, checkout }: { readonly report: Report; readonly checkout: string | undefined },
  inputs: PublishInputs,
): PublishedPart {
  // On a laptop nobody has a pull request in front of them, and the report says the same.
  if (ci === undefined) return { kind: "none", reason: "this is no run of a workflow" };
  annotate(log, report, inputs, checkout);
  return PUBLISHED;
}

async function writeSummary(
  { results, conceal }: UsedHost,
  edition: Edition,
  inputs: PublishInputs,
): Promise<PublishedPart> {
  if (!inputs.summary) return { kind: "none", reason: "the summary is switched off" };
  await results.writeSummary(conceal(edition.summary));
  return PUBLISHED;
}

/** Once, in the log and in the summary: what could not be done for a fork, and what there is instead. */
async function tellOfFork(
  host: UsedHost,
  edition: Edition,
  inputs: PublishInputs,
  published: Pick<Published, "comment" | "sarif">,
): Promise<PublishedPart> {
  const notice = forkNotice(published, inputs);
  if (notice === undefined) return PUBLISHED;
  host.log.notice(notice);
  return writeSummary(host, { ...edition, summary: `${edition.summary}\n\n${notice}\n` }, inputs);
}

function uploadSarif(
  host: UsedHost,
  { sarif, startedAt }: Edition,
  inputs: PublishInputs,
): Promise<PublishedSarif> {
  const files = { files: sarif, startedAt: startedAt ?? host.clock.now() };
  return publishSarif(host, files, inputs);
}
