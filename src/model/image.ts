// What an image holds.

/** A pair of sizes that are always told together. */
export interface Sizes {
  /** Bytes of regular files over all layers, dead ones included. */
  readonly unpacked: number;
  /** Bytes of the layer blobs; of a whole image, those and the configuration. */
  readonly download: number;
}

/** `own`: made by an instruction of the Dockerfile. `base`: inherited from the external image. */
export type LayerOrigin = "own" | "base";

/** One layer of a stage's image. */
export interface Layer extends Sizes {
  readonly digest: string;
  readonly diffId: string;
  readonly origin: LayerOrigin;
  /** Line of the instruction that made it; of a base layer, the external `FROM`. */
  readonly line?: number;
  /** That instruction's text, from the Dockerfile. */
  readonly instruction?: string;
}

/** A path inside the image and what it weighs. Hostile text. */
export interface PathSize {
  readonly path: string;
  readonly bytes: number;
  /** Line of the layer that brought most of it, where it is known. */
  readonly line?: number;
}

/** What the layout says of one stage. */
export interface StageImage extends Sizes {
  readonly digest: string;
  /** `os/arch[/variant]` of the image's configuration. */
  readonly platform: string;
  readonly own: Sizes;
  readonly base: Sizes;
  readonly layers: readonly Layer[];
  /** Largest first; a dozen or so. */
  readonly biggestFiles: readonly PathSize[];
  readonly biggestFolders: readonly PathSize[];
}
