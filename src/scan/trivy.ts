import { join } from "node:path";
import { ToolError } from "../errors.ts";
import type { Checked, ImageFinding } from "../model/finding.ts";
import { JAVA, LAYERS } from "../state/trivy-folders.ts";
import { type Damage, damageOf, discardDamaged } from "./damage.ts";
import { REMEMBERED_FORM, recallScan, rememberScan } from "./remembered-scan.ts";
import { readMetadata, seal, sealFetched } from "./seal.ts";
import {
  type Preparation,
  prepareSession,
  type ReadySession,
  refusalOf,
  type ScanHost,
  type ScannerOptions,
  type Session,
} from "./session.ts";
import { traceFindings } from "./trace-findings.ts";
import { type ImageScan, parseTrivyReport } from "./trivy-report.ts";

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
   * @param name what a person calls the image
   * @throws UserError as `prepare` does
   */
  scan(layout: string, digest: string, name?: string): Promise<Checked<ImageFinding>>;
}

const TIMEOUT_MINUTES = 30;

/** A scanner over Trivy. */
export function createScanner(host: ScanHost, options: ScannerOptions): Scanner {
  const scans = new Map<string, Promise<Checked<ImageFinding>>>();
  let preparation: Promise<Session> | undefined;
  let lastScan: Promise<unknown> = Promise.resolve();
  let isMended = false;
  let waiting = 0;
  const unsealed = new Set<string>();
  const begin = () => {
    // What is mended must not come back from the cache that it may have come from.
    preparation ??= prepareSession(isMended ? { ...host, cache: undefined } : host, options);
    return preparation;
  };
  const scanOrMend = async (image: Image) => {
    const session = await begin();
    const { check, damage } = await scanImage(host, options, session, image, unsealed);
    if (isMended || session.kind !== "ready" || damage === undefined) return check;
    isMended = true;
    // What cannot be thrown away is damaged the next time too.
    if (!(await discardDamaged(host, session.cacheFolder, damage))) return check;
    preparation = undefined;
    return (await scanImage(host, options, await begin(), image, unsealed)).check;
  };
  return {
    prepare: begin,
    scan(layout, digest, name = digest) {
      const known = scans.get(digest);
      if (known !== undefined) return known;
      waiting++;
      const scan = lastScan
        .then(() => scanOrMend({ layout, digest, name }))
        .finally(async () => {
          waiting--;
          if (waiting === 0) await sealAll(host, unsealed);
        });
      lastScan = scan.catch(() => {});
      scans.set(digest, scan);
      return scan;
    },
  };
}

/** As soon as no scan waits: Trivy's cache can be large, and is hashed whole. */
async function sealAll(host: ScanHost, folders: Set<string>): Promise<void> {
  for (const folder of folders) await seal(host, folder);
  folders.clear();
}

interface Image {
  readonly layout: string;
  readonly digest: string;
  readonly name: string;
}

/** What became of a scan, and what was damaged where that is why there is none. */
interface Attempt {
  readonly check: Checked<ImageFinding>;
  readonly damage?: Damage | undefined;
}

async function scanImage(
  host: ScanHost,
  options: ScannerOptions,
  session: Session,
  image: Image,
  unsealed: Set<string>,
): Promise<Attempt> {
  switch (session.kind) {
    case "off":
      return { check: { kind: "off" } };
    case "unavailable":
      return { check: unavailable(session.reason) };
    case "ready":
  }
  const key = JSON.stringify([REMEMBERED_FORM, image.digest, ...session.circumstances]);
  const remembered = await recallScan(options.memory, key);
  // Trivy writes down what it has found of a layer, whatever becomes of the scan.
  if (remembered === undefined) unsealed.add(join(session.cacheFolder, LAYERS));
  try {
    const { scan, ofRun } = remembered
      ? { scan: remembered, ofRun: [] }
      : await runScan(host, options, session, image);
    // With an older database of Java archives, more may be found the next time.
    const isLasting = remembered === undefined && ofRun.length === 0;
    if (isLasting) await rememberScan(options.memory, key, scan);
    const notes = [...session.notes, ...scan.notes, ...ofRun];
    return { check: { ...scan, kind: "checked", notes } };
  } catch (error) {
    if (error instanceof ToolError) {
      return { check: unavailable(error.message), damage: damageOf(error) };
    }
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    return { check: unavailable(reason) };
  }
}

function unavailable(reason: string): Checked<ImageFinding> {
  return { kind: "unavailable", tool: "trivy", reason };
}

/** What a scan found, and what is to be said of it only in the run that made it. */
interface FreshScan {
  readonly scan: ImageScan;
  readonly ofRun: readonly string[];
}

async function runScan(
  host: ScanHost,
  { inputs, images }: ScannerOptions,
  session: ReadySession,
  { layout, digest, name }: Image,
): Promise<FreshScan> {
  host.log.info(`Trivy scans ${name}`);
  const { trivy, cacheFolder, ignoreFile, java } = session;
  const input = `layout@${digest}`;
  const args = [
    "--input",
    input,
    "--format",
    "json",
    "--list-all-pkgs=false",
    "--scanners",
    inputs.scanners.join(","),
    "--skip-db-update",
    ...(inputs.ignoreUnfixed ? ["--ignore-unfixed"] : []),
    ...(ignoreFile === undefined ? [] : ["--ignorefile", ignoreFile, "--show-suppressed"]),
  ];
  const command = { trivy, args, cacheFolder, layout, timeoutMinutes: TIMEOUT_MINUTES };
  const javaFolder = join(cacheFolder, JAVA);
  const javaBefore = await readMetadata(host, javaFolder);
  const { json, notes } = await java.run(command);
  await sealFetched(host, javaFolder, javaBefore);
  const scan = parseTrivyReport(`trivy ${trivy.version}`, json, input, host.conceal);
  const findings = await traceFindings(images, layout, digest, scan.findings);
  return { scan: { ...scan, findings }, ofRun: notes };
}
