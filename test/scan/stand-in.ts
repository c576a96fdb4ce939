// A stand-in for Trivy: what it does is a few lines of shell.

import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ScanInputs } from "../../src/model/inputs.ts";
import type { ScannerOptions } from "../../src/scan/session.ts";
import { createScanner } from "../../src/scan/trivy.ts";
import type { Memory } from "../../src/state/memory.ts";
import { makeDigest } from "../make.ts";
import type { Workshop } from "../tools/workshop.ts";

export const INPUTS: ScanInputs = {
  scanners: ["vuln", "secret"],
  severity: ["critical", "high"],
  ignoreUnfixed: false,
  trivyDbRepository: ["registry.test/trivy-db:2"],
  trivyJavaDbRepository: [],
};

const REPORT = {
  SchemaVersion: 2,
  ArtifactType: "container_image",
  Results: [
    {
      Target: "debian",
      Vulnerabilities: [
        {
          VulnerabilityID: "CVE-2024-1",
          PkgName: "zlib1g",
          InstalledVersion: "1",
          Severity: "LOW",
          Layer: { DiffID: makeDigest("d") },
        },
      ],
    },
  ],
};

export const FINDING = {
  tool: "trivy",
  kind: "vulnerability",
  rule: "CVE-2024-1",
  severity: "low",
  message: "zlib1g 1: CVE-2024-1; no fix yet.",
  package: "zlib1g",
  installed: "1",
  layerDiffId: makeDigest("d"),
};

export const SAYS_REPORT = `echo '${JSON.stringify(REPORT)}'`;

/** A stand-in for Trivy: has a database at once, notes each scan down, and then does this. */
const standIn = (workshop: Workshop, scan: string) => `
case "$*" in *--download-db-only*)
  while [ "$1" != --cache-dir ]; do shift; done
  mkdir -p "$2/db" && touch "$2/db/trivy.db"
  echo '{"Version":2,"UpdatedAt":"2026-11-22T00:00:00Z"}' > "$2/db/metadata.json"
  exit;; esac
echo "$*" >> ${workshop.outside}/scans
${scan}`;

/** The arguments of every scan so far. */
export async function scansOf(workshop: Workshop): Promise<readonly string[]> {
  const path = join(workshop.outside, "scans");
  if ((await workshop.host.files.stat(path)) === undefined) return [];
  return (await workshop.host.files.readText(path)).trim().split("\n");
}

export async function openScanner(
  workshop: Workshop,
  scan: string,
  {
    inputs = {},
    ...options
  }: Partial<Omit<ScannerOptions, "inputs">> & { inputs?: Partial<ScanInputs> } = {},
) {
  const path = await workshop.program("trivy", standIn(workshop, scan));
  const clock = { now: () => Date.parse("2026-11-22T12:00:00Z"), sleep: async () => {} };
  await mkdir(join(workshop.outside, "layout"), { recursive: true });
  const scanner = createScanner(
    { ...workshop.host, clock },
    {
      trivy: { kind: "found", name: "trivy", version: "0.73.0", sha256: "a1", path },
      inputs: { ...INPUTS, ...inputs },
      cacheFolder: join(workshop.outside, "cache"),
      memory: createMemory(),
      images: { enter: () => Promise.reject(new Error("no finding is about a file")) },
      ...options,
    },
  );
  return {
    prepare: scanner.prepare,
    scan: (digit: string) => scanner.scan(join(workshop.outside, "layout"), makeDigest(digit)),
  };
}

/** Memory for the length of a test. */
export function createMemory(kept = new Map<string, Uint8Array>()): Memory {
  return {
    recall: async (kind, key) => kept.get(`${kind} ${key}`),
    remember: async (kind, key, bytes) => {
      kept.set(`${kind} ${key}`, bytes);
    },
  };
}

/** Where a scanner with the sources of `INPUTS` has Trivy's cache. */
export function cacheOf(workshop: Workshop): string {
  const hash = createHash("sha256").update(JSON.stringify(INPUTS.trivyDbRepository)).digest("hex");
  return join(workshop.outside, "cache", `from-${hash.slice(0, 16)}`);
}
