// What the images of the bench are made of. Nothing in them comes from anywhere else: the same
// recipe makes the same bytes everywhere.

/** A layer, down to its last byte. */
export interface LayerRecipe {
  /** Layers of different seeds share no file. */
  readonly seed: number;
  readonly files: number;
  /** Of each file. */
  readonly bytes: number;
  /** How many of the files of the layer with the seed below are hidden, each by itself. */
  readonly whiteouts: number;
  readonly compression: "none" | "gzip";
}

/** An image, and what the bench calls it. */
export interface ImageRecipe {
  readonly name: string;
  /** Lowest first. */
  readonly layers: readonly LayerRecipe[];
}

/** So many layers of the same form. */
export function layersOf(
  count: number,
  layer: Omit<LayerRecipe, "seed" | "whiteouts"> & { readonly whiteouts?: number },
): readonly LayerRecipe[] {
  return Array.from({ length: count }, (_, seed) => ({ whiteouts: 0, ...layer, seed }));
}
