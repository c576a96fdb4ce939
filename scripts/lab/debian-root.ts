// The root of a Debian 12 as small as the official slim image: apt and what it needs, no
// documentation but the copyright files, no manual, no translations, no lists or caches of apt.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { machineSources } from "./debian.ts";
import { writeSources } from "./debian-sources.ts";
import { imageLog } from "./image.ts";
import { type Overlay, writeOverlay } from "./machine-settings.ts";
import type { Place } from "./place.ts";
import { run } from "./shell.ts";

/** Writes `root.tar`. */
export async function makeDebianRoot(
  context: string,
  place: Place,
  overlay: Overlay,
): Promise<void> {
  const additions = join(context, "overlay");
  await writeOverlay(additions, new Map([...OWN_FILES, ...overlay]));
  const sources = join(context, "debian.sources");
  await writeFile(sources, writeSources(await machineSources(), SUITES));
  const hooks = [
    `--customize-hook=sync-in ${additions} /`,
    `--customize-hook=cd "$1" && rm -rf ${LEFTOVERS.join(" ")}`,
  ];
  const log = imageLog(place, "debian");
  await run("mmdebstrap", [...OPTIONS, ...hooks, "bookworm", join(context, "root.tar"), sources], {
    log,
  });
}

/** What makes one root another one. */
export function debianIngredients(overlay: Overlay): readonly string[] {
  return [...OPTIONS, ...LEFTOVERS, ...[...OWN_FILES, ...overlay].flat()];
}

const SUITES = { archive: ["bookworm", "bookworm-updates"], security: ["bookworm-security"] };

const HOOKS = "/usr/share/mmdebstrap/hooks/merged-usr";

const OPTIONS = [
  "--variant=minbase",
  // One /usr, made by links as Debian's own installer makes it; the other way brings all of Perl.
  "--include=usr-is-merged",
  `--setup-hook=${HOOKS}/setup00.sh`,
  `--hook-dir=${HOOKS}`,
  // What the official slim images leave out of every package, also of those installed later.
  "--dpkgopt=path-exclude=/usr/share/doc/*",
  "--dpkgopt=path-include=/usr/share/doc/*/copyright",
  "--dpkgopt=path-exclude=/usr/share/info/*",
  "--dpkgopt=path-exclude=/usr/share/lintian/*",
  "--dpkgopt=path-exclude=/usr/share/locale/*",
  "--dpkgopt=path-exclude=/usr/share/man/*",
];

/** Of this machine, or of no use in an image. */
const LEFTOVERS = [
  "etc/hostname",
  "etc/resolv.conf",
  "var/cache/apt/*.bin",
  "var/cache/debconf/*-old",
  "var/log/*",
];

/** So that apt leaves nothing behind which a layer would carry. */
const OWN_FILES: Overlay = new Map([
  [
    "etc/apt/apt.conf.d/90container",
    `Acquire::GzipIndexes "true";
Acquire::Languages "none";
APT::AutoRemove::SuggestsImportant "false";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };
`,
  ],
]);
