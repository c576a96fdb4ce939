import type { ImageFacts } from "../../src/inspect/image-facts.ts";
import { makeDiveFigures } from "../make.ts";

/** Facts of an image of which nothing is known, but for what is given. */
export function makeFacts(overrides: Partial<ImageFacts> = {}): ImageFacts {
  return {
    layers: [],
    changes: [],
    live: 0,
    biggestFiles: [],
    biggestFolders: [],
    waste: [],
    packages: [],
    boxes: [],
    unreadClaims: 0,
    leftOutClaims: 0,
    savings: [],
    dive: makeDiveFigures(),
    ...overrides,
  };
}
