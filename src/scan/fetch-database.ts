// Fetching one of Trivy's databases: its sources are asked in turn, and once more where one was only busy.

import { ToolError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { FoundTool } from "../tools/find-tool.ts";
import { runTrivy, type TrivyHost } from "./trivy-command.ts";

/** What fetching a database needs of a host. */
export type FetchHost = TrivyHost & Pick<Host, "clock">;

/** What is fetched, and into which cache of Trivy's. */
export interface FetchRequest {
  readonly trivy: FoundTool;
  readonly cacheFolder: string;
  readonly which: keyof typeof OPTIONS;
  /** In order. */
  readonly repositories: readonly string[];
}

const OPTIONS = {
  vulnerabilities: { only: "--download-db-only", from: "--db-repository" },
  java: { only: "--download-java-db-only", from: "--java-db-repository" },
} as const;

const TIMEOUT_MINUTES = 5;

/** Before the sources are asked again, when one of them was only busy. */
const PAUSES_MILLISECONDS: readonly number[] = [5000, 20_000];

/** None when Trivy has a database that it calls fresh; else what each source said. */
export async function fetchPatiently(
  host: FetchHost,
  request: FetchRequest,
): Promise<readonly string[]> {
  let failures = await fetchOnce(host, request);
  for (const milliseconds of PAUSES_MILLISECONDS) {
    if (!failures.some(isTemporary)) break;
    await host.clock.sleep(milliseconds);
    failures = await fetchOnce(host, request);
  }
  return failures;
}

async function fetchOnce(
  host: FetchHost,
  { trivy, cacheFolder, which, repositories }: FetchRequest,
): Promise<readonly string[]> {
  const { only, from } = OPTIONS[which];
  const failures: string[] = [];
  for (const repository of repositories) {
    try {
      const args = [only, from, repository];
      await runTrivy(host, { trivy, args, cacheFolder, timeoutMinutes: TIMEOUT_MINUTES });
      return [];
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failures.push(`${repository}: ${error.message}`);
    }
  }
  return failures;
}

/** Registries answer so when too many ask at once. */
function isTemporary(failure: string): boolean {
  return /TOOMANYREQUESTS|\b(?:429|50[0-4])\b|connection reset|unexpected EOF/i.test(failure);
}
