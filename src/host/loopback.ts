import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Loopback, LoopbackHandler, LoopbackRequest, LoopbackServer } from "./host.ts";

/** The real loopback: node's HTTP server on 127.0.0.1 and a port of the system's choice. */
export const loopback: Loopback = { serve };

async function serve(handle: LoopbackHandler): Promise<LoopbackServer> {
  const server = createServer((incoming, outgoing) => {
    answer(handle, incoming, outgoing).catch(() => outgoing.destroy());
  });
  // A layer may take minutes to arrive: node's default of five minutes a request is too short.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  handle: LoopbackHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await handle(requestFrom(incoming));
    // The rest of a body that the handler did not want is read away, or the client would hang.
    incoming.resume();
    outgoing.writeHead(response.status, response.headers);
    outgoing.end(incoming.method === "HEAD" ? undefined : response.body);
  } catch (error) {
    outgoing.writeHead(500, { "content-type": "text/plain" });
    outgoing.end(error instanceof Error ? error.message : String(error));
  }
}

function requestFrom(incoming: IncomingMessage): LoopbackRequest {
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  return {
    method: incoming.method ?? "GET",
    path: decodeURIComponent(url.pathname),
    query: new Map(url.searchParams),
    headers,
    body: incoming,
  };
}
