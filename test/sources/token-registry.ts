// A registry on loopback that wants to know who asks, in whichever way a test says.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { CraftedLayout } from "../inspect/crafted-layout.ts";

export interface RegistryOptions {
  readonly layout: CraftedLayout;
  /** Digests by tag. */
  readonly tags: Readonly<Record<string, string>>;
  /** How it wants to be told who asks. Default: not at all. */
  readonly access?: "token" | "basic";
  /** `user:password` that may read; default: anybody may, with a token. */
  readonly account?: string;
  /** Token that is given for others. */
  readonly refreshToken?: string;
  /** Where blobs are instead: another server. */
  readonly blobsAt?: string;
  /** After so many bytes the connection breaks, the first time that a blob is asked for. */
  readonly breaksAfter?: number;
  /** All of a blob arrives, and then the connection breaks before it has ended. */
  readonly breaksAtEnd?: boolean;
}

export interface TokenRegistry extends AsyncDisposable {
  /** `127.0.0.1:41234` */
  readonly host: string;
  /** `GET /v2/shop/manifests/1 Bearer letmein`. */
  readonly requests: string[];
}

const TOKEN = "letmein";

/** Has the repository `shop`. */
export async function startRegistry(options: RegistryOptions): Promise<TokenRegistry> {
  const requests: string[] = [];
  const broken = new Set<string>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? "-"}`);
    void answer(request, response, options, hostOf(server), broken);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    host: hostOf(server),
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: RegistryOptions,
  host: string,
  broken: Set<string>,
): Promise<void> {
  const url = new URL(request.url ?? "/", `http://${host}`);
  if (url.pathname === "/token") return await giveToken(request, response, url, options);
  if (!isLetIn(request, options)) return challenge(response, options, host);
  const [kind, name = ""] = url.pathname.slice("/v2/shop/".length).split("/");
  switch (kind) {
    case "tags":
      return send(response, 200, JSON.stringify({ name: "shop", tags: Object.keys(options.tags) }));
    case "manifests":
      return sendBlob(response, options, options.tags[name] ?? name);
    case "blobs":
      if (options.blobsAt !== undefined) {
        response.writeHead(307, { location: `${options.blobsAt}${url.pathname}` }).end();
        return;
      }
      return sendBlobPart(request, response, options, name, broken);
    default:
      return send(response, 404, '{"errors":[{"code":"NAME_UNKNOWN"}]}');
  }
}

function isLetIn({ headers }: IncomingMessage, { access, account = "" }: RegistryOptions): boolean {
  if (access === undefined) return true;
  const wanted = access === "token" ? `Bearer ${TOKEN}` : basic(account);
  return headers.authorization === wanted;
}

function challenge(response: ServerResponse, { access }: RegistryOptions, host: string): void {
  const token = `Bearer realm="http://${host}/token",service="the registry",scope="repository:shop:pull"`;
  const header = access === "token" ? token : 'Basic realm="the registry"';
  response.writeHead(401, { "www-authenticate": header }).end("{}");
}

async function giveToken(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { account, refreshToken }: RegistryOptions,
): Promise<void> {
  const form = new URLSearchParams(request.method === "POST" ? await text(request) : url.search);
  const isKnown =
    request.method === "POST"
      ? form.get("refresh_token") === refreshToken
      : account === undefined || request.headers.authorization === basic(account);
  const isWhole = form.get("service") === "the registry" && form.get("scope") !== null;
  const key = request.method === "POST" ? "access_token" : "token";
  if (isKnown && isWhole) send(response, 200, JSON.stringify({ [key]: TOKEN }));
  else send(response, 401, "{}");
}

function sendBlob(response: ServerResponse, { layout }: RegistryOptions, digest: string): void {
  const bytes = layout.blobs.get(digest);
  if (bytes === undefined) send(response, 404, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
  else response.writeHead(200).end(bytes);
}

function sendBlobPart(
  request: IncomingMessage,
  response: ServerResponse,
  { layout, breaksAfter, breaksAtEnd }: RegistryOptions,
  digest: string,
  broken: Set<string>,
): void {
  const bytes = layout.blobs.get(digest);
  if (bytes === undefined) {
    send(response, 404, "{}");
    return;
  }
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
  if (start !== undefined && Number(start) >= bytes.length) {
    send(response, 416, "{}");
    return;
  }
  const part = bytes.subarray(Number(start ?? 0));
  if (breaksAtEnd === true) {
    response.writeHead(200).write(part, () => response.destroy());
    return;
  }
  const length = { "content-length": part.length };
  response.writeHead(start === undefined ? 200 : 206, length);
  if (breaksAfter === undefined || broken.has(digest) || part.length <= breaksAfter) {
    response.end(part);
    return;
  }
  broken.add(digest);
  response.write(part.subarray(0, breaksAfter), () => response.destroy());
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status).end(body);
}

function basic(account: string): string {
  return `Basic ${Buffer.from(account).toString("base64")}`;
}
