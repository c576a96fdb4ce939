// Images of a layout and what their content is, each looked at once in a run, and in no run that
// finds what an earlier one has kept.

import type { Memory } from "../state/memory.ts";
import { findFacts, type ImageFacts } from "./image-facts.ts";
import { decodeImageFacts, encodeImageFacts } from "./image-facts-codec.ts";
import type { LayerHost, LayerStore } from "./layer-store.ts";
import { type OciImage, readImage } from "./oci-layout.ts";
import { applyLayers, type ImageTree } from "./tree/layers.ts";

/** Looks at images, each once however many stages it is the image of. */
export interface ImageStore {
  /**
   * An image's documents and what is in it. `digest` may be that of an index that has an image for
   * `platform`. To ask again costs nothing, so it can be asked ahead.
   * @throws ToolError as `LayerStore.read` does.
   */
  look(layout: string, digest: string, platform?: string): Promise<KnownImage>;
  /** The same, and the tree that its layers make, for those who look around in it. */
  enter(layout: string, digest: string, platform?: string): Promise<KnownImage & OpenTree>;
}

/** The tree of an image, and how many layers made it. */
export interface OpenTree {
  readonly tree: ImageTree;
  readonly layerCount: number;
}

/** What is known of an image without its Dockerfile. */
export interface KnownImage {
  readonly image: OciImage;
  readonly facts: ImageFacts;
}

/** A store that first asks what is remembered of earlier runs. */
export function createImageStore(
  host: Pick<LayerHost, "files">,
  memory: Memory,
  layers: LayerStore,
): ImageStore {
  const known = new Map<string, Promise<ImageFacts>>();

  async function find(layout: string, image: OciImage, grown?: ImageTree): Promise<ImageFacts> {
    const remembered = await recall(memory, image);
    if (remembered !== undefined) return remembered;
    const read = await layers.read(layout, image.digest);
    const facts = findFacts(grown ?? applyLayers(read.layers), read.layers);
    await memory.remember("images", image.digest, encodeImageFacts(facts));
    return facts;
  }

  function findOnce(layout: string, image: OciImage, grown?: ImageTree): Promise<ImageFacts> {
    const finding = known.get(image.digest) ?? find(layout, image, grown);
    known.set(image.digest, finding);
    return finding;
  }

  return {
    async look(layout, digest, platform) {
      const image = await readImage(host.files, layout, digest, platform);
      return { image, facts: await findOnce(layout, image) };
    },
    async enter(layout, digest, platform) {
      const read = await layers.read(layout, digest, platform);
      const { image } = read;
      const tree = applyLayers(read.layers);
      const facts = await findOnce(layout, image, tree);
      return { image, facts, tree, layerCount: read.layers.length };
    },
  };
}

/** What is remembered must be of these layers: their archives are those that the image names. */
async function recall(memory: Memory, image: OciImage): Promise<ImageFacts | undefined> {
  const bytes = await memory.recall("images", image.digest);
  const facts = bytes && decodeImageFacts(bytes);
  const isOfImage =
    facts?.layers.length === image.layers.length &&
    facts.layers.every(({ digest, diffId, download }, layer) => {
      const { [layer]: descriptor } = image.layers;
      const isSame = digest === descriptor?.digest && download === descriptor.size;
      return isSame && diffId === image.config.diffIds[layer];
    });
  return isOfImage ? facts : undefined;
}
