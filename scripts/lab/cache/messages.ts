// The messages of GitHub's cache service as GitHub publishes them: the code that its own client has
// been generated from the protocol's description. A request with a field that is not in it is wrong.

import { isObject } from "../github/json.ts";

/** The methods that clients use. */
export const METHODS = [
  "CreateCacheEntry",
  "FinalizeCacheEntryUpload",
  "GetCacheEntryDownloadURL",
] as const;
export type Method = (typeof METHODS)[number];

export const SERVICE = "github.actions.results.api.v1.CacheService";

/** What a request says, by the names of the published fields; empty where nothing is said. */
export interface CacheRequest {
  readonly key: string;
  readonly version: string;
  readonly restoreKeys: readonly string[];
  /** Bytes, in decimal. */
  readonly sizeBytes: string;
}

/** Reads a request. Throws where it is not what is published. */
export function readRequest(method: Method, json: unknown): CacheRequest {
  const read = types[method].fromJson(json, { ignoreUnknownFields: false });
  const message = isObject(read) ? read : {};
  const { key = "", version = "", restoreKeys, sizeBytes = "0" } = message;
  return {
    key: String(key),
    version: String(version),
    restoreKeys: Array.isArray(restoreKeys) ? restoreKeys.map(String) : [],
    sizeBytes: String(sizeBytes),
  };
}

/** The part of a generated type that is used here. */
interface MessageType {
  fromJson(json: unknown, options: { readonly ignoreUnknownFields: boolean }): unknown;
}

const types = await loadTypes();

async function loadTypes(): Promise<Readonly<Record<Method, MessageType>>> {
  // The package exports its own functions alone.
  const main = import.meta.resolve("@actions/cache");
  const generated = await import(new URL("generated/results/api/v1/cache.js", main).href);
  const typeOf = (method: Method): MessageType => generated[`${method}Request`];
  return {
    CreateCacheEntry: typeOf("CreateCacheEntry"),
    FinalizeCacheEntryUpload: typeOf("FinalizeCacheEntryUpload"),
    GetCacheEntryDownloadURL: typeOf("GetCacheEntryDownloadURL"),
  };
}
