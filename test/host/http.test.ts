import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttp } from "../../src/host/http.ts";

let server: Server;
let address: string;

/** Settles when somebody has asked for what is never answered. */
const asked = Promise.withResolvers<void>();

beforeAll(async () => {
  server = createServer(async (request, response) => {
    switch (request.url) {
      case "/moved":
        response.writeHead(302, { location: "/elsewhere" }).end("gone");
        return;
      case "/silent":
        asked.resolve();
        return;
      case "/broken":
        response.writeHead(200, { "content-length": 100 });
        response.write("half", () => response.destroy());
        return;
      default:
        response.setHeader("X-Two", ["a", "b"]);
        response.end(`${request.method} ${request.headers.accept} ${await text(request)}`);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const http = createHttp(new AbortController().signal);

test("gives the answer, with its headers and its body", async () => {
  const reply = await http(`${address}/`, { headers: { accept: "text/plain" } });
  if (reply.kind !== "answered") throw new Error(reply.message);
  expect([reply.status, reply.headers.get("x-two")]).toEqual([200, "a, b"]);
  expect(await text(reply.body)).toBe("GET text/plain ");
});

test("posts a body", async () => {
  const reply = await http(`${address}/`, { method: "POST", body: "a=b" });
  if (reply.kind !== "answered") throw new Error(reply.message);
  expect(await text(reply.body)).toBe("POST undefined a=b");
});

test("follows no redirect", async () => {
  const reply = await http(`${address}/moved`);
  if (reply.kind !== "answered") throw new Error(reply.message);
  expect([reply.status, reply.headers.get("location")]).toEqual([302, "/elsewhere"]);
  reply.discard();
});

test("says that a connection broke while its body is read", async () => {
  const reply = await http(`${address}/broken`);
  if (reply.kind !== "answered") throw new Error(reply.message);
  await expect(text(reply.body)).rejects.toThrow();
});

test("says that nobody answers", async () => {
  const reply = await http("http://127.0.0.1:1/");
  expect(reply).toEqual({ kind: "unreachable", message: expect.stringContaining("ECONNREFUSED") });
});

test("asks nobody once the run is cancelled, and reads no further", async () => {
  const controller = new AbortController();
  const cancelled = createHttp(controller.signal);
  const reply = await cancelled(`${address}/`);
  controller.abort();
  if (reply.kind !== "answered") throw new Error(reply.message);
  await expect(text(reply.body)).rejects.toThrow();
  expect(await cancelled(`${address}/`)).toEqual({
    kind: "unreachable",
    message: "it was cancelled",
  });
});

test("stops waiting for an answer when it is cancelled", async () => {
  const cancelling = new AbortController();
  const reply = createHttp(cancelling.signal)(`${address}/silent`);
  await asked.promise;
  cancelling.abort();
  expect(await reply).toEqual({ kind: "unreachable", message: "it was cancelled" });
});
