// What is known of an image without being built here: the facts of its layers, and what its history
// or a Dockerfile says of how each was made.

import type { Layer } from "../model/image.ts";
import type { InspectedLayer, Inspection, PlacedSize } from "../model/inspection.ts";
import type { HistoryEntry } from "../oci-documents.ts";
import { advise } from "./advice/advise.ts";
import { BIGGEST } from "./image-facts.ts";
import type { KnownImage } from "./image-store.ts";
import { describeImage } from "./inspect.ts";
import { type BuiltFrom, matchStage, type StageMatch } from "./stage-match.ts";
import { biggestFiles, biggestFolders, type Weight } from "./tree/biggest.ts";
import type { ImageTree } from "./tree/layers.ts";

/** An image that was read. */
export interface InspectedImage extends KnownImage {
  /** As it was typed. */
  readonly target: string;
  /** Needed where more of the largest files and folders are asked for than are kept. */
  readonly tree?: ImageTree;
  /** Whether `docker save` wrote it: then its layers may lie there as nobody would download them. */
  readonly isSaved: boolean;
}

/** Tells all that there is to tell of an image. `top`: how many files and folders. */
export function describeInspection(
  image: InspectedImage,
  from: BuiltFrom | undefined,
  top: number,
): Inspection {
  const match = from && matchOf(image, from);
  const sources = match?.sources ?? [];
  const { target, facts } = image;
  // Nobody had to pack an image without layers.
  const isSaved = image.isSaved && facts.layers.length > 0;
  const described = describeImage(image, sources, isSaved);
  const { digest, platform, unpacked, download, live, wasted, efficiency, waste } = described;
  const weights = biggestOf(image, top);
  const placed = ({ path, bytes, layer }: Weight): PlacedSize => {
    return { path, bytes, layer, ...lineOf(sources, layer) };
  };
  return {
    version: 1,
    target,
    digest,
    platform,
    unpacked,
    ...(download !== undefined && { download }),
    live,
    wasted,
    efficiency,
    ...(from !== undefined && {
      dockerfile: {
        path: from.image.dockerfile,
        stage: (match ?? from).stage.name,
        fits: match?.fits === true,
      },
      // What would be advised are changes to lines that did not make this image.
      advice: match?.fits
        ? advise({ image: from.image, stage: match.stage, facts, layers: described.layers })
        : [],
    }),
    layers: layersOf(image, sources, described.layers),
    biggestFiles: weights.files.map(placed),
    biggestFolders: weights.folders.map(placed),
    waste,
    packages: facts.packages.map(({ type, name, version, bytes, layer }) => {
      return { type, name, version, bytes, layer, ...lineOf(sources, layer) };
    }),
    boxes: facts.boxes.map(({ layer, box, bytes }) => {
      return { layer, ...lineOf(sources, layer), box, bytes };
    }),
    notes: [
      ...(from && match ? fitNotes(from, match) : []),
      ...notesOf(image, described.downloadUnknown),
    ],
  };
}

/** The largest files and folders, as they are kept as far as those will do. */
function biggestOf({ facts, tree }: InspectedImage, top: number) {
  return tree === undefined || top <= BIGGEST
    ? { files: facts.biggestFiles.slice(0, top), folders: facts.biggestFolders.slice(0, top) }
    : { files: biggestFiles(tree, top), folders: biggestFolders(tree, top) };
}

type Sources = StageMatch["sources"];

function matchOf({ image, facts }: InspectedImage, from: BuiltFrom): StageMatch {
  return matchStage({ layers: facts.layers, history: image.config.history }, from);
}

function fitNotes({ image, stage, isGuess }: BuiltFrom, match: StageMatch): readonly string[] {
  const { dockerfile, stages } = image;
  const { name, index } = match.stage;
  if (match.fits) {
    if (index === stage.index) return [];
    return [`Of ${dockerfile}, stage ${name} is the one whose history the image has.`];
  }
  const none = "and there is no advice.";
  return isGuess && stages.length > 1
    ? [
        `${dockerfile} does not fit: the image's history is that of none of its stages; only layers that match stage ${name} have a line, ${none}`,
      ]
    : [
        `${dockerfile} does not fit: the image's history is not that of stage ${name}; only layers that match have a line, ${none}`,
      ];
}

function lineOf(sources: Sources, layer: number): { readonly line?: number } {
  const line = sources[layer]?.line;
  return line === undefined ? {} : { line };
}

function layersOf(
  { facts, image }: InspectedImage,
  sources: Sources,
  layers: readonly Layer[],
): readonly InspectedLayer[] {
  const history = historyByLayer(image.config.history, facts.layers.length);
  return facts.changes.flatMap((change, layer) => {
    const [of, made] = [layers[layer], history[layer]];
    if (of === undefined) return [];
    const { digest, diffId, unpacked, download } = of;
    return [
      {
        ...{ layer, digest, diffId, unpacked },
        ...(download !== undefined && { download }),
        ...change,
        ...sources[layer],
        ...(made !== undefined && { history: made }),
      },
    ];
  });
}

/** The entries that made a layer, if there are as many as layers; else nobody can tell. */
function historyByLayer(
  history: readonly HistoryEntry[],
  layerCount: number,
): readonly (string | undefined)[] {
  const made = history.filter(({ isEmpty }) => !isEmpty);
  return made.length === layerCount ? made.map(({ createdBy }) => createdBy) : [];
}

function notesOf(
  { facts }: InspectedImage,
  downloadUnknown: string | undefined,
): readonly string[] {
  const notes: string[] = [];
  if (downloadUnknown !== undefined) {
    notes.push(`How much is downloaded is not known: ${downloadUnknown}.`);
  }
  const causes = [
    { count: facts.unreadClaims, why: "being too large" },
    { count: facts.leftOutClaims, why: "there being more than is read of a layer" },
  ];
  for (const { count, why } of causes.filter((cause) => cause.count > 0)) {
    const files = count === 1 ? "1 file" : `${count} files`;
    notes.push(
      `${files} that should say what is installed could not be read, ${why}: what is listed there is told by folder.`,
    );
  }
  return notes;
}
