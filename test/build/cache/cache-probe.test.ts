import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { cacheAnswers } from "../../../src/build/cache/cache-probe.ts";
import { createHttp } from "../../../src/host/http.ts";

/** Asks a cache on loopback that deals with requests like this. */
async function ask(
  listener: RequestListener,
  more: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const stop = new AbortController();
  try {
    const address = `http://127.0.0.1:${port}/`;
    const env = { ACTIONS_RESULTS_URL: address, ACTIONS_RUNTIME_TOKEN: "t", ...more };
    return await cacheAnswers({ http: createHttp(stop.signal), env }, 0.2);
  } finally {
    stop.abort();
    server.closeAllConnections();
    server.close();
  }
}

describe("a cache", () => {
  it.each([200, 401, 404])("that answers %d is there, whatever it says", async (status) => {
    expect(await ask((_, response) => response.writeHead(status).end("{}"))).toBe(true);
  });

  it("that never answers is found out", async () => {
    expect(await ask(() => {})).toBe(false);
  });

  it("that never answers is found out where the runner names the first version's too", async () => {
    const both = { ACTIONS_CACHE_URL: "http://127.0.0.1:9/", ACTIONS_CACHE_SERVICE_V2: "True" };
    expect(await ask(() => {}, both)).toBe(false);
  });

  it("of an Enterprise Server is not asked: it speaks the first version of the protocol", async () => {
    const http = () => Promise.reject(new Error("it was asked"));
    const address = "http://127.0.0.1:9/";
    const env = { ACTIONS_RESULTS_URL: address, ACTIONS_CACHE_URL: address };
    expect(await cacheAnswers({ http, env })).toBe(true);
  });
});
