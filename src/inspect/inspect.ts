// What a stage's image weighs, layer by layer, which line made each layer, and where its bytes are:
// read from the layout's own bytes, the same on every engine.

import type { LayerLines } from "../model/build.ts";
import type { Layer, Sizes, StageImage } from "../model/image.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";
import { account } from "./account.ts";
import { advise } from "./advice/advise.ts";
import { attributeLayers, type LayerSource } from "./attribution.ts";
import type { LayerFacts } from "./image-facts.ts";
import type { ImageStore, KnownImage } from "./image-store.ts";
import type { LayerHost } from "./layer-store.ts";
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

/**
 * Weighs the image of a stage.
 * @throws ToolError as `ImageStore.look` does.
 */
export async function inspectStage(
  host: Pick<LayerHost, "log">,
  request: InspectRequest,
  store: ImageStore,
): Promise<StageImage> {
  const { stage } = request;
  const known = await store.look(request.layout, request.digest, stage.platform);
  const traces = { layers: known.facts.layers, history: known.image.config.history };
  const sources = attributeLayers(traces, request.image, stage, request.layerLines);
  const unknown = sources.filter(({ line }) => line === undefined).length;
  if (unknown > 0) host.log.debug(`${stage.name}: ${unknown} layers without a known line`);
  const described = describeImage(known, sources);
  const { facts } = known;
  const { layers } = described;
  return { ...described, advice: advise({ image: request.image, stage, facts, layers }) };
}

/**
 * Tells what is known of an image with where each of its layers came from, lowest first; of what
 * nothing is known counts as own.
 */
export function describeImage(
  { image, facts }: KnownImage,
  sources: readonly (LayerSource | undefined)[],
): StageImage {
  const layers = facts.layers.map((layer, number) => layerOf(layer, sources[number]));
  return { ...weigh(image, layers), ...account(facts, layers), advice: [] };
}

function layerOf(facts: LayerFacts, source: LayerSource = { origin: "own" }): Layer {
  return { ...facts, ...source };
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
