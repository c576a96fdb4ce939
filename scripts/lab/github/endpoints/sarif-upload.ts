import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { applyAnalysis } from "../alerts.ts";
import type { RepositoryCall } from "../endpoint.ts";
import { member, textOf } from "../json.ts";
import { repositoryUrl } from "../links.ts";
import { errorReply, type Reply } from "../replies.ts";
import { type Analysis, readSarif } from "../sarif.ts";
import { type SarifUpload, timestamp } from "../state.ts";

/** The most bytes that a file may have when packed. */
const largestFile = 10_000_000;

/** The most bytes that a file may unpack to: more is an attack, not a report. */
const largestText = 1_000_000_000;

/**
 * Takes in a file of findings. GitHub processes it later; here it is processed at once, and
 * only the answer for its status says `pending` as often as the stand-in was told to.
 */
export function uploadSarif(call: RepositoryCall): Reply {
  const request = {
    commitSha: textOf(member(call.body, "commit_sha")) ?? "",
    ref: textOf(member(call.body, "ref")) ?? "",
    packed: textOf(member(call.body, "sarif")) ?? "",
    checkoutUri: textOf(member(call.body, "checkout_uri")),
  };
  if (!call.repository.commits.has(request.commitSha)) {
    return errorReply(call.operation, 404, "commit not found");
  }
  if (!call.repository.refs.has(request.ref)) {
    const message = `ref '${request.ref}' not found in this repository`;
    return errorReply(call.operation, 404, message);
  }
  const packed = Buffer.from(request.packed, "base64");
  if (packed.byteLength > largestFile) return errorReply(call.operation, 413, "Payload Too Large");
  const sarif = unpack(request.packed, packed);
  if (sarif === undefined) {
    return errorReply(call.operation, 400, "Invalid SARIF. It is not a gzip file in Base64");
  }
  const upload = process(call, { ...request, sarif });
  call.repository.uploads.push(upload);
  const url = `${repositoryUrl(call.links, call.repository)}/code-scanning/sarifs/${upload.id}`;
  return { status: 202, body: { id: upload.id, url } };
}

function unpack(base64: string, packed: Buffer): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    return gunzipSync(packed, { maxOutputLength: largestText }).toString("utf8");
  } catch {
    return undefined;
  }
}

function process(
  call: RepositoryCall,
  request: {
    readonly commitSha: string;
    readonly ref: string;
    readonly sarif: string;
    readonly checkoutUri: string | undefined;
  },
): SarifUpload {
  const { commitSha, ref, sarif, checkoutUri } = request;
  const common = { commitSha, ref, createdAt: timestamp(call.now) };
  const id = randomUUID();
  const base = { ...common, id, sarif, pendingPolls: call.processing.pendingPolls };
  const told = call.processing.failures.shift();
  if (told !== undefined) return { ...base, outcome: { kind: "failed", errors: told } };
  const delivery = readSarif(sarif, checkoutUri);
  if (delivery.kind === "rejected") {
    return { ...base, outcome: { kind: "failed", errors: delivery.errors } };
  }
  const { repository } = call;
  const analyses = delivery.runs.map(
    (run): Analysis => ({ ...run, ...common, id: repository.next.analysisId++, sarifId: id }),
  );
  for (const analysis of analyses) applyAnalysis(repository, analysis);
  repository.analyses.push(...analyses);
  return { ...base, outcome: { kind: "complete", analyses } };
}
