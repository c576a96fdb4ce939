// Which builder builds, and with which caches: one of our own only where there is a cache that the
// current one cannot write, or images could not come out of it.

import type { Host } from "../../host/host.ts";
import { listOf, quoted } from "../../inputs/wording.ts";
import type { BuildInputs } from "../../model/inputs.ts";
import type { Plan } from "../../model/plan.ts";
import { externalImages } from "../../plan/external-images.ts";
import {
  type CacheRequest,
  type Caches,
  chooseCaches,
  NO_CACHES,
  needsCacheWriter,
} from "../cache/cache-places.ts";
import { cacheAnswers } from "../cache/cache-probe.ts";
import { cacheSecrets } from "../cache/runner-cache.ts";
import { savedNote } from "../delivery/save-delivery.ts";
import { type Builder, isEmpty } from "./builder.ts";
import { imagesOnlyInEngine } from "./engine-images.ts";
import { type OwnBuilder, type OwnBuilderRequest, provideOwnBuilder } from "./own-builder.ts";

type ChoiceHost = Pick<
  Host,
  "exec" | "files" | "env" | "log" | "kind" | "ci" | "mask" | "http" | "owner" | "signal"
>;

/** What decides about the builder of a run. */
export interface BuilderRequest extends CacheRequest {
  readonly inputs: BuildInputs;
  readonly plan: Plan;
}

/** What a run builds with. */
export interface BuilderChoice {
  readonly builder: Builder;
  /** Whether it has never built anything. Where no cache is read, nobody has asked. */
  readonly isBuilderNew: boolean;
  readonly caches: Caches;
  /** Where images can only be saved, why no other builder can be had. One sentence. */
  readonly note?: string;
  /** Where the builder was made for this: to be disposed of when the run is over. */
  readonly own?: OwnBuilder;
}

/**
 * Chooses by what is asked for and what can be had. No failure here is one of the run.
 * @throws the reason of the host's signal when the run is cancelled meanwhile
 */
export async function chooseBuilder(
  host: ChoiceHost,
  current: Builder,
  request: BuilderRequest,
): Promise<BuilderChoice> {
  for (const secret of cacheSecrets(host)) host.mask(secret);
  const choice = await chooseByNeed(host, current, request);
  if (choice.caches.usesGitHub !== true || (await cacheAnswers(host))) return choice;
  return withoutCache(choice, "GitHub's does not answer");
}

async function chooseByNeed(
  host: ChoiceHost,
  current: Builder,
  request: BuilderRequest,
): Promise<BuilderChoice> {
  const { inputs } = request;
  const caches = chooseCaches(host, request);
  const chosen = { builder: current, isBuilderNew: false, caches };
  // To read it takes the same BuildKit that wrote it: another knows the steps by other keys.
  const wantsCache = needsCacheWriter(inputs) && (caches.reads || caches.writes);
  const isCacheless = wantsCache && !current.writesCache;
  const isCutOff = canOnlySave(current);
  const lacks = [
    ...(isCacheless ? ["write a cache"] : []),
    ...(isCutOff ? ["export images from another machine"] : []),
  ];
  if (lacks.length === 0) {
    return { ...chosen, isBuilderNew: caches.reads && (await isEmpty(host, current)) };
  }
  const without = `the docker driver with the older image store cannot ${lacks.join(" or ")}`;
  const leftAsItIs = (reason: string) => {
    if (isCacheless) host.log.info(`Building without the build cache: ${reason}`);
    const choice = isCacheless ? withoutCache(chosen, reason) : chosen;
    if (!isCutOff) return choice;
    const note = savedNote(reason);
    host.log.info(note);
    return { ...choice, note };
  };
  if (inputs.builder !== undefined) return leftAsItIs(without);
  const images = externalImages(request.plan, inputs.buildContexts);
  const unseen = await imagesOnlyInEngine(host, images);
  if (unseen.length > 0) return leftAsItIs(`${without}, and ${onlyInEngine(unseen)}`);
  const own = await provideOwnBuilder(host, ownBuilderRequest(inputs, images));
  if (own.kind === "problem") {
    return leftAsItIs(`${without}, and no other builder can be had: ${own.what}`);
  }
  host.log.info(`Building with a builder made for this, on the machine's network: ${without}`);
  const { builder, isNew: isBuilderNew } = own.own;
  return { builder, isBuilderNew, caches, own: own.own };
}

/**
 * Another builder than the engine's own, for when that is stuck; undefined where none can be had.
 * @throws the reason of the host's signal when the run is cancelled meanwhile
 */
export async function provideSpareBuilder(
  host: ChoiceHost,
  { inputs, plan }: Pick<BuilderRequest, "inputs" | "plan">,
): Promise<OwnBuilder | undefined> {
  const images = externalImages(plan, inputs.buildContexts);
  if ((await imagesOnlyInEngine(host, images)).length > 0) return undefined;
  const own = await provideOwnBuilder(host, ownBuilderRequest(inputs, images));
  return own.kind === "found" ? own.own : undefined;
}

function onlyInEngine(images: readonly string[]): string {
  const [is, them] = images.length === 1 ? ["is", "it"] : ["are", "them"];
  const names = listOf(images.map(quoted));
  return `${names} ${is} in no registry, only in the engine, where no other builder sees ${them}`;
}

function ownBuilderRequest(inputs: BuildInputs, images: readonly string[]): OwnBuilderRequest {
  const { cache, buildkitImage: image } = inputs;
  const kept = cache?.kind === "registry" ? [cache.repository] : [];
  return { images: [...images, ...kept], ...(image !== undefined && { image }) };
}

/** The older image store exports nothing, and what it saves has no compressed layers to weigh. */
function canOnlySave({ store, reachesLoopback }: Builder): boolean {
  return store === "graph" && !reachesLoopback;
}

function withoutCache(choice: BuilderChoice, reason: string): BuilderChoice {
  return { ...choice, caches: { ...NO_CACHES, note: `Without the build cache: ${reason}.` } };
}
