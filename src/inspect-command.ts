// The sub-command `inspect`: one image, wherever it is, told byte by byte.

import { join } from "node:path";
import { UserError } from "./errors.ts";
import type { Host } from "./host/host.ts";
import type { InspectRun } from "./inputs/inspect-line.ts";
import { checkedStateFolder } from "./inputs/state-folder.ts";
import { listNearest, quoted, suggestion } from "./inputs/wording.ts";
import { BIGGEST } from "./inspect/image-facts.ts";
import { createImageStore, type OpenTree } from "./inspect/image-store.ts";
import { describeInspection } from "./inspect/inspection.ts";
import { createLayerStore } from "./inspect/layer-store.ts";
import type { BuiltFrom } from "./inspect/stage-match.ts";
import { findPath } from "./inspect/tree/file-versions.ts";
import type { ImageTree } from "./inspect/tree/layers.ts";
import { viewTree } from "./inspect/tree/tree-view.ts";
import type { Inspection, TreeView } from "./model/inspection.ts";
import { planStage } from "./plan/plan-stage.ts";
import { formatBytes } from "./report/format.ts";
import { asLayout, type Blobs } from "./sources/blobs.ts";
import { openImage } from "./sources/sources.ts";
import { openMemory } from "./state/state.ts";

/** Rows of each table, and of a view, where the user does not say. */
export const TABLE_ROWS = 12;
const VIEW_ROWS = 30;

/** So often is told how far reading is. */
const PROGRESS_BYTES = 4_000_000;

/**
 * Inspects an image. What was read of its layers is remembered: to look again costs next to nothing.
 * @throws UserError when there is no such image, folder, layer or stage
 * @throws ToolError when the engine or the registry does not do its work, or the image is damaged
 */
export async function inspectImage(host: Host, request: InspectRun): Promise<Inspection> {
  const state = await checkedStateFolder(host, request.state);
  if (state.kind === "problem") throw new UserError([{ where: "--state", what: state.what }]);
  await using memory = openMemory(host, state.value);
  // What is wrong with it is told before anything large is fetched.
  const dockerfile = await readDockerfile(host, request);
  const platform = { machine: host.platform, ...(request.platform && { given: request.platform }) };
  const { target, limits } = request;
  const scratch = join(state.value, "scratch");
  const settings = { platform, scratch, ...(limits !== undefined && { limits }) };
  await using source = await openImage(host, target, settings, memory);
  const { layout, files } = asLayout(withProgress(host, source.blobs, request.target));
  const layers = createLayerStore({ files, log: host.log }, memory, limits);
  const store = createImageStore({ files }, memory, layers);
  const read = { target: request.target, isSaved: source.isSaved };
  const top = request.top ?? TABLE_ROWS;
  if (!isView(request) && top <= BIGGEST) {
    const known = await store.look(layout, source.digest);
    return describeInspection({ ...known, ...read }, dockerfile, top);
  }
  const known = await store.enter(layout, source.digest);
  const view = isView(request) ? viewOf(known, request) : undefined;
  return {
    ...describeInspection({ ...known, ...read }, dockerfile, top),
    ...(view !== undefined && { view }),
  };
}

/** Whether the user wants to look into something. */
function isView({ path, layer, isTree }: InspectRun): boolean {
  return path !== undefined || layer !== undefined || isTree;
}

/** Blobs that say how much of them was read. */
function withProgress(host: Host, blobs: Blobs, target: string): Blobs {
  let bytes = 0;
  return {
    has: blobs.has,
    async *read(digest) {
      for await (const piece of blobs.read(digest)) {
        bytes += piece.length;
        // Whenever another so many are full.
        if (bytes % PROGRESS_BYTES < piece.length) {
          host.log.progress(`${target}: ${formatBytes(bytes)} read`);
        }
        yield piece;
      }
    },
  };
}

async function readDockerfile(
  host: Host,
  { file, stage, platform = host.platform }: InspectRun,
): Promise<BuiltFrom | undefined> {
  if (file === undefined) return undefined;
  const from = await planStage(host, { file, platform, ...(stage !== undefined && { stage }) });
  return { ...from, isGuess: stage === undefined };
}

function viewOf(
  { tree, layerCount }: OpenTree,
  { path, layer, isTree, top }: InspectRun,
): TreeView {
  if (layer !== undefined && layer >= layerCount) throw noSuchLayer(layer, layerCount);
  return viewTree(tree, {
    path: pathOf(tree, path ?? "/"),
    ...(layer !== undefined && { layer }),
    // What a layer did is seldom all in one folder.
    isDeep: isTree || path === undefined,
    top: top ?? VIEW_ROWS,
  });
}

function pathOf(tree: ImageTree, text: string): number {
  const found = findPath(tree, text);
  if (found.kind === "found") return found.path;
  const { folder, isLink, entries, name } = found;
  if (isLink) throw throughLink(folder, name);
  const there = entries.length > 0 ? `, which has ${listNearest(name, entries)}` : "";
  const what = `there is no ${quoted(name)} in ${quoted(folder)}${there}${suggestion(name, entries)}`;
  throw new UserError([{ where: "--path", what }]);
}

/** What a link leads to is at a path of its own, and counted there. */
function throughLink(link: string, name: string): UserError {
  const what = `${quoted(link)} is a symbolic link, which is not followed: look for ${quoted(name)} in the folder that it leads to`;
  return new UserError([{ where: "--path", what }]);
}

function noSuchLayer(layer: number, count: number): UserError {
  const some = count === 1 ? "there is only 0" : `they go from 0 to ${count - 1}`;
  const allowed = count === 0 ? "it has none" : some;
  const what = `the image has no layer ${layer}; ${allowed}`;
  return new UserError([{ where: "--layer", what }]);
}
