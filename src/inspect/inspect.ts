// What a stage's image weighs, layer by layer, which line made each layer, and where its bytes are:
// read from the layout's own bytes, the same on every engine.

import type { LayerLines } from "../model/build.ts";
import type { Layer, Sizes, StageImage } from "../model/image.ts";
import type { PlannedImage, Stage } from "../model/plan.ts";
import { account } from "./account.ts";
import { advise } from "./advice/advise.ts";
import { attributeLayers, historyLines, type LayerSource } from "./attribution.ts";
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
  /** Whether `docker save` wrote the image. Default: no. */
  readonly isSaved?: boolean;
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
  const described = describeImage(known, sources, request.isSaved ?? false);
  const { facts } = known;
  const { layers } = described;
  return {
    ...described,
    historyLines: historyLines(traces, request.image, stage),
    advice: advise({ image: request.image, stage, facts, layers }),
  };
}

/**
 * Tells what is known of an image with where each of its layers came from, lowest first; of what
 * nothing is known counts as own.
 * @param isSaved whether `docker save` wrote it: then its layers may lie there as nobody would
 * download them
 */
export function describeImage(
  { image, facts }: KnownImage,
  sources: readonly (LayerSource | undefined)[],
  isSaved: boolean,
): StageImage {
  const stored = facts.layers.map((layer, number) => storedLayer(layer, sources[number]));
  const described = { ...weigh(image, stored), ...account(facts, stored), advice: [] };
  if (!isSaved || !isUnpacked(facts.layers)) return described;
  return {
    ...withoutDownload(described),
    downloadUnknown: "docker save gave it unpacked",
    own: withoutDownload(described.own),
    base: withoutDownload(described.base),
    layers: described.layers.map(withoutDownload),
  };
}

/** As the engine's older image store gives its layers away; of none at all it is not known. */
function isUnpacked(layers: readonly LayerFacts[]): boolean {
  return layers.every(({ digest, diffId }) => digest === diffId);
}

function withoutDownload<T extends Sizes>({ download, ...others }: T): Omit<T, "download"> {
  return others;
}

/** A layer whose blob is there. */
type StoredLayer = Layer & LayerFacts;

function storedLayer(facts: LayerFacts, source: LayerSource = { origin: "own" }): StoredLayer {
  return { ...facts, ...source };
}

/** The configuration is made here whatever the base is: it counts to what is one's own. */
function weigh(
  { digest, config, configSize }: OciImage,
  layers: readonly StoredLayer[],
): Pick<StageImage, "digest" | "platform" | "own" | "base" | "layers" | keyof Sizes> {
  const base = sum(layers.filter(({ origin }) => origin === "base"));
  const ownLayers = sum(layers.filter(({ origin }) => origin === "own"));
  const own = { ...ownLayers, download: ownLayers.download + configSize };
  return { digest, platform: config.platform, ...sum([own, base]), own, base, layers };
}

function sum(sizes: readonly Required<Sizes>[]): Required<Sizes> {
  return {
    unpacked: sizes.reduce((total, { unpacked }) => total + unpacked, 0),
    download: sizes.reduce((total, { download }) => total + download, 0),
  };
}
