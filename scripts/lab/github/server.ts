import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { contractOf } from "./contract.ts";
import { loadDescription } from "./description.ts";
import type { Processing } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { type Answer, answer, type Rules } from "./exchange.ts";
import type { Misbehaviour } from "./faults.ts";
import type { RepositorySeed, TokenSeed } from "./seed.ts";
import { tokenOf } from "./seed.ts";
import type { Repository } from "./state.ts";
import {
  addRepository,
  createWorld,
  type Exchange,
  findRepository,
  type Violation,
  type World,
  type WorldSeed,
  worldDocument,
} from "./world.ts";

/** How to start the stand-in. */
export interface GitHubOptions extends WorldSeed {
  /** Default: any free one. */
  readonly port?: number;
  /** Where pages for people are said to be. Default `https://github.com`. */
  readonly pages?: string;
  /** Path that the API is below, `/api/v3` on a GitHub Enterprise Server. Default: none. */
  readonly apiPath?: string;
  /** The clock of everything that gets a time. */
  readonly now?: () => Date;
}

/** GitHub's REST API on loopback, as far as an action for pull requests goes. */
export interface GitHubStandIn {
  /** What `GITHUB_API_URL` is set to, as in `http://127.0.0.1:4567`. */
  readonly url: string;
  /** A repository's state, to be read and changed. Throws when there is none of that name. */
  readonly repository: (name: string) => Repository;
  readonly addRepository: (seed: RepositorySeed) => Repository;
  readonly addToken: (seed: TokenSeed) => void;
  /** Every request so far, in order. */
  readonly exchanges: readonly Exchange[];
  /** Requests that do not fit GitHub's description of its API. */
  readonly violations: readonly Violation[];
  /** The violations so far, and forgets them: for a test that means them to happen. */
  readonly takeViolations: () => readonly Violation[];
  /** Makes requests fail from now on. */
  readonly misbehave: (misbehaviour: Misbehaviour) => void;
  /** Forgets the faults that are still to come. */
  readonly behave: () => void;
  /** How code scanning deals with uploads from now on. */
  readonly processing: Processing;
  /** Throws when a request or one of the stand-in's own replies did not fit. */
  readonly assertClean: () => void;
  /** Cuts every connection, and then throws as `assertClean` does. */
  readonly close: () => Promise<void>;
}

/** Starts the stand-in. It listens when the promise is kept. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  const rules = await loadRules();
  const server = createServer();
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port to listen on");
  const links = {
    api: `http://127.0.0.1:${address.port}${options.apiPath ?? ""}`,
    pages: options.pages ?? "https://github.com",
  };
  const world = createWorld(options, links, options.now ?? (() => new Date()));
  server.on("request", (request, response) => {
    serve(world, rules, request, response).catch((error: unknown) => {
      world.mistakes.push(String(error));
      response.destroy();
    });
  });
  return standIn(world, async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  });
}

let loaded: Promise<Rules> | undefined;

/** Reading the description takes a tenth of a second: once a process is enough. */
function loadRules(): Promise<Rules> {
  loaded ??= loadDescription({ operations: Object.keys(endpoints) }).then((description) => ({
    description,
    contract: contractOf(description),
  }));
  return loaded;
}

function standIn(world: World, stop: () => Promise<void>): GitHubStandIn {
  return {
    url: world.links.api,
    repository: (name) => {
      const repository = findRepository(world, name);
      if (repository === undefined) throw new Error(`the stand-in has no repository ${name}`);
      return repository;
    },
    addRepository: (seed) => addRepository(world, seed),
    addToken: (seed) => {
      world.tokens.push(tokenOf(seed));
    },
    exchanges: world.exchanges,
    violations: world.violations,
    takeViolations: () => world.violations.splice(0),
    misbehave: world.faults.add,
    behave: world.faults.clear,
    processing: world.processing,
    assertClean: () => assertClean(world),
    close: async () => {
      await stop();
      assertClean(world);
    },
  };
}

function assertClean(world: World): void {
  const violations = world.violations.map(
    ({ method, path, operation, problems }) =>
      `${method} ${path} (${operation ?? "no operation"}): ${problems.join("; ")}`,
  );
  const all = [
    ...violations,
    ...world.mistakes.map((mistake) => `the stand-in itself: ${mistake}`),
  ];
  if (all.length > 0) throw new Error(`Against GitHub's API description:\n${all.join("\n")}`);
}

async function serve(
  world: World,
  rules: Rules,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const incoming = {
    method: request.method ?? "GET",
    url: request.url ?? "/",
    headers: request.headers,
    body: await text(request),
    id: requestId(),
  };
  if (incoming.url === "/__state") {
    send(response, { status: 200, headers: {}, body: JSON.stringify(worldDocument(world)) });
    return;
  }
  const given = answer(world, rules, incoming);
  const fault = given.strike?.fault;
  world.exchanges.push({
    method: incoming.method,
    path: incoming.url,
    operation: given.operation?.id,
    login: given.caller.kind === "token" ? given.caller.token.login : undefined,
    body: given.body,
    status: fault?.kind === "silence" ? undefined : given.reply.status,
    fault: fault?.kind,
  });
  const message = outgoing(given, incoming.id);
  if (fault?.kind === "silence") return;
  if (fault?.kind === "half a reply") return sendHalf(response, message);
  if (fault?.kind === "slow") await wait(fault.milliseconds, undefined, { ref: false });
  send(response, message);
}

interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function outgoing(given: Answer, id: string): Outgoing {
  const { status, headers, body } = given.reply;
  const limit = {
    "x-ratelimit-limit": "1000",
    "x-ratelimit-remaining": "987",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 3600),
    "x-ratelimit-used": "13",
    "x-ratelimit-resource": "core",
  };
  return {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-github-media-type": "github.v3; format=json",
      "x-github-request-id": id,
      ...limit,
      ...headers,
    },
    body: body === undefined ? "" : JSON.stringify(body),
  };
}

function send(response: ServerResponse, message: Outgoing): void {
  response.writeHead(message.status, message.headers);
  response.end(message.body);
}

/** Promises the whole body, sends the first half and breaks the connection. */
function sendHalf(response: ServerResponse, message: Outgoing): void {
  const body = Buffer.from(message.body);
  const length = String(body.byteLength);
  response.writeHead(message.status, { ...message.headers, "content-length": length });
  response.write(body.subarray(0, Math.floor(body.byteLength / 2)), () => response.destroy());
}

function requestId(): string {
  const hex = randomBytes(12).toString("hex").toUpperCase();
  return `${hex.slice(0, 4)}:${hex.slice(4, 10)}:${hex.slice(10, 24)}`;
}
