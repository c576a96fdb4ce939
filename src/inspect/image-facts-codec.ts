// What is kept of an image between runs: JSON that says of which version and of which image it is.

import { asList, asRecord } from "../foreign-json.ts";
import { ADVICE_RULES, type DiveFigures, PACKAGE_TYPES, WASTE_KINDS } from "../model/image.ts";
import type { Changed } from "../model/inspection.ts";
import type { LayerBox, PackageWeight } from "./boxes.ts";
import type { ImageFacts, LayerFacts } from "./image-facts.ts";
import { LAYER_INDEX_VERSION } from "./layer/layer-index-head.ts";
import type { Besides, ChangedFolder, Saving } from "./savings/saving.ts";
import type { Weight } from "./tree/biggest.ts";
import type { LayerChanges } from "./tree/layer-changes.ts";
import type { DeadBytes } from "./tree/waste.ts";

/**
 * To be raised whenever indexes of the same layers give other facts than before. What is read of
 * layers has a version of its own.
 */
const VERSION = `21 of ${LAYER_INDEX_VERSION}`;

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

/** Reads a number that names a layer. */
type LayerNumber = (kept: unknown) => number;

function readFacts(kept: unknown): ImageFacts {
  const facts = asRecord(kept);
  const layers = asList(facts.layers).map(readLayer);
  const layerNumber = (number: unknown) => below(layers.length, numberOf(number));
  return {
    layers,
    changes: readChanges(facts.changes, layers.length),
    live: numberOf(facts.live),
    biggestFiles: asList(facts.biggestFiles).map((weight) => readWeight(weight, layerNumber)),
    biggestFolders: asList(facts.biggestFolders).map((weight) => readWeight(weight, layerNumber)),
    waste: asList(facts.waste).map((waste) => readWaste(waste, layerNumber)),
    packages: asList(facts.packages).map((installed) => readPackage(installed, layerNumber)),
    boxes: asList(facts.boxes).map((box) => readBox(box, layerNumber)),
    unreadClaims: numberOf(facts.unreadClaims),
    leftOutClaims: numberOf(facts.leftOutClaims),
    savings: asList(facts.savings).map((saving) => readSaving(saving, layerNumber)),
    dive: readDive(facts.dive),
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

/** As many as there are layers. */
function readChanges(kept: unknown, layerCount: number): readonly LayerChanges[] {
  const changes = asList(kept).map((each) => {
    const { live, wasted, added, changed, removed } = asRecord(each);
    return {
      live: numberOf(live),
      wasted: numberOf(wasted),
      added: readChanged(added),
      changed: readChanged(changed),
      removed: readChanged(removed),
    };
  });
  if (changes.length === layerCount) return changes;
  throw new Error("no changes of all layers");
}

function readChanged(kept: unknown): Changed {
  const { files, others, bytes } = asRecord(kept);
  return { files: numberOf(files), others: numberOf(others), bytes: numberOf(bytes) };
}

function readWeight(kept: unknown, layerNumber: LayerNumber): Weight {
  const { path, bytes, layer } = asRecord(kept);
  return { path: textOf(path), bytes: numberOf(bytes), layer: layerNumber(layer) };
}

function readWaste(kept: unknown, layerNumber: LayerNumber): DeadBytes {
  const { path, files, bytes, kind, writtenBy, killedBy } = asRecord(kept);
  return {
    ...(path === undefined ? {} : { path: textOf(path) }),
    files: numberOf(files),
    bytes: numberOf(bytes),
    kind: oneOf(WASTE_KINDS, kind),
    writtenBy: layerNumber(writtenBy),
    killedBy: layerNumber(killedBy),
  };
}

function readPackage(kept: unknown, layerNumber: LayerNumber): PackageWeight {
  const { type, name, version, bytes, layer } = asRecord(kept);
  return {
    type: oneOf(PACKAGE_TYPES, type),
    name: textOf(name),
    version: textOf(version),
    bytes: numberOf(bytes),
    layer: layerNumber(layer),
  };
}

function readBox(kept: unknown, layerNumber: LayerNumber): LayerBox {
  const { layer, box, bytes } = asRecord(kept);
  return { layer: layerNumber(layer), box: textOf(box), bytes: numberOf(bytes) };
}

function readSaving(kept: unknown, layerNumber: LayerNumber): Saving {
  const saving = asRecord(kept);
  const { rule, bytes, files, layer, laterLayer, middleLayers, besides, paths } = saving;
  const { otherLayers, neededPackages, hasOtherOwner } = saving;
  const { wasExecutable, foldersGetMode, isPartial, isSole, isShared, isRest, movesSome } = saving;
  return {
    rule: oneOf(ADVICE_RULES, rule),
    bytes: numberOf(bytes),
    files: numberOf(files),
    layer: layerNumber(layer),
    ...(laterLayer !== undefined && { laterLayer: layerNumber(laterLayer) }),
    ...(middleLayers !== undefined && { middleLayers: asList(middleLayers).map(layerNumber) }),
    ...(otherLayers !== undefined && { otherLayers: asList(otherLayers).map(layerNumber) }),
    ...(neededPackages !== undefined && { neededPackages: asList(neededPackages).map(textOf) }),
    ...readSavingTexts(saving),
    ...(wasExecutable === true && { wasExecutable }),
    ...(hasOtherOwner === true && { hasOtherOwner }),
    ...(foldersGetMode === true && { foldersGetMode }),
    ...(isPartial === true && { isPartial }),
    ...(isSole === true && { isSole }),
    ...(isShared === true && { isShared }),
    ...(movesSome === true && { movesSome }),
    ...(isRest === true && { isRest }),
    ...(besides !== undefined && { besides: asList(besides).map(readBesides) }),
    paths: asList(paths).map(textOf),
  };
}

function readBesides(kept: unknown): Besides {
  const { folders, paths, isCut } = asRecord(kept);
  return {
    folders: asList(folders).map(readFolder),
    paths: asList(paths).map(textOf),
    ...(isCut === true && { isCut }),
  };
}

function readFolder(kept: unknown): ChangedFolder {
  const { path, isOwnerNew, isModeNew } = asRecord(kept);
  return {
    path: textOf(path),
    ...(isOwnerNew === true && { isOwnerNew }),
    ...(isModeNew === true && { isModeNew }),
  };
}

const SAVING_TEXTS = [
  "subject",
  "owner",
  "mode",
  "folderOwner",
  "folderMode",
  "ownFolder",
  "twin",
  "movedTo",
] as const;

function readSavingTexts(
  saving: Readonly<Record<string, unknown>>,
): Partial<Record<(typeof SAVING_TEXTS)[number], string>> {
  const known = SAVING_TEXTS.filter((name) => saving[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, textOf(saving[name])]));
}

function readDive(kept: unknown): DiveFigures {
  const { efficiency, wasted, userWasted, errors } = asRecord(kept);
  const { keptCopy, smallestCopy, deletedFolder, opaqueFolder } = asRecord(errors);
  return {
    efficiency: ratioOf(efficiency),
    wasted: numberOf(wasted),
    userWasted: ratioOf(userWasted),
    errors: {
      keptCopy: numberOf(keptCopy),
      smallestCopy: numberOf(smallestCopy),
      deletedFolder: numberOf(deletedFolder),
      opaqueFolder: numberOf(opaqueFolder),
    },
  };
}

function textOf(kept: unknown): string {
  if (typeof kept === "string") return kept;
  throw new Error("no text");
}

/** Whole and not negative, as all numbers here are. */
function numberOf(kept: unknown): number {
  if (typeof kept === "number" && Number.isSafeInteger(kept) && kept >= 0) return kept;
  throw new Error("no number");
}

function ratioOf(kept: unknown): number {
  if (typeof kept === "number" && Number.isFinite(kept) && kept >= 0) return kept;
  throw new Error("no ratio");
}

function below(limit: number, number: number): number {
  if (number < limit) return number;
  throw new Error("no such layer");
}

function oneOf<Word extends string>(words: readonly Word[], kept: unknown): Word {
  const word = words.find((each) => each === kept);
  if (word === undefined) throw new Error("no such word");
  return word;
}
