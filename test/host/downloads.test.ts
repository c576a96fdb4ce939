import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDownload } from "../../src/host/downloads.ts";
import { createFiles } from "../../src/host/files.ts";
import type { Download, Files, TemporaryFolder } from "../../src/host/host.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";

let folder: TemporaryFolder;
let files: Files;
let download: Download;

beforeEach(async () => {
  folder = await makeTemporaryFolder("test", {});
  files = createFiles({ workspace: folder.path, env: {} });
  download = createDownload({ files, signal: new AbortController().signal });
});

afterEach(() => folder[Symbol.asyncDispose]());

/** A server of one handler, and its address. */
async function serve(handle: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

test("a file is written as it comes, and its size told", async () => {
  await using server = await serve((_request, response) => response.end("bytes"));
  const reply = await download(server.url, join(folder.path, "tools/file"));
  expect(reply).toEqual({ kind: "ok", value: { bytes: 5 } });
  expect(await files.readText("tools/file")).toBe("bytes");
});

test("a redirect is followed", async () => {
  await using server = await serve((request, response) => {
    if (request.url === "/new") response.end("moved");
    else response.writeHead(302, { location: "/new" }).end();
  });
  expect(await download(`${server.url}/old`, "file")).toMatchObject({ kind: "ok" });
  expect(await files.readText("file")).toBe("moved");
});

test("redirects that lead in a circle are given up", async () => {
  await using server = await serve((_request, response) =>
    response.writeHead(302, { location: "/" }).end(),
  );
  expect(await download(server.url, "file")).toEqual({
    kind: "unreachable",
    message: "more than 5 redirects",
  });
});

test("what is not there is refused, and nothing is written", async () => {
  await using server = await serve((_request, response) => response.writeHead(404).end("no"));
  const reply = await download(server.url, "file");
  expect(reply).toMatchObject({ kind: "refused", status: 404 });
  expect(await files.list(".")).toEqual([]);
});

test("a file that breaks off is unreachable, and nothing is written", async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  });
  expect(await download(server.url, "file")).toMatchObject({ kind: "unreachable" });
  expect(await files.list(".")).toEqual([]);
});

test("where nobody listens is unreachable", async () => {
  expect(await download("http://127.0.0.1:1/", "file")).toMatchObject({ kind: "unreachable" });
});

test("a download is cancelled before its first byte", async () => {
  const cancelled = new AbortController();
  await using server = await serve(() => cancelled.abort());
  const reply = await download(server.url, "file", { signal: cancelled.signal });
  expect(reply).toMatchObject({ kind: "unreachable" });
});

test("a download is cancelled in the middle", async () => {
  const cancelled = new AbortController();
  await using server = await serve((_request, response) => {
    response.write("half", () => setTimeout(() => cancelled.abort(), 50));
  });
  const reply = await download(server.url, "file", { signal: cancelled.signal });
  expect(reply).toMatchObject({ kind: "unreachable" });
  expect(await files.list(".")).toEqual([]);
});
