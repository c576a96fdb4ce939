import { createHash } from "node:crypto";
import { join } from "node:path";
import { ToolError } from "../errors.ts";
import { readForeignJson } from "../foreign-json.ts";
import type { Host } from "../host/host.ts";
import type { FoundTool } from "../tools/find-tool.ts";
import { type FetchHost, fetchPatiently } from "./fetch-database.ts";
import { discardUnsealed, readMetadata, sealFetched } from "./seal.ts";

/** What fetching the database needs of a host. */
export type DatabaseHost = FetchHost & Pick<Host, "log" | "cache">;

/** Which database, and where it goes. */
export interface DatabaseRequest {
  readonly trivy: FoundTool;
  readonly cacheFolder: string;
  /** Where to fetch it, in order. */
  readonly repositories: readonly string[];
  /** Whether the user named them: what they have is then what was asked for, however old. */
  readonly areNamed: boolean;
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

const HOUR_MILLISECONDS = 60 * 60 * 1000;

/** An older one says too little of new vulnerabilities to be used without having been asked for. */
const MOST_DAYS = 7;

/**
 * Makes sure that Trivy's database is in Trivy's cache: from an earlier run on this machine, from
 * the cache of GitHub, or from one of its sources. One that was changed since it was fetched is
 * fetched anew. Trivy itself decides whether it is fresh. Where no source can be reached, one from
 * the last days will do.
 */
export async function prepareDatabase(
  host: DatabaseHost,
  request: DatabaseRequest,
): Promise<DatabaseState> {
  const folder = join(request.cacheFolder, "db");
  const name = cacheName(request);
  await discardUnsealed(host, folder, "Trivy's database");
  const known = await readUpdatedAt(host, folder);
  const restored = known === undefined ? await restoreDatabase(host, name, folder) : undefined;
  const kept = known ?? restored?.updatedAt;
  const failures = await fetchAndSeal(host, request, folder);
  const updatedAt = await readUpdatedAt(host, folder);
  const problem = failures.join("; ");
  if (updatedAt === undefined) {
    const reason = problem === "" ? "Trivy's database has no date" : problem;
    return { kind: "unavailable", reason };
  }
  // An entry cannot be replaced: beside one that is broken goes another, which is found first.
  const version = restored?.isBroken ? `${updatedAt}-again` : updatedAt;
  if (updatedAt !== kept) await host.cache?.keep(name, version, folder);
  const age = host.clock.now() - Date.parse(updatedAt);
  host.log.info(`Trivy's database is of ${updatedAt}, ${ageWords(age)} old`);
  return judgeAge(age, updatedAt, problem, request.areNamed);
}

/** Goes into the name in the cache: what was kept there in another form is not found. */
const FORM = "sealed";

/** A database from elsewhere is never taken for that of Trivy's makers. */
function cacheName({ repositories }: DatabaseRequest): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([FORM, ...repositories]))
    .digest("hex");
  return `trivy-db-${hash.slice(0, 16)}`;
}

/** What came from GitHub's cache. */
interface Restored {
  /** When its content was gathered; undefined when there is nothing of use. */
  readonly updatedAt: string | undefined;
  /** Whether there was something, and it was not as it had been kept. */
  readonly isBroken: boolean;
}

async function restoreDatabase(
  host: DatabaseHost,
  name: string,
  folder: string,
): Promise<Restored> {
  if (!(await host.cache?.restore(name, folder))) return { updatedAt: undefined, isBroken: false };
  await discardUnsealed(host, folder, "Trivy's database from GitHub's cache");
  const updatedAt = await readUpdatedAt(host, folder);
  return { updatedAt, isBroken: updatedAt === undefined };
}

/** Fetches it where it is not fresh; what was fetched will be known again. Returns what went wrong. */
async function fetchAndSeal(
  host: DatabaseHost,
  request: DatabaseRequest,
  folder: string,
): Promise<readonly string[]> {
  const before = await readMetadata(host, folder);
  const failures = await fetchPatiently(host, { ...request, which: "vulnerabilities" });
  if (failures.length === 0) await sealFetched(host, folder, before);
  return failures;
}

/** From Trivy's own note beside the database. Undefined when there is none, or nothing in it. */
async function readUpdatedAt(
  host: Pick<Host, "files">,
  folder: string,
): Promise<string | undefined> {
  if ((await host.files.stat(join(folder, "trivy.db"))) === undefined) return undefined;
  const text = await readMetadata(host, folder);
  if (text === undefined) return undefined;
  try {
    const metadata = readForeignJson("trivy", text);
    const updatedAt = metadata.field("UpdatedAt").optionalText() ?? "";
    return Number.isNaN(Date.parse(updatedAt)) ? undefined : updatedAt;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

function judgeAge(
  milliseconds: number,
  updatedAt: string,
  problem: string,
  isNamed: boolean,
): DatabaseState {
  const isOld = milliseconds >= MOST_DAYS * 24 * HOUR_MILLISECONDS;
  const age = ageWords(milliseconds);
  if (isOld && problem !== "") {
    const reason = `Trivy's database is ${age} old and could not be updated: ${problem}`;
    return { kind: "unavailable", reason };
  }
  if (isOld && !isNamed) {
    const reason = `Trivy's database is ${age} old, and none of its sources has a newer one`;
    return { kind: "unavailable", reason };
  }
  if (problem !== "") {
    const note = `Trivy's database could not be updated, so the one of ${updatedAt} was used, ${age} old: ${problem}.`;
    return { kind: "ready", updatedAt, notes: [note] };
  }
  const note = `Trivy's database is ${age} old, the newest that its source has: newer vulnerabilities are not in it.`;
  return { kind: "ready", updatedAt, notes: isOld ? [note] : [] };
}

/** `5 hours`; whole days from one on. */
function ageWords(milliseconds: number): string {
  const hours = Math.max(0, Math.floor(milliseconds / HOUR_MILLISECONDS));
  const [count, unit] = hours < 24 ? [hours, "hour"] : [Math.floor(hours / 24), "day"];
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
