import type { Box, Layer, LayerPlace, StageImage } from "../model/image.ts";
import type { LayerBox } from "./boxes.ts";
import type { ImageFacts } from "./image-facts.ts";
import type { DeadBytes } from "./tree/waste.ts";

/** Where the bytes of an image are. */
export type Account = Pick<
  StageImage,
  | "live"
  | "wasted"
  | "efficiency"
  | "biggestFiles"
  | "biggestFolders"
  | "waste"
  | "packages"
  | "boxes"
  | "unreadPackageLists"
  | "leftOutPackageLists"
>;

/** Tells the facts of an image with the lines of its layers, lowest first. */
export function account(facts: ImageFacts, layers: readonly Layer[]): Account {
  const wasted = facts.waste.reduce((sum, { bytes }) => sum + bytes, 0);
  const withLine = <T extends { readonly layer: number }>({ layer, ...rest }: T) => {
    return { ...rest, ...lineOf(layers[layer]) };
  };
  return {
    live: facts.live,
    wasted,
    efficiency: facts.live + wasted === 0 ? 1 : facts.live / (facts.live + wasted),
    biggestFiles: facts.biggestFiles.map(withLine),
    biggestFolders: facts.biggestFolders.map(withLine),
    waste: facts.waste.map(({ writtenBy, killedBy, ...dead }: DeadBytes) => ({
      ...dead,
      writtenBy: placeOf(writtenBy, layers),
      killedBy: placeOf(killedBy, layers),
    })),
    packages: facts.packages.map(withLine),
    boxes: boxesByLine(facts.boxes, layers),
    ...(facts.unreadClaims > 0 && { unreadPackageLists: facts.unreadClaims }),
    ...(facts.leftOutClaims > 0 && { leftOutPackageLists: facts.leftOutClaims }),
  };
}

/** A line can have made several layers: a `FROM` most often has. */
function boxesByLine(facts: readonly LayerBox[], layers: readonly Layer[]): readonly Box[] {
  const boxes = new Map<string, Box>();
  for (const { layer, box, bytes } of facts) {
    const { line } = lineOf(layers[layer]);
    const key = `${line} ${box}`;
    const others = boxes.get(key)?.bytes ?? 0;
    boxes.set(key, { ...lineOf(layers[layer]), box, bytes: others + bytes });
  }
  return [...boxes.values()].sort((one, other) => other.bytes - one.bytes);
}

/** A layer, from 0, as the place where something happened. */
export function placeOf(layer: number, layers: readonly Layer[]): LayerPlace {
  return { layer, digest: layers[layer]?.digest ?? "", ...lineOf(layers[layer]) };
}

function lineOf(layer: Layer | undefined): { readonly line?: number } {
  return layer?.line === undefined ? {} : { line: layer.line };
}
