// Which builder builds, and with which caches: one of our own only where a cache is asked for by
// name that the current one cannot write.

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
import { provideOwnBuilder } from "./own-builder.ts";
import { cacheSecrets } from "./runner-cache.ts";

type ChoiceHost = Pick<Host, "exec" | "files" | "env" | "log" | "kind" | "ci" | "mask">;

/** What a run builds with. */
export interface BuilderChoice {
  readonly builder: Builder;
  readonly caches: Caches;
}

/** Chooses by what is asked for and what can be had. No failure here is one of the run. */
export async function chooseBuilder(
  host: ChoiceHost,
  current: Builder,
  inputs: BuildInputs,
  key: CacheKey,
): Promise<BuilderChoice> {
  for (const secret of cacheSecrets(host)) host.mask(secret);
  const choose = (builder: Builder): BuilderChoice => ({
    builder,
    caches: chooseCaches(host, { inputs, key, builder }),
  });
  const chosen = choose(current);
  if (!needsCacheWriter(inputs) || !chosen.caches.writes || current.writesCache) return chosen;
  const without = "the docker driver with the older image store cannot write a cache";
  if (inputs.builder !== undefined) return withoutCache(chosen, without);
  const own = await provideOwnBuilder(host, inputs.buildkitImage);
  if (own.kind === "problem") {
    return withoutCache(chosen, `${without}, and no other builder can be had: ${own.problem.what}`);
  }
  host.log.info(`Building with a builder made for this: ${without}`);
  return choose(own.builder);
}

function withoutCache({ builder }: BuilderChoice, reason: string): BuilderChoice {
  return { builder, caches: { ...NO_CACHES, note: `Without the build cache: ${reason}.` } };
}
