import { join } from "node:path";
import { ToolError } from "../errors.ts";
import { readForeignJson } from "../foreign-json.ts";
import type { Host } from "../host/host.ts";
import type { FoundTool } from "../tools/find-tool.ts";
import { runTrivy, type TrivyHost } from "./trivy-command.ts";

/** What fetching the database needs of a host. */
export type DatabaseHost = TrivyHost & Pick<Host, "clock">;

/** Which database, and where it goes. */
export interface DatabaseRequest {
  readonly trivy: FoundTool;
  readonly cacheFolder: string;
  /** Where to fetch it, in order. */
  readonly repositories: readonly string[];
}

/** The vulnerability database in a cache. */
export type DatabaseState =
  | {
      readonly kind: "ready";
      /** When its content was gathered, RFC 3339. */
      readonly updatedAt: string;
      readonly notes: readonly string[];
    }
  | { readonly kind: "unavailable"; readonly reason: string };

/**
 * Where Trivy's makers publish the database. Trivy itself goes on to the next one only when the
 * first answers that it is busy, not when it cannot be reached, and so does not know the third.
 * https://trivy.dev/latest/docs/configuration/db/
 */
export const DATABASE_REPOSITORIES: readonly string[] = [
  "mirror.gcr.io/aquasec/trivy-db:2",
  "ghcr.io/aquasecurity/trivy-db:2",
  "public.ecr.aws/aquasecurity/trivy-db:2",
];

const TIMEOUT_MINUTES = 10;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** An older one says too little of new vulnerabilities to be used without having been asked for. */
const MOST_DAYS = 7;

/** Before the sources are asked again, when one of them was only busy. */
const PAUSE_MILLISECONDS = 5000;

/**
 * Makes sure that Trivy's database is in the cache. Trivy itself decides whether it is fresh. Where
 * no source can be reached, one from the last days will do.
 */
export async function prepareDatabase(
  host: DatabaseHost,
  request: DatabaseRequest,
): Promise<DatabaseState> {
  let failures = await fetchDatabase(host, request);
  if (failures.some(isTemporary)) {
    await host.clock.sleep(PAUSE_MILLISECONDS);
    failures = await fetchDatabase(host, request);
  }
  const updatedAt = await readUpdatedAt(host, request.cacheFolder);
  const problem = failures.join("; ");
  if (updatedAt === undefined) {
    const reason = problem === "" ? "Trivy's database has no date" : problem;
    return { kind: "unavailable", reason };
  }
  return judgeAge(host.clock.now() - Date.parse(updatedAt), updatedAt, problem);
}

/** None when Trivy has a database that it calls fresh; else what each source said. */
async function fetchDatabase(
  host: DatabaseHost,
  { trivy, cacheFolder, repositories }: DatabaseRequest,
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const repository of repositories) {
    try {
      const args = ["--download-db-only", "--db-repository", repository];
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

/** Trivy's own note beside the database. Undefined when there is none, or nothing in it. */
async function readUpdatedAt(
  host: Pick<Host, "files">,
  cacheFolder: string,
): Promise<string | undefined> {
  const folder = join(cacheFolder, "db");
  if ((await host.files.stat(join(folder, "trivy.db"))) === undefined) return undefined;
  const path = join(folder, "metadata.json");
  if ((await host.files.stat(path)) === undefined) return undefined;
  try {
    const metadata = readForeignJson("trivy", await host.files.readText(path));
    const updatedAt = metadata.field("UpdatedAt").optionalText() ?? "";
    return Number.isNaN(Date.parse(updatedAt)) ? undefined : updatedAt;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

function judgeAge(milliseconds: number, updatedAt: string, problem: string): DatabaseState {
  const days = Math.floor(milliseconds / DAY_MILLISECONDS);
  const age = days === 1 ? "1 day" : `${days} days`;
  if (problem !== "" && days >= MOST_DAYS) {
    const reason = `Trivy's database is ${age} old and could not be updated: ${problem}`;
    return { kind: "unavailable", reason };
  }
  if (problem !== "") {
    const note = `Trivy's database could not be updated, so the one of ${updatedAt} was used, ${age} old: ${problem}.`;
    return { kind: "ready", updatedAt, notes: [note] };
  }
  const note = `Trivy's database is ${age} old, the newest that its source has: newer vulnerabilities are not in it.`;
  return { kind: "ready", updatedAt, notes: days >= MOST_DAYS ? [note] : [] };
}
