import { expect, test } from "vitest";
import type { LoopbackRequest } from "../../src/host/host.ts";
import { createLoopback } from "../../src/host/loopback.ts";

const problems: string[] = [];
const loopback = createLoopback((message) => problems.push(message));

test("a handler gets the request and its answer is sent", async () => {
  const seen: LoopbackRequest[] = [];
  await using server = await loopback.serve(async (request) => {
    seen.push(request);
    const chunks: Uint8Array[] = [];
    for await (const chunk of request.body) chunks.push(chunk);
    return { status: 201, headers: { "x-kind": "b" }, body: Buffer.concat(chunks).toString() };
  });
  const url = `http://${server.address}/v2/a%20b?digest=sha256%3Aab`;
  const response = await fetch(url, { method: "PUT", body: "bytes", headers: { "X-One": "1" } });
  expect(response.status).toBe(201);
  expect(response.headers.get("x-kind")).toBe("b");
  expect(await response.text()).toBe("bytes");
  expect(seen[0]).toMatchObject({ method: "PUT", path: "/v2/a b" });
  expect(seen[0]?.query.get("digest")).toBe("sha256:ab");
  expect(seen[0]?.headers.get("x-one")).toBe("1");
});

test("a handler that throws answers 500, and we are told why", async () => {
  await using server = await loopback.serve(async () => {
    throw new Error("no room left");
  });
  expect((await fetch(`http://${server.address}/a`)).status).toBe(500);
  expect(problems).toContain("GET /a: no room left");
});

test("an address that cannot be decoded is a bad request", async () => {
  await using server = await loopback.serve(async () => ({ status: 200 }));
  expect((await fetch(`http://${server.address}/%E0%A4%A`)).status).toBe(400);
});

test("a body that the handler leaves unread does not block the next request", async () => {
  await using server = await loopback.serve(async () => ({ status: 200, body: "ok" }));
  for (const _ of [1, 2, 3]) {
    const body = "x".repeat(200_000);
    const response = await fetch(`http://${server.address}/`, { method: "POST", body });
    expect(await response.text()).toBe("ok");
  }
});

test("nothing listens any more once it is disposed of", async () => {
  const server = await loopback.serve(async () => ({ status: 200 }));
  await server[Symbol.asyncDispose]();
  await expect(fetch(`http://${server.address}/`)).rejects.toThrow("fetch failed");
});
