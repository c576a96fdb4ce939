// GitHub's cache service on loopback, in its second version: Twirp over HTTP, with JSON, entries in
// Azure's blob store. Clients are BuildKit's `type=gha` and `@actions/cache`.
// https://github.com/actions/toolkit/tree/main/packages/cache/src/generated/results/api/v1

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { BlobStore } from "../blob-store.ts";
import { type Container, openContainer } from "./container.ts";
import { Entries, type Entry } from "./entries.ts";
import { type CacheRequest, METHODS, type Method, readRequest, SERVICE } from "./messages.ts";
import { makeToken, readToken, type Scope } from "./token.ts";

/** How the service fails a request. */
export type CacheFault = Failure | StalledDownload;

type Failure =
  | { readonly kind: "status"; readonly status: 403 | 429 | 500; readonly retryAfter?: number }
  /** Takes the request and never answers. */
  | { readonly kind: "stall" };

/** Answers; whoever then asks for what the entry holds waits for ever. */
interface StalledDownload {
  readonly kind: "stalled download";
}

export interface Misbehaviour {
  readonly fault: CacheFault;
  /** Default: all. */
  readonly methods?: readonly Method[];
  /** Only of entries with such a key. Default: all. */
  readonly keys?: RegExp;
  /** How often. Default: always. */
  readonly times?: number;
}

/** One request and what became of it. */
export interface CacheExchange {
  readonly method: string;
  readonly key: string;
  readonly status: number | undefined;
}

/** The service, with one repository's entries. */
export interface CacheService extends AsyncDisposable {
  readonly url: string;
  /** The variables that a runner gives to a job which may do this. */
  variables(scopes: readonly Scope[]): Readonly<Record<string, string>>;
  readonly exchanges: readonly CacheExchange[];
  /** Those that are whole, oldest first. */
  entries(): readonly Entry[];
  misbehave(misbehaviour: Misbehaviour): void;
  behave(): void;
  /** Forgets entries; with `bytes`, the entries stay and what they hold is gone. */
  lose(which: (entry: Entry) => boolean, what: "entries" | "bytes"): Promise<void>;
}

/** Starts the service over a blob store. Disposing of it removes what it has stored. */
export async function startCacheService(store: BlobStore): Promise<CacheService> {
  const container = await openContainer(store, `cache-${randomUUID()}`);
  const desk = new Desk(container);
  const server = createServer((request, response) => {
    desk.serve(request, response).catch((error: unknown) => {
      // Whoever gives up in the middle makes no mistake of ours.
      if (request.complete) desk.mistakes.push(String(error));
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port to listen on");
  const url = `http://127.0.0.1:${address.port}/`;
  return {
    url,
    variables: (scopes) => ({
      ACTIONS_RESULTS_URL: url,
      // A runner names the first version's service too, which nobody asks any more.
      ACTIONS_CACHE_URL: "http://127.0.0.1:9/",
      ACTIONS_RUNTIME_TOKEN: makeToken(desk.key, scopes),
      ACTIONS_CACHE_SERVICE_V2: "True",
    }),
    exchanges: desk.exchanges,
    entries: () => desk.entries.whole,
    misbehave: (misbehaviour) => desk.faults.push({ ...misbehaviour }),
    behave: () => desk.faults.splice(0),
    async lose(which, what) {
      for (const entry of desk.entries.whole.filter(which)) await container.remove(entry.blob);
      if (what === "entries") desk.entries.evict(which);
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      await container.drop();
      if (desk.mistakes.length > 0) throw new Error(`Cache service: ${desk.mistakes.join("\n")}`);
    },
  };
}

interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Longest key: https://github.com/actions/toolkit/blob/main/packages/cache/src/cache.ts */
const KEY_CHARACTERS = 512;

class Desk {
  readonly key = randomUUID();
  readonly entries = new Entries();
  readonly exchanges: CacheExchange[] = [];
  readonly faults: (Misbehaviour & { times?: number })[] = [];
  /** Requests that no client should have made. */
  readonly mistakes: string[] = [];
  readonly #container: Container;

  constructor(container: Container) {
    this.#container = container;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith(`/${NEVER}`) === true) return;
    const body = await text(request);
    const method = METHODS.find((name) => request.url === `/twirp/${SERVICE}/${name}`);
    if (method === undefined || request.method !== "POST") {
      this.mistakes.push(`${request.method} ${request.url}: there is no such method`);
      return send(response, refusal(404, "bad_route", "no such method"));
    }
    const asked = this.#read(method, request, body);
    const fault = this.#strike(method, asked?.key ?? "");
    const isRefused = fault !== undefined && fault.kind !== "stalled download";
    const answer = isRefused ? failing(fault) : await this.#answer(method, request, asked);
    const reply = fault?.kind === "stalled download" ? neverArriving(answer, request) : answer;
    this.exchanges.push({ method, key: asked?.key ?? "", status: reply?.status });
    // A request that nobody answers ends with the connection.
    if (reply !== undefined) send(response, reply);
  }

  #read(method: Method, request: IncomingMessage, body: string): CacheRequest | undefined {
    try {
      if (request.headers["content-type"] !== "application/json") throw new Error("not JSON");
      return readRequest(method, JSON.parse(body));
    } catch (error) {
      this.mistakes.push(`${method}: ${error}: ${body}`);
      return undefined;
    }
  }

  #strike(method: Method, key: string): CacheFault | undefined {
    const next = this.faults.find(
      ({ methods = METHODS, keys = /^/, times = 1 }) =>
        times > 0 && methods.includes(method) && keys.test(key),
    );
    if (next?.times !== undefined) next.times -= 1;
    return next?.fault;
  }

  async #answer(
    method: Method,
    request: IncomingMessage,
    asked: CacheRequest | undefined,
  ): Promise<Reply> {
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    const scopes = readToken(this.key, token);
    if (scopes === undefined) return refusal(401, "unauthenticated", "invalid token");
    if (asked === undefined) return refusal(400, "malformed", "not what is published");
    if (asked.key === "" || asked.key.length > KEY_CHARACTERS || asked.key.includes(",")) {
      return refusal(400, "invalid_argument", `bad key: ${asked.key}`);
    }
    if (!/^[0-9a-f]{64}$/.test(asked.version)) {
      return refusal(400, "invalid_argument", `bad version: ${asked.version}`);
    }
    switch (method) {
      case "CreateCacheEntry":
        return await this.#create(scopes, asked);
      case "FinalizeCacheEntryUpload":
        return await this.#finish(scopes, asked);
      case "GetCacheEntryDownloadURL":
        return await this.#look(scopes, asked);
    }
  }

  async #create(scopes: readonly Scope[], { key, version }: CacheRequest): Promise<Reply> {
    const scope = scopes.find(({ may }) => may === "write");
    if (scope === undefined) {
      const message = "cache write denied: the token has no scope that may be written";
      return { status: 200, body: { ok: false, message } };
    }
    const entry = this.entries.create(key, version, scope.ref);
    if (entry === undefined) return refusal(409, "already_exists", "cache entry already exists");
    const url = await this.#container.uploadUrl(entry.blob);
    return { status: 200, body: { ok: true, signed_upload_url: url } };
  }

  async #finish(scopes: readonly Scope[], asked: CacheRequest): Promise<Reply> {
    const ref = scopes.find(({ may }) => may === "write")?.ref ?? "";
    const entry = this.entries.find(asked.key, asked.version, ref);
    if (entry === undefined) return refusal(404, "not_found", "no such entry");
    const bytes = await this.#container.bytes(entry.blob);
    if (String(bytes) !== asked.sizeBytes) {
      return refusal(400, "invalid_argument", `${asked.sizeBytes} bytes said, ${bytes} there`);
    }
    entry.size = bytes;
    return { status: 200, body: { ok: true, entry_id: String(entry.id) } };
  }

  async #look(scopes: readonly Scope[], asked: CacheRequest): Promise<Reply> {
    const entry = this.entries.look(scopes, asked.key, asked.restoreKeys, asked.version);
    if (entry === undefined) return { status: 200, body: { ok: false } };
    const url = await this.#container.downloadUrl(entry.blob);
    const body = { ok: true, signed_download_url: url, matched_key: entry.key };
    return { status: 200, body };
  }
}

/** What begins an address from which nothing comes. */
const NEVER = "never";

/** The reply, with such an address where it has one. */
function neverArriving(reply: Reply | undefined, { headers }: IncomingMessage): Reply | undefined {
  if (reply === undefined || !("signed_download_url" in reply.body)) return reply;
  const signed_download_url = `http://${headers.host}/${NEVER}/${randomUUID()}?sig=none`;
  return { ...reply, body: { ...reply.body, signed_download_url } };
}

function failing(fault: Failure): Reply | undefined {
  switch (fault.kind) {
    case "stall":
      return undefined;
    case "status": {
      const { status, retryAfter } = fault;
      const code = { 403: "permission_denied", 429: "resource_exhausted", 500: "internal" }[status];
      const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      return { ...refusal(status, code, `the service says ${status}`), headers };
    }
  }
}

/** https://twitchtv.github.io/twirp/docs/errors.html */
function refusal(status: number, code: string, msg: string): Reply {
  return { status, body: { code, msg } };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
