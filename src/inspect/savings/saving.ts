import type { AdviceRule } from "../../model/image.ts";

/** Bytes of an image that could be spared, before the lines of its layers are known. */
export interface Saving {
  readonly rule: AdviceRule;
  /**
   * Which of several things that the rule is about: a cache's folder, a pattern of file names; of
   * packages, their names. Hostile text.
   */
  readonly subject?: string;
  readonly bytes: number;
  /** Of packages, their number. */
  readonly files: number;
  /** The layer that wrote the bytes, from 0. */
  readonly layer: number;
  /** The layer that made them dead, or wrote them once more; of several, the last. */
  readonly laterLayer?: number;
  /** Those before it, in order, that did the same with the same files. */
  readonly middleLayers?: readonly number[];
  /** Others in between that wrote some of the files once more, but not all that the last one did. */
  readonly otherLayers?: readonly number[];
  /** Packages that hardly anything works without, though they are only recommended as well. */
  readonly neededPackages?: readonly string[];
  /**
   * Whom files belong to, and what their permission bits are, since a layer changed only that;
   * `SEVERAL` where not all have the same. Of a cache, whom that belongs to, if not root.
   */
  readonly owner?: string;
  readonly mode?: string;
  /** Some of the files could be executed before their mode was changed. */
  readonly wasExecutable?: true;
  /** Owner and mode that the folders have in the end which the first layer made, if it made some. */
  readonly folderOwner?: string;
  readonly folderMode?: string;
  /**
   * What later layers did besides, one for each of them, in order. Absent: nothing.
   */
  readonly besides?: readonly Besides[];
  /** Folders that the first layer made got another mode too, as its files did. */
  readonly foldersGetMode?: true;
  /** The first layer wrote files too that the later one left as they were. */
  readonly isPartial?: true;
  /**
   * The later layers have nothing else, but for folders that the first one has something in; of what
   * the later layer moved, but for those that it is in, and the first one has only files.
   */
  readonly isSole?: true;
  /** A folder with all of the files in it, where `besides` tells all. Hostile text. */
  readonly ownFolder?: string;
  /** What is told apart as coming with the build context is not in it. */
  readonly isRest?: true;
  /** Of a copy: where the same content is too, as far as the largest is concerned. Hostile text. */
  readonly twin?: string;
  /** Of copies: some of them belong to somebody else than what they are copies of. */
  readonly hasOtherOwner?: true;
  /** Of what the later layer moved: where that is now, a file or a folder with all of it. Hostile text. */
  readonly movedTo?: string;
  /** Of what the later layer moved: it deleted what others than the first one wrote too. */
  readonly isShared?: true;
  /** The later layer, which deleted them, has written some of them elsewhere. */
  readonly movesSome?: true;
  /** The largest files, largest first. Hostile text. */
  readonly paths: readonly string[];
}

/** What a layer did besides changing only owner or mode of files. */
export interface Besides {
  /**
   * Folders that files are in and that it changed, which are older than they are, or in which it
   * changed something that it left the files; the first few.
   */
  readonly folders: readonly ChangedFolder[];
  /** Other files, and folders with nothing but those; the first few, outermost ones. Hostile text. */
  readonly paths: readonly string[];
  /** There is more than is told. */
  readonly isCut?: true;
}

/** A folder that was given another owner or mode. */
export interface ChangedFolder {
  /** Hostile text. */
  readonly path: string;
  readonly isOwnerNew?: true;
  readonly isModeNew?: true;
}

/** Stands for owners or modes that differ. */
export const SEVERAL = "…";
