import type { Host } from "../../host/host.ts";
import { speaksSecondVersion } from "./runner-cache.ts";

/** Seconds in which the cache has to answer a question that it can answer at once. */
const ANSWER_SECONDS = 20;

const METHOD = "twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL";

/**
 * Whether GitHub's cache answers at all, whatever it says. BuildKit asks it without any bound, and
 * where no answer comes every build of that builder waits, with or without a cache:
 * https://github.com/moby/buildkit/blob/v0.33.0/solver/llbsolver/bridge.go
 */
export async function cacheAnswers(
  { http, env }: Pick<Host, "http" | "env">,
  seconds = ANSWER_SECONDS,
): Promise<boolean> {
  const { ACTIONS_RESULTS_URL: address, ACTIONS_RUNTIME_TOKEN: token = "" } = env;
  // The first version of the protocol is asked otherwise.
  if (!address || !speaksSecondVersion(env) || !URL.canParse(METHOD, address)) return true;
  const version = "0".repeat(64);
  const asking = http(new URL(METHOD, address).href, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ key: "weighbridge-probe", restore_keys: [], version }),
  }).then((reply) => {
    if (reply.kind === "answered") reply.discard();
    return reply.kind === "answered";
  });
  return await Promise.race([asking, noAnswer(seconds)]);
}

async function noAnswer(seconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  setTimeout(() => resolve(false), seconds * 1000).unref();
  return promise;
}
