import { dirname } from "node:path";

/** What a job's variables are made of. */
export interface JobFacts {
  /** `pull_request` or `push`. */
  readonly eventName: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: number;
  readonly sha: string;
  readonly ref: string;
  /** Branches of a pull request; empty for other events. */
  readonly headRef: string;
  readonly baseRef: string;
  readonly actor: string;
  readonly workspace: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly run: { readonly id: number; readonly number: number; readonly attempt: number };
  readonly temp: string;
  readonly toolCache: string;
  readonly eventPath: string;
}

/** Variables of the machine that a step sees too; everything else would make tests differ. */
const inherited = [
  /^(PATH|HOME|USER|LANG|LC_.*|TMPDIR|XDG_.*)$/,
  /^(DOCKER_.*|BUILDX_.*|BUILDKIT_.*)$/,
  /^(https?|no|all)_proxy$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|CURL_CA_BUNDLE)$/,
];

/** The variables of the machine that the runner passes on to a step. */
export function machineVariables(
  all: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(all).flatMap(([name, value]) =>
    value !== undefined && inherited.some((pattern) => pattern.test(name)) ? [[name, value]] : [],
  );
  return Object.fromEntries(kept);
}

/**
 * The variables that GitHub's runner sets in every step, but for the files that a step writes to.
 * https://docs.github.com/actions/reference/variables-reference#default-environment-variables
 */
export function jobVariables(facts: JobFacts): Readonly<Record<string, string>> {
  const [owner = ""] = facts.repository.split("/");
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION: "__self",
    GITHUB_ACTION_REF: "",
    GITHUB_ACTION_REPOSITORY: "",
    GITHUB_ACTOR: facts.actor,
    GITHUB_ACTOR_ID: "583231",
    GITHUB_API_URL: facts.apiUrl,
    GITHUB_BASE_REF: facts.baseRef,
    GITHUB_EVENT_NAME: facts.eventName,
    GITHUB_EVENT_PATH: facts.eventPath,
    GITHUB_GRAPHQL_URL: `${facts.apiUrl}/graphql`,
    GITHUB_HEAD_REF: facts.headRef,
    GITHUB_JOB: "build",
    GITHUB_REF: facts.ref,
    GITHUB_REF_NAME: facts.ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    GITHUB_REF_PROTECTED: "false",
    GITHUB_REF_TYPE: facts.ref.startsWith("refs/tags/") ? "tag" : "branch",
    GITHUB_REPOSITORY: facts.repository,
    GITHUB_REPOSITORY_ID: String(facts.repositoryId),
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REPOSITORY_OWNER_ID: "9919",
    GITHUB_RETENTION_DAYS: "90",
    GITHUB_RUN_ATTEMPT: String(facts.run.attempt),
    GITHUB_RUN_ID: String(facts.run.id),
    GITHUB_RUN_NUMBER: String(facts.run.number),
    GITHUB_SERVER_URL: facts.serverUrl,
    GITHUB_SHA: facts.sha,
    GITHUB_TRIGGERING_ACTOR: facts.actor,
    GITHUB_WORKFLOW: "CI",
    GITHUB_WORKFLOW_REF: `${facts.repository}/.github/workflows/ci.yml@${facts.ref}`,
    GITHUB_WORKFLOW_SHA: facts.sha,
    GITHUB_WORKSPACE: facts.workspace,
    RUNNER_ARCH: process.arch === "arm64" ? "ARM64" : "X64",
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_NAME: "GitHub Actions 1",
    RUNNER_OS: "Linux",
    RUNNER_TEMP: facts.temp,
    RUNNER_TOOL_CACHE: facts.toolCache,
    RUNNER_WORKSPACE: dirname(facts.workspace),
  };
}
