import type { LayerLimits } from "../inspect/layer/layer-limits.ts";
import type { Blobs } from "./blobs.ts";
import type { WantedPlatform } from "./choose-image.ts";

/** An image that was found, and where its blobs are. */
export interface FoundImage {
  readonly blobs: Blobs;
  /** Of the manifest of its platform. */
  readonly digest: string;
  /** Whether `docker save` wrote it: then its layers may lie there as nobody would download them. */
  readonly isSaved: boolean;
}

/** The same, open. Disposing of it removes what was kept for as long. */
export interface ImageSource extends FoundImage, AsyncDisposable {}

/** What all ways to an image have to know. */
export interface SourceSettings {
  readonly platform: WantedPlatform;
  /** Folder for what is larger than memory and does not outlive the command. */
  readonly scratch: string;
  /** How much may be unpacked, where that is not the usual. */
  readonly limits?: Partial<LayerLimits>;
}

/** Nothing to be removed. */
export async function keepNothing(): Promise<void> {}
