// Reading images of a layout, each layer once however many images and runs have it.

import PQueue from "p-queue";
import { messageOf, ToolError } from "../errors.ts";
import type { Files, Log } from "../host/host.ts";
import type { Descriptor } from "../oci-documents.ts";
import type { Memory } from "../state/memory.ts";
import { ImageMeter } from "./image-meter.ts";
import type { LayerIndex } from "./layer/layer-index.ts";
import { decodeLayerIndex, encodeLayerIndex } from "./layer/layer-index-codec.ts";
import { LAYER_LIMITS, type LayerLimits, LimitError } from "./layer/layer-limits.ts";
import { readLayer } from "./layer/layer-reader.ts";
import { blobPath, type OciImage, readImage } from "./oci-layout.ts";

/** Reads images, each layer once however many of them have it. */
export interface LayerStore {
  /**
   * Reads an image's documents and all of its layers. `digest` may be that of an index that has an
   * image for `platform`. To ask again costs nothing, so it can be asked ahead.
   * @throws ToolError, naming the document, the layer or the image, when the layout lacks it, when
   * its bytes are not those of its digest, or when it is refused for its size.
   */
  read(layout: string, digest: string, platform?: string): Promise<ReadImage>;
}

/** What the layout has of an image. */
export interface ReadImage {
  readonly image: OciImage;
  /** Lowest first. */
  readonly layers: readonly LayerIndex[];
}

/** The part of a host that is needed to read layers. */
export interface LayerHost {
  readonly files: Pick<Files, "readStream">;
  readonly log: Pick<Log, "debug">;
}

/**
 * How many layers are read at the same time. Each keeps a thread busy unpacking, and all share the
 * one that hashes and reads: more would only take memory.
 */
const READ_AT_ONCE = 2;

/** A store that first asks what is remembered of earlier runs. */
export function createLayerStore(
  host: LayerHost,
  memory: Memory,
  bounds: Partial<LayerLimits> = {},
): LayerStore {
  const limits = { ...LAYER_LIMITS, ...bounds };
  const known = new Map<string, Promise<LayerIndex>>();
  const queue = new PQueue({ concurrency: READ_AT_ONCE });

  async function find(layout: string, layer: Descriptor): Promise<LayerIndex> {
    const remembered = await recall(memory, layer, limits);
    if (remembered !== undefined) return remembered;
    const content = host.files.readStream(blobPath(layout, layer.digest));
    const index = await readLayer({ ...layer, content }, limits);
    host.log.debug(`Read layer ${layer.digest}: ${index.entries.paths.length} entries`);
    await memory.remember("layers", layer.digest, await encodeLayerIndex(index));
    return index;
  }

  function findOnce(layout: string, layer: Descriptor): Promise<LayerIndex> {
    const begin = () => queue.add(() => find(layout, layer), { priority: layer.size });
    const finding = known.get(layer.digest) ?? begin();
    known.set(layer.digest, finding);
    return finding;
  }

  /**
   * Gives up at the first layer with which the image is too large: the others are not begun, and
   * what was read is let go.
   */
  async function findAll(layout: string, image: OciImage): Promise<readonly LayerIndex[]> {
    const meter = new ImageMeter(image.layers.length, limits);
    const ofImage = new PQueue({ concurrency: READ_AT_ONCE });
    const findCounted = async (layer: Descriptor) => {
      const index = await findOnce(layout, layer);
      meter.add(index);
      return [layer, index] as const;
    };
    // What takes longest begins first, of this image and then of all that are asked for, so that
    // little is left when only one is being read.
    const sorted = image.layers.toSorted((one, other) => other.size - one.size);
    try {
      const finding = sorted.map((layer) => ofImage.add(() => findCounted(layer)));
      const found = new Map(await Promise.all(finding));
      return image.layers.flatMap((layer) => found.get(layer) ?? []);
    } catch (error) {
      ofImage.clear();
      if (error instanceof LimitError) for (const { digest } of image.layers) known.delete(digest);
      throw error;
    }
  }

  return {
    async read(layout, digest, platform) {
      const image = await readImage(host.files, layout, digest, platform);
      const layers = await findAll(layout, image).catch((error) => {
        throw error instanceof LimitError ? refused(image, error) : error;
      });
      checkDiffIds(image, layers);
      return { image, layers };
    },
  };
}

function refused({ digest }: OciImage, cause: LimitError): ToolError {
  const message = `The image ${digest} is refused: ${messageOf(cause)}`;
  return new ToolError(message, { command: `read ${digest}`, cause });
}

async function recall(
  memory: Memory,
  layer: Descriptor,
  limits: LayerLimits,
): Promise<LayerIndex | undefined> {
  const bytes = await memory.recall("layers", layer.digest);
  const index = bytes && (await decodeLayerIndex(bytes, limits));
  const isOfLayer = index?.digest === layer.digest && index.download === layer.size;
  return isOfLayer ? index : undefined;
}

function checkDiffIds({ digest, config }: OciImage, indexes: readonly LayerIndex[]): void {
  const wrong = indexes.find((index, layer) => index.diffId !== config.diffIds[layer]);
  if (wrong === undefined) return;
  const message = `The layer ${wrong.digest} of ${digest} unpacks to ${wrong.diffId}, which is not what the image's configuration says`;
  throw new ToolError(message, { command: `read ${digest}` });
}
