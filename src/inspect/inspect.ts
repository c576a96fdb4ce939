// What a stage's image weighs, layer by layer, which line made each layer, and what is biggest in
// it: read from the layout's own bytes, the same on every engine.

import type { LayerLines } from "../model/build.ts";
import type { Layer, PathSize, Sizes, StageImage } from "../model/image.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";
import { attributeLayers, type LayerSource } from "./attribution.ts";
import { biggestFiles, biggestFolders, type Weight } from "./biggest.ts";
import type { LayerIndex } from "./layer-index.ts";
import type { LayerHost, LayerStore } from "./layer-store.ts";
import { applyLayers } from "./layers.ts";
import type { OciImage } from "./oci-layout.ts";

/** Which image is inspected, and what is known of how it was made. */
export interface InspectRequest {
  /** Folder of the OCI layout. */
  readonly layout: string;
  /** Of the image's manifest, or of an index that has one for the stage's platform. */
  readonly digest: string;
  readonly image: PlannedImage;
  readonly stage: Stage;
  readonly layerLines: LayerLines;
}

const BIGGEST = 12;

/**
 * Weighs the image of a stage.
 * @throws ToolError as `LayerStore.read` does.
 */
export async function inspectStage(
  host: Pick<LayerHost, "log">,
  request: InspectRequest,
  store: LayerStore,
): Promise<StageImage> {
  const { stage } = request;
  const { image, layers } = await store.read(request.layout, request.digest, stage.platform);
  const traces = { layers, history: image.config.history };
  const sources = attributeLayers(traces, request.image, stage, request.layerLines);
  const unknown = sources.filter(({ line }) => line === undefined).length;
  if (unknown > 0) host.log.debug(`${stage.name}: ${unknown} layers without a known line`);
  const weighed = layers.map((layer, number) => layerOf(layer, sources[number]));
  const sizes = weigh(image, weighed);
  return { ...sizes, ...findBiggest(layers, sources), ...unaccounted(sizes.unpacked) };
}

/** Until bytes are accounted for, all of them are taken for live. */
function unaccounted(
  unpacked: number,
): Pick<
  StageImage,
  "live" | "wasted" | "efficiency" | "waste" | "packages" | "boxes" | "advice"
> {
  const nothing = { waste: [], packages: [], boxes: [], advice: [] };
  return { live: unpacked, wasted: 0, efficiency: 1, ...nothing };
}

function layerOf(index: LayerIndex, source: LayerSource = { origin: "own" }): Layer {
  const { digest, diffId, unpacked, download } = index;
  return { digest, diffId, unpacked, download, ...source };
}

/** The configuration is made here whatever the base is: it counts to what is one's own. */
function weigh(
  { digest, config, configSize }: OciImage,
  layers: readonly Layer[],
): Pick<StageImage, "digest" | "platform" | "own" | "base" | "layers" | keyof Sizes> {
  const base = sum(layers.filter(({ origin }) => origin === "base"));
  const ownLayers = sum(layers.filter(({ origin }) => origin === "own"));
  const own = { ...ownLayers, download: ownLayers.download + configSize };
  return { digest, platform: config.platform, ...sum([own, base]), own, base, layers };
}

function sum(sizes: readonly Sizes[]): Sizes {
  return {
    unpacked: sizes.reduce((total, { unpacked }) => total + unpacked, 0),
    download: sizes.reduce((total, { download }) => total + download, 0),
  };
}

function findBiggest(
  indexes: readonly LayerIndex[],
  sources: readonly LayerSource[],
): Pick<StageImage, "biggestFiles" | "biggestFolders"> {
  const tree = applyLayers(indexes);
  const withLine = ({ path, bytes, layer }: Weight): PathSize => {
    const line = sources[layer]?.line;
    return line === undefined ? { path, bytes } : { path, bytes, line };
  };
  return {
    biggestFiles: biggestFiles(tree, BIGGEST).map(withLine),
    biggestFolders: biggestFolders(tree, BIGGEST).map(withLine),
  };
}
