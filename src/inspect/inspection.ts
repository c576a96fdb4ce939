// What is known of an image without being built here: the facts of its layers, and what its history
// or a Dockerfile says of how each was made.

import type { InspectedLayer, Inspection, PlacedSize } from "../model/inspection.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";
import type { HistoryEntry } from "../oci-documents.ts";
import { advise } from "./advice/advise.ts";
import { attributeLayers, type LayerSource } from "./attribution.ts";
import { biggestFiles, biggestFolders, type Weight } from "./biggest.ts";
import type { KnownImage } from "./image-store.ts";
import { describeImage } from "./inspect.ts";
import { changesByLayer } from "./layer-changes.ts";
import type { ImageTree } from "./layers.ts";

/** An image that was read. */
export interface InspectedImage extends KnownImage {
  /** As it was typed. */
  readonly target: string;
  readonly tree: ImageTree;
  /** Whether `docker save` wrote it: then its layers may lie there as nobody would download them. */
  readonly isSaved: boolean;
}

/** The stage of a Dockerfile that an image is said to have been built from. */
export interface BuiltFrom {
  readonly image: PlannedImage;
  readonly stage: Stage;
}

/** Tells all that there is to tell of an image. `top`: how many files and folders. */
export function describeInspection(
  image: InspectedImage,
  from: BuiltFrom | undefined,
  top: number,
): Inspection {
  const sources = from === undefined ? undefined : sourcesOf(image, from);
  const { target, tree, facts } = image;
  const described = describeImage(image, sources ?? []);
  const { digest, platform, unpacked, live, wasted, efficiency, waste } = described;
  const hasDownload = !isUnpacked(image);
  const placed = ({ path, bytes, layer }: Weight): PlacedSize => {
    return { path, bytes, layer, ...lineOf(sources, layer) };
  };
  return {
    version: 1,
    target,
    digest,
    platform,
    unpacked,
    ...(hasDownload && { download: described.download }),
    live,
    wasted,
    efficiency,
    ...(from !== undefined && {
      dockerfile: { path: from.image.dockerfile, stage: from.stage.name },
      advice: advise({ ...from, facts, layers: described.layers }),
    }),
    layers: layersOf(image, sources, hasDownload),
    biggestFiles: biggestFiles(tree, top).map(placed),
    biggestFolders: biggestFolders(tree, top).map(placed),
    waste,
    packages: facts.packages.map(({ type, name, version, bytes, layer }) => {
      return { type, name, version, bytes, layer, ...lineOf(sources, layer) };
    }),
    boxes: facts.boxes.map(({ layer, box, bytes }) => {
      return { layer, ...lineOf(sources, layer), box, bytes };
    }),
    notes: notesOf(image, from, sources, hasDownload),
  };
}

type Sources = readonly LayerSource[] | undefined;

function sourcesOf({ image, facts }: InspectedImage, from: BuiltFrom): readonly LayerSource[] {
  const traces = { layers: facts.layers, history: image.config.history };
  return attributeLayers(traces, from.image, from.stage, new Map());
}

function lineOf(sources: Sources, layer: number): { readonly line?: number } {
  const line = sources?.[layer]?.line;
  return line === undefined ? {} : { line };
}

/** Whether layers lie there unpacked, as the engine's older image store gives them. */
function isUnpacked({ isSaved, facts }: InspectedImage): boolean {
  const { layers } = facts;
  return isSaved && layers.length > 0 && layers.every(({ digest, diffId }) => digest === diffId);
}

function layersOf(
  { facts, image, tree }: InspectedImage,
  sources: Sources,
  hasDownload: boolean,
): readonly InspectedLayer[] {
  const changes = changesByLayer(tree, facts.layers.length);
  const history = historyByLayer(image.config.history, facts.layers.length);
  return changes.flatMap((change, layer) => {
    const [of, made] = [facts.layers[layer], history[layer]];
    if (of === undefined) return [];
    const { digest, diffId, unpacked, download } = of;
    return [
      {
        ...{ layer, digest, diffId, unpacked },
        ...(hasDownload && { download }),
        ...change,
        ...sources?.[layer],
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
  { facts: { unreadClaims } }: InspectedImage,
  from: BuiltFrom | undefined,
  sources: Sources,
  hasDownload: boolean,
): readonly string[] {
  const notes: string[] = [];
  if (!hasDownload) {
    notes.push("How much is downloaded is not known: the layers lie there unpacked.");
  }
  if (unreadClaims > 0) {
    const files = unreadClaims === 1 ? "1 file" : `${unreadClaims} files`;
    notes.push(
      `${files} that should say what is installed could not be read, being too large: what is listed there is told by folder.`,
    );
  }
  const isForeign = sources?.every(({ origin }) => origin === "base") ?? false;
  if (from !== undefined && isForeign && makesLayers(from.stage)) {
    const { dockerfile } = from.image;
    notes.push(
      `The image's history does not end as ${dockerfile} does: it may be built from another one.`,
    );
  }
  return notes;
}

function makesLayers({ instructions }: Stage): boolean {
  return instructions.some(({ keyword }) => ["RUN", "COPY", "ADD"].includes(keyword));
}
