import { latestInstance, stateOn } from "../alerts.ts";
import { alertDocument, analysisDocument } from "../documents/code-scanning.ts";
import { type Endpoints, guarded, type RepositoryCall, writable } from "../endpoint.ts";
import { repositoryUrl } from "../links.ts";
import { pageOf } from "../pagination.ts";
import { errorReply, notFound, type Reply } from "../replies.ts";
import { uploadSarif } from "./sarif-upload.ts";

/** Code scanning: https://docs.github.com/rest/code-scanning/code-scanning */
export const codeScanningEndpoints: Endpoints = {
  "code-scanning/upload-sarif": writable("security-events", whenEnabled(uploadSarif)),
  "code-scanning/get-sarif": guarded("security-events", whenEnabled(getSarif)),
  "code-scanning/list-recent-analyses": guarded("security-events", whenEnabled(listAnalyses)),
  "code-scanning/list-alerts-for-repo": guarded("security-events", whenEnabled(listAlerts)),
};

function whenEnabled(handle: (call: RepositoryCall) => Reply): (call: RepositoryCall) => Reply {
  return (call) => {
    if (call.repository.codeScanning === "enabled") return handle(call);
    const message = "Code Security must be enabled for this repository to use code scanning.";
    return errorReply(call.operation, 403, message);
  };
}

function getSarif(call: RepositoryCall): Reply {
  const upload = call.repository.uploads.find(({ id }) => id === call.parameter("sarif_id"));
  if (upload === undefined) return notFound(call.operation);
  if (upload.pendingPolls > 0) {
    upload.pendingPolls--;
    return { status: 200, body: { processing_status: "pending" } };
  }
  if (upload.outcome.kind === "failed") {
    const { errors } = upload.outcome;
    return { status: 200, body: { processing_status: "failed", analyses_url: null, errors } };
  }
  const analyses = `${repositoryUrl(call.links, call.repository)}/code-scanning/analyses`;
  const url = `${analyses}?sarif_id=${upload.id}`;
  return { status: 200, body: { processing_status: "complete", analyses_url: url } };
}

function listAnalyses(call: RepositoryCall): Reply {
  const { query, repository } = call;
  const ref = query.get("ref");
  const found = repository.analyses.filter(
    (analysis) =>
      isWanted(query.get("sarif_id"), analysis.sarifId) &&
      isWanted(query.get("tool_name"), analysis.tool.name) &&
      isWanted(ref === null ? null : fullRef(ref), analysis.ref),
  );
  if (repository.analyses.length === 0) return noAnalysis(call);
  const page = pageOf(inOrder(found, query), { query, url: call.numberedUrl });
  const body = page.items.map((item) => analysisDocument(call.links, repository, item));
  return { status: 200, headers: page.headers, body };
}

function listAlerts(call: RepositoryCall): Reply {
  const { query, repository } = call;
  if (repository.analyses.length === 0) return noAnalysis(call);
  const ref = fullRef(query.get("ref") ?? repository.defaultBranch);
  const found = repository.alerts.filter((alert) => {
    const state = stateOn(alert, ref);
    return (
      state !== undefined &&
      isWanted(query.get("state"), state) &&
      isWanted(query.get("tool_name"), alert.tool.name)
    );
  });
  const page = pageOf(inOrder(found, query), { query, url: call.numberedUrl });
  const body = page.items.flatMap((alert) => {
    const instance = latestInstance(alert, ref);
    return instance === undefined ? [] : [alertDocument(call.links, repository, alert, instance)];
  });
  return { status: 200, headers: page.headers, body };
}

/** Both lists are kept oldest first and shown newest first. */
function inOrder<Item>(items: readonly Item[], query: URLSearchParams): readonly Item[] {
  return query.get("direction") === "asc" ? items : items.toReversed();
}

function isWanted(wanted: string | null, actual: string): boolean {
  return wanted === null || wanted === actual;
}

/** A branch may be given by its short name. */
function fullRef(ref: string): string {
  return ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
}

function noAnalysis(call: RepositoryCall): Reply {
  return errorReply(call.operation, 404, "no analysis found");
}
