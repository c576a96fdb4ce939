import { gzipSync } from "node:zlib";
import { asRecord } from "../foreign-json.ts";

/** A SARIF document of one category, as it also lies on disk. */
export interface SarifFile {
  /** `weighbridge/<image>/<tool>`. */
  readonly category: string;
  readonly path: string;
  readonly text: string;
}

/** Several documents in one, to be uploaded together. */
export interface SarifBundle {
  readonly categories: readonly string[];
  readonly text: string;
}

/** Documents put together into as few uploads as GitHub's limits allow. */
export interface SarifBundles {
  readonly bundles: readonly SarifBundle[];
  /** Larger than what GitHub takes, each for itself. */
  readonly tooLarge: readonly SarifFile[];
}

/**
 * At most so many runs and so many compressed bytes in one upload
 * (https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#validating-your-sarif-file).
 */
const MOST_RUNS = 20;
const MOST_BYTES = 10_000_000;

/** Puts documents together, in their order, into as few uploads as the limits allow. */
export function bundleSarif(
  files: readonly SarifFile[],
  mostBytes: number = MOST_BYTES,
): SarifBundles {
  const parsed = files.map((file) => parse(file));
  const tooLarge = parsed.filter((document) => document.bytes > mostBytes);
  const groups: Document[][] = [];
  for (const document of parsed.filter((other) => other.bytes <= mostBytes)) {
    const last = groups.at(-1);
    if (last !== undefined && fitsTogether([...last, document], mostBytes)) last.push(document);
    else groups.push([document]);
  }
  return { bundles: groups.map(join), tooLarge: tooLarge.map(({ file }) => file) };
}

interface Document {
  readonly file: SarifFile;
  /** Everything in it but the runs: schema and version. */
  readonly frame: Readonly<Record<string, unknown>>;
  readonly runs: readonly unknown[];
  /** Compressed. Together they become smaller, never larger by more than a few bytes. */
  readonly bytes: number;
}

function parse(file: SarifFile): Document {
  const { runs, ...frame } = asRecord(JSON.parse(file.text));
  if (!Array.isArray(runs)) throw new Error(`no runs in the SARIF of ${file.category}`);
  return { file, frame, runs, bytes: gzipSync(file.text).length };
}

function fitsTogether(documents: readonly Document[], mostBytes: number): boolean {
  const runs = documents.reduce((sum, document) => sum + document.runs.length, 0);
  const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
  return runs <= MOST_RUNS && bytes <= mostBytes;
}

function join(documents: readonly Document[]): SarifBundle {
  const runs = documents.flatMap((document) => document.runs);
  return {
    categories: documents.map(({ file }) => file.category),
    text: JSON.stringify({ ...documents[0]?.frame, runs }),
  };
}
