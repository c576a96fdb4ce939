// What an image holds.

/** A pair of sizes that are always told together. */
export interface Sizes {
  /** Bytes of regular files over all layers, dead ones included. */
  readonly unpacked: number;
  /**
   * Bytes of the layer blobs; of a whole image, those and the configuration. Absent, of all that is
   * of an image or of nothing that is: not known.
   */
  readonly download?: number;
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

/** A layer as the place where something happened. */
export interface LayerPlace {
  /** From 0, lowest first. */
  readonly layer: number;
  readonly digest: string;
  readonly line?: number;
}

/**
 * How bytes came to be dead. `metadata`: their file was written again with the same content, as
 * chmod, chown and touch do. `overwritten`: with other content, or something else took its place.
 * `deleted`: it was taken away.
 */
export const WASTE_KINDS = ["metadata", "overwritten", "deleted"] as const;
export type WasteKind = (typeof WASTE_KINDS)[number];

/** Bytes that are in the layers and that no container can see. */
export interface Waste {
  /** Absent: all of this kind and these layers that is not told by path. Hostile text. */
  readonly path?: string;
  readonly files: number;
  readonly bytes: number;
  readonly kind: WasteKind;
  readonly writtenBy: LayerPlace;
  readonly killedBy: LayerPlace;
}

/** Types of packages as package URLs name them. https://github.com/package-url/purl-spec */
export const PACKAGE_TYPES = [
  "deb",
  "apk",
  "rpm",
  "pypi",
  "npm",
  "golang",
  "maven",
  "gem",
] as const;
export type PackageType = (typeof PACKAGE_TYPES)[number];

/** A package that is installed in an image. Its name and version are hostile text. */
export interface InstalledPackage {
  readonly type: PackageType;
  readonly name: string;
  readonly version: string;
  /** Live bytes of its files, by its own list of them. */
  readonly bytes: number;
  /** Line of the layer that brought most of it, where that is known. */
  readonly line?: number;
}

/** What one line brought of one package, or of what is in a folder and in no package. */
export interface Box {
  readonly line?: number;
  /** A package URL, `pkg:deb/libc6@2.36-9`, or a folder, which begins with `/`. Hostile text. */
  readonly box: string;
  /** Live and dead. */
  readonly bytes: number;
}

/** What could be done about a stage's size. */
export const ADVICE_RULES = [
  /** A layer repeats files to change their mode or owner. */
  "metadata-only",
  /** A layer takes away what an earlier one brought. */
  "deleted-later",
  /** A layer writes files again that an earlier one wrote, with other content. */
  "overwritten-later",
  /** What a package manager downloaded, or its lists, is left. */
  "package-cache",
  /** Packages that were only recommended. */
  "recommended-packages",
  /** Compilers and headers in a stage that is shipped. */
  "build-tools",
  /** Compiled caches that are written twice. */
  "compiled-cache",
  /** Files of the context that nothing in a container needs. */
  "context",
  /** The same content in several places. */
  "duplicate-content",
  /** One file is most of what the Dockerfile adds. */
  "large-file",
] as const;
export type AdviceRule = (typeof ADVICE_RULES)[number];

/** Something to write otherwise, and what that saves. */
export interface Advice {
  readonly rule: AdviceRule;
  /** What it would save, unpacked. */
  readonly bytes: number;
  /** The lines concerned, in order. */
  readonly lines: readonly number[];
  /** What is wrong, in sentences. Code in them stands between backticks. */
  readonly message: string;
  /** What to write instead: an instruction, or sentences in which code stands between backticks. */
  readonly instead: string;
  /** The largest paths concerned, largest first. Hostile text. */
  readonly paths: readonly string[];
}

/** What the layout says of one stage. */
export interface StageImage extends Sizes {
  readonly digest: string;
  /** `os/arch[/variant]` of the image's configuration. */
  readonly platform: string;
  /** Why no download is told; absent where it is. */
  readonly downloadUnknown?: string;
  readonly own: Sizes;
  readonly base: Sizes;
  readonly layers: readonly Layer[];
  /** For each entry of the image's history, the line that left it, where that is known. */
  readonly historyLines?: readonly (number | undefined)[];
  /** Largest first; a dozen or so. */
  readonly biggestFiles: readonly PathSize[];
  readonly biggestFolders: readonly PathSize[];
  /** Bytes that a container can see: live and wasted are unpacked, exactly. */
  readonly live: number;
  /** Bytes that it cannot. */
  readonly wasted: number;
  /** The share of unpacked that is live; 1 of an empty image. */
  readonly efficiency: number;
  /** The largest by path, largest first, then sums of the rest: together all that is wasted. */
  readonly waste: readonly Waste[];
  /** Largest first. */
  readonly packages: readonly InstalledPackage[];
  /** Largest first: together all that is unpacked. */
  readonly boxes: readonly Box[];
  /** What saves most first. */
  readonly advice: readonly Advice[];
  /**
   * Files that say what is installed and that were too large to be read, so that what they list is
   * told by folder; absent: none.
   */
  readonly unreadPackageLists?: number;
  /** The same of files that were not read since their layer has too many of them; absent: none. */
  readonly leftOutPackageLists?: number;
}

/** What dive would say of an image, where its thresholds are goals. */
export interface DiveFigures {
  /** From 0 to 1. */
  readonly efficiency: number;
  /** Bytes. */
  readonly wasted: number;
  /** Of the bytes that the layers above the first carry; can be above 1. */
  readonly userWasted: number;
  /** Bytes that it takes for what they are not, by what misleads it. */
  readonly errors: Readonly<Record<DiveError, number>>;
}

/** What misleads dive. */
export type DiveError =
  /** What a container sees counts as wasted where it was written more than once. */
  | "keptCopy"
  /** Of what was written more than once, the smallest counts as kept. */
  | "smallestCopy"
  /** What was in a folder that a layer deletes counts as kept. */
  | "deletedFolder"
  /** So does what was in a folder that a layer makes anew. */
  | "opaqueFolder";
