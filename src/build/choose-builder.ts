// Which builder builds, and with which caches: one of our own only where there is a cache that the
// current one cannot write, or images could not come out of it.

import type { Host } from "../host/host.ts";
import type { BuildInputs } from "../model/inputs.ts";
import type { Builder } from "./builder.ts";
import {
  type CacheKey,
  type Caches,
  chooseCaches,
  NO_CACHES,
  needsCacheWriter,
} from "./cache-places.ts";
import { cacheAnswers } from "./cache-probe.ts";
import { provideOwnBuilder } from "./own-builder.ts";
import { cacheSecrets } from "./runner-cache.ts";
import { savedNote } from "./save-delivery.ts";

type ChoiceHost = Pick<Host, "exec" | "files" | "env" | "log" | "kind" | "ci" | "mask" | "http">;

/** What a run builds with. */
export interface BuilderChoice {
  readonly builder: Builder;
  readonly caches: Caches;
  /** Where images can only be saved, why no other builder can be had. One sentence. */
  readonly note?: string;
}

/** Chooses by what is asked for and what can be had. No failure here is one of the run. */
export async function chooseBuilder(
  host: ChoiceHost,
  current: Builder,
  inputs: BuildInputs,
  key: CacheKey,
): Promise<BuilderChoice> {
  for (const secret of cacheSecrets(host)) host.mask(secret);
  const choice = await chooseByNeed(host, current, inputs, key);
  if (choice.caches.usesGitHub !== true || (await cacheAnswers(host))) return choice;
  return withoutCache(choice, "GitHub's does not answer");
}

async function chooseByNeed(
  host: ChoiceHost,
  current: Builder,
  inputs: BuildInputs,
  key: CacheKey,
): Promise<BuilderChoice> {
  const caches = chooseCaches(host, { inputs, key });
  const chosen = { builder: current, caches };
  // To read it takes the same BuildKit that wrote it: another knows the steps by other keys.
  const wantsCache = needsCacheWriter(inputs) && (caches.reads || caches.writes);
  const isCacheless = wantsCache && !current.writesCache;
  const isCutOff = canOnlySave(current);
  const lacks = [
    ...(isCacheless ? ["write a cache"] : []),
    ...(isCutOff ? ["export images from another machine"] : []),
  ];
  if (lacks.length === 0) return chosen;
  const without = `the docker driver with the older image store cannot ${lacks.join(" or ")}`;
  const leftAsItIs = (reason: string) => {
    const choice = isCacheless ? withoutCache(chosen, reason) : chosen;
    if (!isCutOff) return choice;
    const note = savedNote(reason);
    host.log.info(note);
    return { ...choice, note };
  };
  if (inputs.builder !== undefined) return leftAsItIs(without);
  const own = await provideOwnBuilder(host, inputs.buildkitImage);
  if (own.kind === "problem") {
    return leftAsItIs(`${without}, and no other builder can be had: ${own.problem.what}`);
  }
  host.log.info(`Building with a builder made for this: ${without}`);
  return { builder: own.builder, caches };
}

/** The older image store exports nothing, and what it saves has no compressed layers to weigh. */
function canOnlySave({ store, reachesLoopback }: Builder): boolean {
  return store === "graph" && !reachesLoopback;
}

function withoutCache(choice: BuilderChoice, reason: string): BuilderChoice {
  return { ...choice, caches: { ...NO_CACHES, note: `Without the build cache: ${reason}.` } };
}
