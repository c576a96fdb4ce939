// Uploads SARIF to code scanning and follows its processing. Whatever GitHub says to it, the files
// stay where they are and the run goes on.

import { assertNever } from "../errors.ts";
import type { CiRun, GitHub, Host, Reply } from "../host/host.ts";
import type { PublishInputs } from "../model/inputs.ts";
import { formatFew } from "../report/format.ts";
import { type Hindrance, hindranceOf, type NeededPermission } from "./refusal.ts";
import { bundleSarif, type SarifFile } from "./sarif-bundles.ts";

/** What became of the SARIF files. */
export type PublishedSarif =
  | {
      readonly kind: "uploaded";
      readonly uploads: readonly UploadedSarif[];
      readonly refused: readonly RefusedSarif[];
    }
  | { readonly kind: "none"; readonly reason: string; readonly isOfFork?: true };

/** What GitHub did not take. */
export interface RefusedSarif {
  readonly categories: readonly string[];
  readonly reason: string;
  readonly isOfFork?: true;
}

/** One upload. */
export interface UploadedSarif {
  readonly id: string;
  readonly categories: readonly string[];
  readonly processing: Processing;
}

/** How far GitHub came with an upload while we looked. */
export type Processing =
  | { readonly kind: "complete" }
  /** After two minutes. */
  | { readonly kind: "pending" }
  | { readonly kind: "failed"; readonly errors: readonly string[] }
  /** GitHub would not say. */
  | { readonly kind: "unknown"; readonly reason: string };

/** What is uploaded. */
export interface SarifEdition {
  readonly files: readonly SarifFile[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

type UsedHost = Pick<Host, "github" | "ci" | "log" | "clock">;

const PERMISSION: NeededPermission = {
  permission: "security-events: write",
  allows: "upload to code scanning",
};

const NO_TOKEN: Hindrance = { level: "notice", reason: "there is no token" };

/**
 * Uploads what may be uploaded. Never throws for what GitHub answers; says it in the log, but for what
 * a fork's token may not.
 */
export async function publishSarif(
  host: UsedHost,
  edition: SarifEdition,
  inputs: Pick<PublishInputs, "uploadSarif">,
): Promise<PublishedSarif> {
  const { github, ci } = host;
  const nothing = (reason: string): PublishedSarif => ({ kind: "none", reason });
  if (inputs.uploadSarif === "never") return nothing("uploads are switched off");
  if (ci === undefined) return nothing("this is no run of a workflow");
  if (edition.files.length === 0) return nothing("there are no SARIF files to upload");
  const target = uploadTarget(ci);
  if (target.kind === "none") {
    host.log.info(`SARIF is not uploaded: ${target.reason}.`);
    return target;
  }
  if (github === undefined) {
    sayWhy(host, NO_TOKEN);
    return nothing(NO_TOKEN.reason);
  }
  return uploadAll(host, github, ci, edition, target);
}

/** Where an upload belongs. */
type UploadTarget =
  | { readonly kind: "target"; readonly ref: string; readonly commit: string }
  | { readonly kind: "none"; readonly reason: string };

/**
 * On these events GITHUB_REF names the default branch (or one that is about to vanish), whatever
 * was checked out: what we found would be put down to it.
 */
const FOREIGN_EVENTS: Readonly<Record<string, string>> = {
  merge_group: "the ref of a merge queue does not last",
  pull_request_target: "on pull_request_target it would count for the default branch",
  workflow_run: "on workflow_run it would count for the default branch",
  issue_comment: "on issue_comment it would count for the default branch",
};

/** The ref and the commit that an upload of this run is for. */
export function uploadTarget(ci: CiRun): UploadTarget {
  const foreign = Object.hasOwn(FOREIGN_EVENTS, ci.event) ? FOREIGN_EVENTS[ci.event] : undefined;
  if (foreign !== undefined) return { kind: "none", reason: foreign };
  if (!/^refs\/(?:heads|tags)\/.|^refs\/pull\/\d+\/(?:merge|head)$/.test(ci.ref)) {
    return { kind: "none", reason: `code scanning knows no ref "${ci.ref}"` };
  }
  return { kind: "target", ref: ci.ref, commit: ci.commit };
}

function sayWhy({ log }: UsedHost, { level, reason, isOfFork }: Hindrance): void {
  if (isOfFork) return;
  log[level](
    `SARIF is not uploaded: ${reason}. The output \`sarif\` names the folder of the files.`,
  );
}

async function uploadAll(
  host: UsedHost,
  github: GitHub,
  ci: CiRun,
  edition: SarifEdition,
  { commit, ref }: Extract<UploadTarget, { kind: "target" }>,
): Promise<PublishedSarif> {
  const { bundles, tooLarge } = bundleSarif(edition.files);
  const startedAt = new Date(edition.startedAt).toISOString();
  const accepted: Accepted[] = [];
  const refused: RefusedSarif[] = [];
  const refuse = (categories: readonly string[], hindrance: Hindrance) => {
    sayWhy(host, hindrance);
    const { reason, isOfFork } = hindrance;
    refused.push({ categories, reason, ...(isOfFork && { isOfFork }) });
  };
  for (const { category } of tooLarge) refuse([category], TOO_LARGE);
  for (const [index, { categories, text }] of bundles.entries()) {
    const reply = await github.uploadSarif({ commit, ref, sarif: text, startedAt });
    if (reply.kind === "ok") {
      accepted.push({ id: reply.value.id, categories });
      continue;
    }
    const isAboutAll = !(reply.kind === "refused" && ABOUT_THE_DOCUMENT.includes(reply.status));
    const affected = isAboutAll ? bundles.slice(index) : [{ categories }];
    refuse(
      affected.flatMap((bundle) => bundle.categories),
      uploadHindrance(reply, ci),
    );
    if (isAboutAll) break;
  }
  const [first] = refused;
  if (accepted.length === 0 && first !== undefined) {
    const { reason, isOfFork } = refused.find((refusal) => refusal.isOfFork) ?? first;
    return { kind: "none", reason, ...(isOfFork && { isOfFork }) };
  }
  return { kind: "uploaded", uploads: await follow(host, github, accepted), refused };
}

const TOO_LARGE: Hindrance = { level: "warning", reason: "GitHub takes no more than 10 MB" };

/** Refusals that the next document need not meet with. */
const ABOUT_THE_DOCUMENT = [400, 413, 422];

function uploadHindrance(reply: Exclude<Reply<never>, { kind: "ok" }>, ci: CiRun): Hindrance {
  if (reply.kind === "refused") {
    const { status, message } = reply;
    if (status === 403 && /not enabled|must be enabled/i.test(message)) {
      return { level: "notice", reason: "code scanning is not enabled for this repository" };
    }
    if (/commit not found|ref .*not found/i.test(message)) {
      return { level: "notice", reason: "the branch or its commit is gone by now" };
    }
    if (status === 413) return TOO_LARGE;
    // Private repositories have no such page where code scanning is not enabled.
    if (status === 404 && ci.pullRequest?.isFork !== true) {
      const { level, reason } = hindranceOf(reply, PERMISSION, ci);
      return {
        level,
        reason: `${reason}, unless code scanning is not enabled for this repository`,
      };
    }
  }
  return hindranceOf(reply, PERMISSION, ci);
}

interface Accepted {
  readonly id: string;
  readonly categories: readonly string[];
}

/** Seconds before each look: the first at once, two minutes in all. */
const PAUSES = [0, 1, 2, 4, 8, 16, 32, 57];

async function follow(
  host: UsedHost,
  github: GitHub,
  accepted: readonly Accepted[],
): Promise<readonly UploadedSarif[]> {
  const known = new Map<string, Processing>();
  for (const pause of PAUSES) {
    const open = accepted.filter(({ id }) => !known.has(id));
    if (open.length === 0) break;
    if (pause > 0) await host.clock.sleep(pause * 1000);
    for (const { id } of open) {
      const processing = processingOf(await github.sarifStatus(id));
      if (processing.kind !== "pending") known.set(id, processing);
    }
  }
  const uploads = accepted.map(({ id, categories }) => {
    return { id, categories, processing: known.get(id) ?? { kind: "pending" as const } };
  });
  for (const upload of uploads) tell(host, upload);
  return uploads;
}

function processingOf(reply: Awaited<ReturnType<GitHub["sarifStatus"]>>): Processing {
  if (reply.kind !== "ok") return { kind: "unknown", reason: reply.message };
  const { status, errors } = reply.value;
  return status === "failed" ? { kind: "failed", errors } : { kind: status };
}

function tell({ log }: UsedHost, { categories, processing }: UploadedSarif): void {
  const what = `SARIF of ${formatFew(categories, 3)}`;
  switch (processing.kind) {
    case "complete":
      log.info(`${what}: uploaded and processed.`);
      break;
    case "pending":
      log.info(`${what}: uploaded, and still being processed by GitHub.`);
      break;
    case "unknown":
      log.warning(`${what}: uploaded; what became of it is not known: ${processing.reason}.`);
      break;
    case "failed":
      log.warning(`${what}: GitHub could not process it: ${processing.errors.join("; ")}.`);
      break;
    default:
      assertNever(processing);
  }
}
