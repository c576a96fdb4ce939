import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { messageOf } from "../errors.ts";
import type { Loopback, LoopbackHandler, LoopbackRequest, LoopbackServer } from "./host.ts";

/** Servers on 127.0.0.1. `onError` is told what a handler threw. */
export function createLoopback(onError: (message: string) => void): Loopback {
  return { serve: (handle) => serve(handle, onError) };
}

async function serve(
  handle: LoopbackHandler,
  onError: (message: string) => void,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    answer(request, response, handle).catch((error: unknown) => {
      onError(`${request.method} ${request.url}: ${messageOf(error)}`);
      fail(response);
    });
  });
  // A layer may take longer than any timeout, and clients keep their connections for later.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  await listen(server);
  return {
    address: addressOf(server),
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: LoopbackHandler,
): Promise<void> {
  const parsed = parseRequest(request);
  if (parsed === undefined) return void response.writeHead(400).end();
  const { status, headers, body } = await handle(parsed);
  response.writeHead(status, headers).end(body);
  // What the handler left unread must not block the connection's next request.
  request.resume();
}

/** Undefined when the address is not one. */
function parseRequest(request: IncomingMessage): LoopbackRequest | undefined {
  try {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    return {
      method: request.method ?? "GET",
      path: decodeURIComponent(url.pathname),
      query: new Map(url.searchParams),
      headers: new Map(Object.entries(request.headers).map(([name, value]) => [name, `${value}`])),
      body: request,
    };
  } catch {
    return undefined;
  }
}

function fail(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(500).end();
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return `${address.address}:${address.port}`;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
