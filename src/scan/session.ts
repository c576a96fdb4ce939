import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { isDiskFull, messageOf, systemCodeOf, UserError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { ImageStore } from "../inspect/image-store.ts";
import type { ScanInputs } from "../model/inputs.ts";
import type { Memory } from "../state/memory.ts";
import { JAVA, LAYERS } from "../state/trivy-folders.ts";
import { hashOfFile } from "../tools/file-hash.ts";
import type { FoundTool, Tool } from "../tools/find-tool.ts";
import { DATABASE_REPOSITORIES, prepareDatabase } from "./database.ts";
import { JavaScans } from "./java-database.ts";
import { discardUnsealed } from "./seal.ts";
import { unusedFiles } from "./unused-files.ts";

/** What scanning needs of a host. */
export type ScanHost = Pick<
  Host,
  "exec" | "files" | "env" | "workspace" | "clock" | "log" | "cache" | "conceal"
>;

/** What a scanner is made of. */
export interface ScannerOptions {
  readonly trivy: Tool;
  readonly inputs: ScanInputs;
  /** Absolute path of Trivy's cache. */
  readonly cacheFolder: string;
  readonly memory: Memory;
  /** The images that are scanned, to be looked into. */
  readonly images: Pick<ImageStore, "enter">;
}

/** Whether scans can be made. */
export type Preparation =
  | {
      readonly kind: "ready";
      /** When the database's content was gathered, RFC 3339. Absent where none is needed. */
      readonly databaseUpdatedAt?: string;
      /** What the reader should know. Every scan tells it too. */
      readonly notes: readonly string[];
    }
  | { readonly kind: "unavailable"; readonly reason: string }
  /** The inputs ask for no scanner. */
  | { readonly kind: "off" };

/** What a scanner found out before its first scan. */
export type Session = ReadySession | Exclude<Preparation, { kind: "ready" }>;

/** All that scans have in common. */
export interface ReadySession extends Extract<Preparation, { kind: "ready" }> {
  readonly trivy: FoundTool;
  readonly cacheFolder: string;
  readonly java: JavaScans;
  /** Absolute. */
  readonly ignoreFile?: string;
  /** What a result depends on beside the image. */
  readonly circumstances: readonly unknown[];
}

/**
 * Gets everything ready for scans, the database first of all.
 * @throws UserError when the ignore file is not there; the system's own error where the disk is full
 */
export async function prepareSession(host: ScanHost, options: ScannerOptions): Promise<Session> {
  const { trivy, inputs } = options;
  if (inputs.scanners.length === 0) return { kind: "off" };
  if (trivy.kind === "missing") return { kind: "unavailable", reason: trivy.reason };
  const ignoreFile = await findIgnoreFile(host, inputs);
  try {
    return await readySession(host, options, trivy, ignoreFile);
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    return { kind: "unavailable", reason };
  }
}

/**
 * Why nothing is scanned where the system refuses what has to be done with Trivy's cache. Undefined
 * for a full disk, which is the whole run's matter, and for all that does not come from the system.
 */
export function refusalOf(error: unknown): string | undefined {
  if (systemCodeOf(error) === undefined || isDiskFull(error)) return undefined;
  return `what Trivy needs cannot be read or written: ${messageOf(error)}`;
}

async function readySession(
  host: ScanHost,
  options: ScannerOptions,
  trivy: FoundTool,
  ignoreFile: IgnoreFile | undefined,
): Promise<Session> {
  const { inputs } = options;
  const source = sourceOf(options);
  // When it was used, by which the one goes that was used longest ago.
  await host.files.touch(source.cacheFolder);
  await discardUnsealed(host, join(source.cacheFolder, LAYERS), "What Trivy found in layers");
  await discardUnsealed(host, join(source.cacheFolder, JAVA), "Trivy's Java database");
  const needsDatabase = inputs.scanners.includes("vuln");
  const database = needsDatabase ? await prepareDatabase(host, { trivy, ...source }) : undefined;
  if (database?.kind === "unavailable") return database;
  const updatedAt = database?.updatedAt;
  const unused = await unusedFiles(host, inputs.trivyIgnoreFile);
  return {
    kind: "ready",
    notes: [...unused, ...(database?.notes ?? [])],
    ...(updatedAt === undefined ? {} : { databaseUpdatedAt: updatedAt }),
    trivy,
    cacheFolder: source.cacheFolder,
    java: new JavaScans(host, inputs.trivyJavaDbRepository),
    ...(ignoreFile === undefined ? {} : { ignoreFile: ignoreFile.path }),
    circumstances: [
      trivy.sha256,
      source.repositories,
      inputs.trivyJavaDbRepository,
      updatedAt,
      inputs.scanners,
      inputs.ignoreUnfixed,
      ignoreFile,
      // Entries of an ignore file can have a day on which they end.
      ignoreFile && new Date(host.clock.now()).toISOString().slice(0, 10),
    ],
  };
}

interface Source {
  readonly repositories: readonly string[];
  readonly areNamed: boolean;
  readonly cacheFolder: string;
}

/** A database from elsewhere has a cache of its own: Trivy would take one for the other. */
function sourceOf({ inputs, cacheFolder }: ScannerOptions): Source {
  const { trivyDbRepository: named, trivyJavaDbRepository: java } = inputs;
  const areNamed = named.length > 0;
  const repositories = areNamed ? named : DATABASE_REPOSITORIES;
  if (!areNamed && java.length === 0) return { repositories, areNamed, cacheFolder };
  const sources = java.length === 0 ? named : [...named, ...java.map((source) => `java ${source}`)];
  const hash = createHash("sha256").update(JSON.stringify(sources)).digest("hex");
  return { repositories, areNamed, cacheFolder: join(cacheFolder, `from-${hash.slice(0, 16)}`) };
}

interface IgnoreFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
}

async function findIgnoreFile(
  host: ScanHost,
  { trivyIgnoreFile }: ScanInputs,
): Promise<IgnoreFile | undefined> {
  if (trivyIgnoreFile === undefined) return undefined;
  const path = resolve(host.workspace, trivyIgnoreFile);
  if ((await host.files.stat(path))?.kind === "file") {
    return { path, sha256: await hashOfFile(host, path) };
  }
  const what = `${JSON.stringify(trivyIgnoreFile)} is not a file; give the path of a .trivyignore, relative to the workspace.`;
  throw new UserError([{ where: "input trivy-ignore-file", what }]);
}
