import type { Alert, AlertInstance } from "../alerts.ts";
import { type Links, repositoryPage, repositoryUrl } from "../links.ts";
import type { Analysis } from "../sarif.ts";
import type { Repository } from "../state.ts";

/** What GitHub says was analysed by whom when a file is uploaded through its API. */
const uploadedByApi = { analysis_key: "(default)", environment: "{}" };

/** An alert as it is on one ref (`code-scanning-alert-items`). */
export function alertDocument(
  links: Links,
  repository: Repository,
  alert: Alert,
  instance: AlertInstance,
): Readonly<Record<string, unknown>> {
  const url = `${repositoryUrl(links, repository)}/code-scanning/alerts/${alert.number}`;
  const { rule } = alert;
  return {
    number: alert.number,
    created_at: alert.createdAt,
    updated_at: instance.updatedAt,
    url,
    html_url: `${repositoryPage(links, repository)}/security/code-scanning/${alert.number}`,
    instances_url: `${url}/instances`,
    state: instance.state,
    fixed_at: instance.state === "fixed" ? instance.updatedAt : null,
    dismissed_by: null,
    dismissed_at: null,
    dismissed_reason: null,
    dismissed_comment: null,
    rule: {
      id: rule.id,
      name: rule.name,
      severity: rule.severity,
      security_severity_level: rule.securitySeverity ?? null,
      description: rule.description,
      full_description: rule.fullDescription,
      tags: rule.tags,
      help: rule.help ?? null,
      help_uri: rule.helpUri ?? null,
    },
    tool: toolDocument(alert.tool),
    most_recent_instance: instanceDocument(instance),
  };
}

/** An analysis (`code-scanning-analysis`). */
export function analysisDocument(
  links: Links,
  repository: Repository,
  analysis: Analysis,
): Readonly<Record<string, unknown>> {
  return {
    id: analysis.id,
    url: `${repositoryUrl(links, repository)}/code-scanning/analyses/${analysis.id}`,
    ref: analysis.ref,
    commit_sha: analysis.commitSha,
    ...uploadedByApi,
    category: analysis.category,
    error: "",
    warning: "",
    created_at: analysis.createdAt,
    results_count: analysis.results.length,
    rules_count: analysis.rulesCount,
    sarif_id: analysis.sarifId,
    tool: toolDocument(analysis.tool),
    deletable: true,
  };
}

function instanceDocument(instance: AlertInstance): Readonly<Record<string, unknown>> {
  return {
    ref: instance.ref,
    ...uploadedByApi,
    category: instance.category,
    state: instance.state,
    commit_sha: instance.commitSha,
    message: { text: instance.message },
    location: {
      path: instance.location.path,
      start_line: instance.location.startLine,
      end_line: instance.location.endLine,
      start_column: instance.location.startColumn,
      end_column: instance.location.endColumn,
    },
    classifications: [],
  };
}

function toolDocument(tool: Analysis["tool"]): Readonly<Record<string, unknown>> {
  return { name: tool.name, guid: null, version: tool.version ?? null };
}
