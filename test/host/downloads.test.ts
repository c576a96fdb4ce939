import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
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
  const { signal } = new AbortController();
  download = createDownload({ files, signal, pauseMilliseconds: 1, silenceMilliseconds: 300 });
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

/** Answers wrongly so many times, then with `bytes`. */
function failsAtFirst(times: number, fail: (response: ServerResponse) => void): RequestListener {
  let answered = 0;
  return (_request, response) => {
    answered += 1;
    if (answered <= times) fail(response);
    else response.end("bytes");
  };
}

function breakOff(response: ServerResponse): void {
  response.writeHead(200, { "content-length": "100" });
  response.write("half", () => response.destroy());
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

test("what is not there is not asked for again", async () => {
  const tries: string[] = [];
  await using server = await serve((request, response) => {
    tries.push(request.url ?? "");
    response.writeHead(404).end();
  });
  await download(server.url, "file");
  expect(tries).toHaveLength(1);
});

test.each([408, 429, 500, 502, 503, 504])("an answer of %d is asked for again", async (status) => {
  await using server = await serve(failsAtFirst(1, (response) => response.writeHead(status).end()));
  expect(await download(server.url, "file")).toEqual({ kind: "ok", value: { bytes: 5 } });
});

test("a server that stays busy is given up at the third try", async () => {
  await using server = await serve(failsAtFirst(3, (response) => response.writeHead(429).end()));
  const reply = await download(server.url, "file");
  expect(reply).toEqual({ kind: "refused", status: 429, message: "Too Many Requests" });
});

test("a server that says when to come again is asked then", async () => {
  const busy = { "retry-after": "1" };
  await using server = await serve(
    failsAtFirst(1, (response) => response.writeHead(429, busy).end()),
  );
  const start = performance.now();
  expect(await download(server.url, "file")).toMatchObject({ kind: "ok" });
  expect(performance.now() - start).toBeGreaterThanOrEqual(990);
});

test("a server that wants to be waited for too long is not waited for", async () => {
  const busy = { "retry-after": "3600" };
  await using server = await serve(
    failsAtFirst(1, (response) => response.writeHead(503, busy).end()),
  );
  expect(await download(server.url, "file")).toMatchObject({ kind: "refused", status: 503 });
});

test("a wait ends when the download is cancelled", async () => {
  const cancelled = new AbortController();
  await using server = await serve((_request, response) => {
    response.writeHead(429, { "retry-after": "30" }).end();
    setTimeout(() => cancelled.abort(), 50);
  });
  const reply = await download(server.url, "file", { signal: cancelled.signal });
  expect(reply).toEqual({ kind: "unreachable", message: "it was cancelled" });
});

test("a file that breaks off is asked for again", async () => {
  await using server = await serve(failsAtFirst(1, breakOff));
  expect(await download(server.url, "file")).toMatchObject({ kind: "ok" });
  expect(await files.readText("file")).toBe("bytes");
});

test("a server that says nothing is taken for gone", async () => {
  await using server = await serve(() => {});
  const reply = await download(server.url, "file");
  expect(reply).toEqual({ kind: "unreachable", message: "nothing came for 0.3 seconds" });
});

test("a server that stops in the middle is taken for gone, and nothing is written", async () => {
  await using server = await serve((_request, response) => response.write("half"));
  const reply = await download(server.url, "file");
  expect(reply).toEqual({ kind: "unreachable", message: "nothing came for 0.3 seconds" });
  expect(await files.list(".")).toEqual([]);
});

test("a server that is slow, but sends something now and then, is waited for", async () => {
  await using server = await serve((_request, response) => {
    for (const [at, letter] of [..."bytes"].entries()) {
      setTimeout(() => (at === 4 ? response.end(letter) : response.write(letter)), at * 120);
    }
  });
  expect(await download(server.url, "file")).toEqual({ kind: "ok", value: { bytes: 5 } });
});

test("a server that sends one byte after another without an end is too slow, and nothing is written", async () => {
  const requests: string[] = [];
  await using server = await serve((request, response) => {
    requests.push(request.url ?? "");
    const dripping = setInterval(() => response.write("b"), 50);
    response.on("close", () => clearInterval(dripping));
  });
  const { signal } = new AbortController();
  const impatient = createDownload({ files, signal, longestMilliseconds: 600 });
  expect(await impatient(server.url, "file")).toEqual({
    kind: "unreachable",
    message: "it took longer than 0.01 minutes",
  });
  // It would be as slow at the next try.
  expect(requests).toHaveLength(1);
  expect(await files.list(".")).toEqual([]);
});

test("a file that always breaks off is unreachable, and nothing is written", async () => {
  await using server = await serve((_request, response) => breakOff(response));
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
