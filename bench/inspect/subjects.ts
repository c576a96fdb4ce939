// What is inspected: images to compare with dive, and series of images of which each is larger in
// one way than the one before.

import { type ImageRecipe, layersOf } from "./recipe.ts";

/** Images that are inspected in one go, and by whom. */
export interface Subject {
  readonly name: string;
  /** In words, for the page. */
  readonly title: string;
  readonly images: readonly ImageRecipe[];
  /** Dive is asked too. */
  readonly isCompared: boolean;
  /** What there is more and more of, for a series. */
  readonly series?: "bytes" | "files" | "layers" | "whiteouts";
}

/** Blobs of 50 MB each, 118 MB unpacked: six of them are an image of 0.3 GB. */
const GZIP_LAYER = { files: 1100, bytes: 107_000, compression: "gzip" } as const;
const SMALL_FILE = { bytes: 300, compression: "none" } as const;

/** All that is measured. A scale of 0.01 makes everything a hundred times smaller, for a try. */
export function subjectsAt(scale: number): readonly Subject[] {
  const files = (count: number) => Math.max(1, Math.round(count * scale));
  const gzip = (layers: number) =>
    layersOf(layers, { ...GZIP_LAYER, files: files(GZIP_LAYER.files) });
  const small = (layers: number, each: number) =>
    layersOf(layers, { ...SMALL_FILE, files: files(each) });
  return [
    compared("gzip-0.3", "a gzip image of 0.3 GB", gzip(6), "bytes"),
    compared("gzip-2", "a gzip image of 2 GB", gzip(40), "bytes"),
    grown("gzip-6", "a gzip image of 6 GB", gzip(120), "bytes"),
    grown("files-10k", "10,000 small files", small(10, 1000), "files"),
    grown("files-100k", "100,000 small files", small(10, 10_000), "files"),
    compared("files-1m", "a million small files, uncompressed", small(10, 100_000), "files"),
    ...[1, 10, 50, 200].map((layers) =>
      grown(
        `layers-${layers}`,
        `200,000 small files in ${layers} ${layers === 1 ? "layer" : "layers"}`,
        small(layers, 200_000 / layers),
        "layers",
      ),
    ),
    ...[10, 1000, 100_000].map((whiteouts) =>
      grown(
        `whiteouts-${whiteouts}`,
        `100,000 small files, ${whiteouts.toLocaleString("en")} of them hidden`,
        hidden(files(100_000), files(whiteouts)),
        "whiteouts",
      ),
    ),
  ];
}

type Layers = ImageRecipe["layers"];

function compared(name: string, title: string, layers: Layers, series: "bytes" | "files"): Subject {
  return { name, title, images: [{ name, layers }], isCompared: true, series };
}

function grown(
  name: string,
  title: string,
  layers: Layers,
  series: NonNullable<Subject["series"]>,
): Subject {
  return { name, title, images: [{ name, layers }], isCompared: false, series };
}

function hidden(files: number, whiteouts: number): Layers {
  const [below] = layersOf(1, { ...SMALL_FILE, files });
  const above = { ...SMALL_FILE, seed: 1, files: 0, whiteouts };
  return below === undefined ? [] : [below, above];
}
