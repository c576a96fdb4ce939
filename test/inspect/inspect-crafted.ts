// An image of crafted layers as it is told by `weighbridge inspect`.

import { createImageStore } from "../../src/inspect/image-store.ts";
import { describeInspection } from "../../src/inspect/inspection.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import { ROOT } from "../../src/inspect/paths.ts";
import type { BuiltFrom } from "../../src/inspect/stage-match.ts";
import { findPath } from "../../src/inspect/tree/file-versions.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { type ViewRequest, viewTree } from "../../src/inspect/tree/tree-view.ts";
import type { Inspection } from "../../src/model/inspection.ts";
import type { Memory } from "../../src/state/memory.ts";
import { type CraftedImage, CraftedLayout } from "./crafted-layout.ts";

export interface CraftedRequest {
  readonly image: CraftedImage;
  readonly target?: string;
  readonly isSaved?: boolean;
  readonly unreadClaims?: number;
  readonly leftOutClaims?: number;
  readonly from?: BuiltFrom;
  readonly top?: number;
  readonly view?: Partial<ViewRequest>;
  /** What the view is of. Default: all. */
  readonly lookAt?: string;
}

const NOTHING: Memory = { recall: async () => undefined, remember: async () => {} };

/** Reads the image and tells all that there is to tell. */
export async function inspectCrafted(request: CraftedRequest): Promise<Inspection> {
  const layout = new CraftedLayout();
  const { digest } = layout.putImage(request.image);
  const layers = createLayerStore({ files: layout.files, log: { debug() {} } }, NOTHING);
  const known = await createImageStore(layout, NOTHING, layers).look("", digest);
  const tree = applyLayers((await layers.read("", digest)).layers);
  const { target = "docker://shop", isSaved = false, from, top = 12, view } = request;
  const { unreadClaims = 0, leftOutClaims = 0 } = request;
  const facts = { ...known.facts, unreadClaims, leftOutClaims };
  const described = { ...known, facts, tree, target, isSaved };
  const inspection = describeInspection(described, from, top);
  if (view === undefined) return inspection;
  const found = findPath(tree, request.lookAt ?? "/");
  const path = found.kind === "found" ? found.path : ROOT;
  return { ...inspection, view: viewTree(tree, { path, isDeep: true, top: 30, ...view }) };
}
