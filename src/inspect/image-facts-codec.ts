// What is kept of an image between runs: JSON that says of which version and of which image it is.

import { asList, asRecord } from "../foreign-json.ts";
import type { AdviceRule, PackageType, WasteKind } from "../model/image.ts";
import type { Weight } from "./biggest.ts";
import type { LayerBox, PackageWeight } from "./boxes.ts";
import type { ImageFacts, LayerFacts } from "./image-facts.ts";
import type { Saving } from "./savings/saving.ts";
import type { DeadBytes } from "./waste.ts";

/** To be raised whenever the same layers give other facts than before. */
const VERSION = 2;

/** The facts of an image as bytes. */
export function encodeImageFacts(facts: ImageFacts): Uint8Array {
  return Buffer.from(JSON.stringify({ version: VERSION, facts }));
}

/** The facts again; undefined when the bytes are not what this version has made. */
export function decodeImageFacts(bytes: Uint8Array): ImageFacts | undefined {
  try {
    const kept: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    const { version, facts } = asRecord(kept);
    return version === VERSION ? readFacts(facts) : undefined;
  } catch {
    return undefined;
  }
}

function readFacts(kept: unknown): ImageFacts {
  const facts = asRecord(kept);
  return {
    layers: asList(facts.layers).map(readLayer),
    live: numberOf(facts.live),
    biggestFiles: asList(facts.biggestFiles).map(readWeight),
    biggestFolders: asList(facts.biggestFolders).map(readWeight),
    waste: asList(facts.waste).map(readWaste),
    packages: asList(facts.packages).map(readPackage),
    boxes: asList(facts.boxes).map(readBox),
    savings: asList(facts.savings).map(readSaving),
  };
}

function readLayer(kept: unknown): LayerFacts {
  const { digest, diffId, unpacked, download } = asRecord(kept);
  return {
    digest: textOf(digest),
    diffId: textOf(diffId),
    unpacked: numberOf(unpacked),
    download: numberOf(download),
  };
}

function readWeight(kept: unknown): Weight {
  const { path, bytes, layer } = asRecord(kept);
  return { path: textOf(path), bytes: numberOf(bytes), layer: numberOf(layer) };
}

function readWaste(kept: unknown): DeadBytes {
  const { path, files, bytes, kind, writtenBy, killedBy } = asRecord(kept);
  return {
    ...(path === undefined ? {} : { path: textOf(path) }),
    files: numberOf(files),
    bytes: numberOf(bytes),
    kind: oneOf(WASTE_KINDS, kind),
    writtenBy: numberOf(writtenBy),
    killedBy: numberOf(killedBy),
  };
}

function readPackage(kept: unknown): PackageWeight {
  const { type, name, version, bytes, layer } = asRecord(kept);
  return {
    type: oneOf(PACKAGE_TYPES, type),
    name: textOf(name),
    version: textOf(version),
    bytes: numberOf(bytes),
    layer: numberOf(layer),
  };
}

function readBox(kept: unknown): LayerBox {
  const { layer, box, bytes } = asRecord(kept);
  return { layer: numberOf(layer), box: textOf(box), bytes: numberOf(bytes) };
}

function readSaving(kept: unknown): Saving {
  const { rule, subject, bytes, files, layer, laterLayer, owner, mode, twin, paths } =
    asRecord(kept);
  return {
    rule: oneOf(ADVICE_RULES, rule),
    ...(subject !== undefined && { subject: textOf(subject) }),
    bytes: numberOf(bytes),
    files: numberOf(files),
    layer: numberOf(layer),
    ...(laterLayer !== undefined && { laterLayer: numberOf(laterLayer) }),
    ...(owner !== undefined && { owner: textOf(owner) }),
    ...(mode !== undefined && { mode: textOf(mode) }),
    ...(twin !== undefined && { twin: textOf(twin) }),
    paths: asList(paths).map(textOf),
  };
}

const ADVICE_RULES: readonly AdviceRule[] = [
  "metadata-only",
  "deleted-later",
  "overwritten-later",
  "package-cache",
  "recommended-packages",
  "build-tools",
  "compiled-cache",
  "context",
  "duplicate-content",
  "large-file",
];

const WASTE_KINDS: readonly WasteKind[] = ["metadata", "overwritten", "deleted"];

const PACKAGE_TYPES: readonly PackageType[] = [
  "deb",
  "apk",
  "rpm",
  "pypi",
  "npm",
  "golang",
  "maven",
  "gem",
];

function textOf(kept: unknown): string {
  if (typeof kept === "string") return kept;
  throw new Error("no text");
}

/** Whole and not negative, as all numbers here are. */
function numberOf(kept: unknown): number {
  if (typeof kept === "number" && Number.isSafeInteger(kept) && kept >= 0) return kept;
  throw new Error("no number");
}

function oneOf<Word extends string>(words: readonly Word[], kept: unknown): Word {
  const word = words.find((each) => each === kept);
  if (word === undefined) throw new Error("no such word");
  return word;
}
