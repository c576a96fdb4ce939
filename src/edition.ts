// The report in every form that is published, written into a folder.

import { join } from "node:path";
import { asRecord } from "./foreign-json.ts";
import { summaryUrlOf } from "./host/ci-run.ts";
import type { Host } from "./host/host.ts";
import type { PublishInputs } from "./model/inputs.ts";
import type { Plan } from "./model/plan.ts";
import type { Report } from "./model/report.ts";
import { uploadTarget } from "./publish/code-scanning.ts";
import type { Edition } from "./publish/publish.ts";
import type { SarifFile } from "./publish/sarif-bundles.ts";
import { filesUnlike, findCheckout } from "./report/checkout.ts";
import { renderJson } from "./report/json.ts";
import { renderComment, renderSummary } from "./report/markdown.ts";
import {
  type NotUploaded,
  notUploadedSentence,
  type WhyNotUploaded,
  whyWords,
} from "./report/not-uploaded.ts";
import { renderSarif } from "./report/sarif.ts";

/** Where the files go, and what they say beside the report. */
export interface EditionRequest {
  /** Absolute path of the folder that the files are written to. */
  readonly out: string;
  /** Absolute path of the OCI layout. */
  readonly layout: string;
  readonly plan: Plan;
  /** As the inputs have them. */
  readonly targets: readonly string[];
  readonly publish: Pick<
    PublishInputs,
    "nameIsGiven" | "fail" | "onUnknown" | "uploadSarif" | "summary"
  >;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

type UsedHost = Pick<Host, "exec" | "files" | "ci" | "log" | "github">;

/** What is written into the folder: files, and a folder of them. */
const NAMES = {
  report: "report.json",
  comment: "comment.md",
  summary: "summary.md",
  sarif: "sarif",
} as const;

/**
 * Removes what an earlier run has written: a run that ends without a report leaves none behind. What
 * somebody else has put there stays, even if it is called so.
 */
export async function removeEdition({ files }: Pick<Host, "files">, out: string): Promise<void> {
  await removeSarif(files, join(out, NAMES.sarif));
  if (!(await isReportOfOurs(files, join(out, NAMES.report)))) return;
  for (const name of [NAMES.report, NAMES.comment, NAMES.summary]) {
    await files.remove(join(out, name));
  }
}

async function isReportOfOurs(files: Host["files"], path: string): Promise<boolean> {
  try {
    const { version, verdict, images } = asRecord(JSON.parse(await files.readText(path)));
    return version !== undefined && verdict !== undefined && Array.isArray(images);
  } catch {
    return false;
  }
}

async function removeSarif(files: Host["files"], folder: string): Promise<void> {
  const names = await files.list(folder);
  if (names.length === 0) return;
  for (const name of names.filter((each) => SARIF_NAME.test(each))) {
    await files.remove(join(folder, name));
  }
  if ((await files.list(folder)).length === 0) await files.remove(folder);
}

/** How all names of our SARIF files begin, since all categories do. */
const SARIF_NAME = /^weighbridge[_=].*\.sarif$/;

/** Renders the report and writes its files. */
export async function writeEdition(
  host: UsedHost,
  report: Report,
  request: EditionRequest,
): Promise<Edition> {
  const { out, layout, startedAt } = request;
  const folder = join(out, NAMES.sarif);
  const dockerfiles = report.images.map(({ dockerfile }) => dockerfile);
  const checkout = await findCheckout(host, dockerfiles);
  const places = { folder, checkout };
  const { written: sarif, notUploaded } = await writeSarif(host, report, request, places);
  const paths = {
    report: join(out, NAMES.report),
    sarif: sarif.length === 0 ? "" : folder,
    layout,
  };
  const isUploading = mayUpload(host, request.publish);
  const facts = {
    ...(await factsOf(host, request.publish, checkout, dockerfiles)),
    ...request.publish,
    ...(isUploading && { notUploaded }),
  };
  const comment = renderComment(report, facts);
  const summary = renderSummary(report, facts);
  await host.files.writeText(paths.report, renderJson(report));
  await host.files.writeText(join(out, NAMES.comment), comment);
  await host.files.writeText(join(out, NAMES.summary), summary);
  return { report, checkout, comment, summary, sarif, paths, startedAt };
}

/**
 * Writes the documents that tell the whole truth, and only those: uploading any other, by whatever
 * means, would close alerts that are still true.
 */
async function writeSarif(
  host: Pick<Host, "files" | "ci" | "log">,
  report: Report,
  { plan, publish, targets }: EditionRequest,
  { folder, checkout }: { readonly folder: string; readonly checkout: string },
): Promise<WrittenSarif> {
  await removeSarif(host.files, folder);
  const written: SarifFile[] = [];
  const heldBack: { readonly category: string; readonly why: WhyNotUploaded }[] = [];
  for (const document of renderSarif(report, plan.images, { ...publish, targets, checkout })) {
    const { category, text, whyNot } = document;
    if (whyNot !== undefined) {
      heldBack.push({ category, why: whyNot });
      continue;
    }
    const path = join(folder, document.fileName);
    await host.files.writeText(path, text);
    written.push({ category, path, text });
  }
  const reasons = Map.groupBy(heldBack, ({ why }) => whyWords(why));
  const notUploaded = [...reasons.values()].flatMap((same): readonly NotUploaded[] => {
    const [first] = same;
    if (first === undefined) return [];
    return [{ categories: same.map(({ category }) => category), why: first.why }];
  });
  for (const one of notUploaded) {
    // Where nobody uploads, nobody misses them.
    host.log[host.ci === undefined ? "debug" : "info"](notUploadedSentence(one));
  }
  return { written, notUploaded };
}

interface WrittenSarif {
  readonly written: readonly SarifFile[];
  /** What was held back, and why: one for each reason. */
  readonly notUploaded: readonly NotUploaded[];
}

/** Whether this run would upload at all: where it would not, nobody misses anything. */
function mayUpload(
  { ci, github }: UsedHost,
  { uploadSarif }: Pick<PublishInputs, "uploadSarif">,
): boolean {
  if (ci === undefined || github === undefined || uploadSarif === "never") return false;
  return uploadTarget(ci).kind === "target";
}

/** Where the Dockerfiles and the summary can be read, on a runner. */
async function factsOf(
  host: UsedHost,
  { summary }: Pick<PublishInputs, "summary">,
  checkout: string,
  dockerfiles: readonly string[],
) {
  const { ci } = host;
  if (ci === undefined) return {};
  const { serverUrl, repository } = ci;
  // The merge commit of a pull request is gone once it is merged; its head stays.
  const commit = ci.pullRequest?.headCommit ?? ci.commit;
  const isBuilt = commit === ci.commit;
  const otherLines = isBuilt ? [] : await filesUnlike(host, commit, checkout, dockerfiles);
  const summaryUrl = summary ? summaryUrlOf(ci) : undefined;
  return {
    source: { serverUrl, repository, commit, checkout, otherLines },
    ...(summaryUrl !== undefined && { summaryUrl }),
  };
}
