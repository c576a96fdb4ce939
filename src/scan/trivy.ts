import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { ToolError, UserError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { Checked, ImageFinding, ScanInputs } from "../model.ts";
import type { Memory } from "../state/memory.ts";
import { hashOfFile } from "../tools/file-hash.ts";
import type { FoundTool, Tool } from "../tools/find-tool.ts";
import { DATABASE_REPOSITORIES, prepareDatabase } from "./database.ts";
import { REMEMBERED_FORM, recallScan, rememberScan } from "./remembered-scan.ts";
import { runTrivy } from "./trivy-command.ts";
import { type ImageScan, parseTrivyReport } from "./trivy-report.ts";
import { unusedFiles } from "./unused-files.ts";

export type ScanHost = Pick<Host, "exec" | "files" | "env" | "workspace" | "clock">;

export interface ScannerOptions {
  readonly trivy: Tool;
  readonly inputs: ScanInputs;
  /** Absolute path of Trivy's cache. */
  readonly cacheFolder: string;
  readonly memory: Memory;
}

/** Looks for vulnerabilities, secrets and what else was asked for in images. */
export interface Scanner {
  /**
   * Fetches the database, once, however often it is called. Scans wait for it by themselves.
   * @throws UserError when the ignore file is not there
   */
  prepare(): Promise<Preparation>;
  /**
   * Scans an image of a layout, one after another: Trivy's cache has room for one at a time. The
   * same digest is scanned once. All severities are found: the report chooses what to show.
   * @param layout absolute path; its `index.json` lists the digest itself
   * @throws UserError as `prepare` does
   */
  scan(layout: string, digest: string): Promise<Checked<ImageFinding>>;
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

const TIMEOUT_MINUTES = 30;

/** A scanner over Trivy. */
export function createScanner(host: ScanHost, options: ScannerOptions): Scanner {
  const scans = new Map<string, Promise<Checked<ImageFinding>>>();
  let preparation: Promise<Session> | undefined;
  let lastScan: Promise<unknown> = Promise.resolve();
  const begin = () => {
    preparation ??= prepareSession(host, options);
    return preparation;
  };
  return {
    prepare: begin,
    scan(layout, digest) {
      const known = scans.get(digest);
      if (known !== undefined) return known;
      const scan = lastScan.then(async () =>
        scanImage(host, options, await begin(), { layout, digest }),
      );
      lastScan = scan.catch(() => {});
      scans.set(digest, scan);
      return scan;
    },
  };
}

/** What a scanner found out before its first scan. */
type Session =
  | (Extract<Preparation, { kind: "ready" }> & {
      readonly trivy: FoundTool;
      readonly cacheFolder: string;
      readonly ignoreFile?: string;
      /** What a result depends on beside the image. */
      readonly circumstances: readonly unknown[];
    })
  | Exclude<Preparation, { kind: "ready" }>;

async function prepareSession(host: ScanHost, options: ScannerOptions): Promise<Session> {
  const { trivy, inputs } = options;
  if (inputs.scanners.length === 0) return { kind: "off" };
  if (trivy.kind === "missing") return { kind: "unavailable", reason: trivy.reason };
  const ignoreFile = await findIgnoreFile(host, inputs);
  const source = sourceOf(options);
  const database = inputs.scanners.includes("vuln")
    ? await prepareDatabase(host, { trivy, ...source })
    : undefined;
  if (database?.kind === "unavailable") return database;
  const unused = await unusedFiles(host, inputs.trivyIgnoreFile);
  return {
    kind: "ready",
    notes: [...unused, ...(database?.notes ?? [])],
    ...(database === undefined ? {} : { databaseUpdatedAt: database.updatedAt }),
    trivy,
    cacheFolder: source.cacheFolder,
    ...(ignoreFile === undefined ? {} : { ignoreFile: ignoreFile.path }),
    circumstances: [
      REMEMBERED_FORM,
      trivy.sha256,
      source.repositories,
      database?.updatedAt,
      inputs.scanners,
      inputs.ignoreUnfixed,
      ignoreFile?.sha256,
      // Entries of an ignore file can have a day on which they end.
      ignoreFile === undefined ? undefined : new Date(host.clock.now()).toISOString().slice(0, 10),
    ],
  };
}

/** A database from elsewhere has a cache of its own: Trivy would take one for the other. */
function sourceOf({ inputs, cacheFolder }: ScannerOptions) {
  const repositories = inputs.trivyDbRepository;
  if (repositories.length === 0) return { repositories: DATABASE_REPOSITORIES, cacheFolder };
  const name = `from-${sha256(JSON.stringify(repositories)).slice(0, 16)}`;
  return { repositories, cacheFolder: join(cacheFolder, name) };
}

async function findIgnoreFile(host: ScanHost, { trivyIgnoreFile }: ScanInputs) {
  if (trivyIgnoreFile === undefined) return undefined;
  const path = resolve(host.workspace, trivyIgnoreFile);
  if ((await host.files.stat(path))?.kind === "file") {
    return { path, sha256: await hashOfFile(host, path) };
  }
  const what = `${JSON.stringify(trivyIgnoreFile)} is not a file; give the path of a .trivyignore, relative to the workspace.`;
  throw new UserError([{ where: "input trivy-ignore-file", what }]);
}

interface Image {
  readonly layout: string;
  readonly digest: string;
}

async function scanImage(
  host: ScanHost,
  options: ScannerOptions,
  session: Session,
  image: Image,
): Promise<Checked<ImageFinding>> {
  switch (session.kind) {
    case "off":
      return { kind: "off" };
    case "unavailable":
      return { kind: "unavailable", tool: "trivy", reason: session.reason };
    case "ready":
  }
  const key = JSON.stringify([image.digest, ...session.circumstances]);
  const remembered = await recallScan(options.memory, key);
  try {
    const scan = remembered ?? (await runScan(host, options.inputs, session, image));
    if (remembered === undefined) await rememberScan(options.memory, key, scan);
    return { kind: "checked", findings: scan.findings, notes: [...session.notes, ...scan.notes] };
  } catch (error) {
    if (error instanceof ToolError) {
      return { kind: "unavailable", tool: "trivy", reason: error.message };
    }
    throw error;
  }
}

async function runScan(
  host: ScanHost,
  inputs: ScanInputs,
  session: Extract<Session, { kind: "ready" }>,
  { layout, digest }: Image,
): Promise<ImageScan> {
  const { trivy, cacheFolder, ignoreFile } = session;
  const args = [
    "--input",
    `layout@${digest}`,
    "--format",
    "json",
    "--list-all-pkgs=false",
    "--scanners",
    inputs.scanners.join(","),
    "--skip-db-update",
    ...(inputs.ignoreUnfixed ? ["--ignore-unfixed"] : []),
    ...(ignoreFile === undefined ? [] : ["--ignorefile", ignoreFile]),
  ];
  const command = { trivy, args, cacheFolder, layout, timeoutMinutes: TIMEOUT_MINUTES };
  return parseTrivyReport(`trivy ${trivy.version}`, await runTrivy(host, command));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
