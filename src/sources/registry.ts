// The reading half of a registry's protocol: manifests, blobs and tags of one repository.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pull

import { messageOf, ToolError } from "../errors.ts";
import { asList, asRecord } from "../foreign-json.ts";
import type { Host, HttpResponse } from "../host/host.ts";
import { oneReason } from "../one-line.ts";
import type { ImageReference } from "../plan/image-reference.ts";
import { wrong } from "./choose-image.ts";
import { type FoundCredentials, findCredentials } from "./docker-credentials.ts";
import { answerChallenge, isLoopback, parseChallenge } from "./registry-access.ts";
import { parseJson, smallBytes, smallText } from "./small-answers.ts";

/** What is needed of a host to talk to a registry. */
export type RegistryHost = Pick<Host, "http" | "exec" | "env" | "mask" | "log"> & {
  readonly files: Pick<Host["files"], "readText" | "stat">;
};

const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const MOST_REDIRECTS = 5;
/** How often a blob is gone on with where the connection broke. */
const MOST_RESUMPTIONS = 4;

/** One repository of a registry, read with the user's own credentials. */
export class Repository {
  readonly #host: RegistryHost;
  readonly #reference: ImageReference;
  readonly #address: string;
  #authorization: string | undefined;
  #credentials: Promise<FoundCredentials> | undefined;

  constructor(host: RegistryHost, reference: ImageReference) {
    this.#host = host;
    this.#reference = reference;
    this.#address = `${originOf(reference.registry)}/v2/${reference.path}`;
  }

  /**
   * A manifest or an index, as it is stored; undefined when there is none.
   * @param name a tag or a digest
   * @throws UserError when it may not be read; ToolError when the registry does not do its work
   */
  async manifest(name: string): Promise<Buffer | undefined> {
    const response = await this.#get(`/manifests/${name}`, { accept: MANIFEST_TYPES });
    if (response.status === 200) return await this.#document(response, name);
    if (response.status !== 404) throw await this.#refused(response, name);
    response.discard();
    return undefined;
  }

  /** Tags of the repository, a thousand at the most; none when the registry does not tell. */
  async tags(): Promise<readonly string[]> {
    const response = await this.#get("/tags/list?n=1000", {});
    const text = (await this.#whole(response)).toString("utf8");
    if (response.status !== 200) return [];
    const { tags } = asRecord(parseJson(text));
    return asList(tags).filter((tag) => typeof tag === "string");
  }

  /** A blob's bytes. Where the connection breaks, the rest is asked for. */
  async *blob(digest: string): AsyncGenerator<Uint8Array> {
    let received = 0;
    for (let resumptions = 0; ; resumptions++) {
      const range: Record<string, string> = received > 0 ? { range: `bytes=${received}-` } : {};
      const response = await this.#get(`/blobs/${digest}`, range);
      // The connection broke when there was nothing more to come.
      if (response.status === 416 && received > 0) {
        response.discard();
        return;
      }
      if (response.status !== 200 && response.status !== 206) {
        throw await this.#refused(response, digest);
      }
      // Not every registry goes on where it is asked to.
      let toSkip = response.status === 206 ? 0 : received;
      try {
        for await (const piece of response.body) {
          const fresh = piece.subarray(Math.min(toSkip, piece.length));
          toSkip -= piece.length - fresh.length;
          received += fresh.length;
          yield fresh;
        }
        return;
      } catch (error) {
        if (resumptions === MOST_RESUMPTIONS) throw error;
        this.#host.log.debug(`${digest} broke off after ${received} bytes: ${messageOf(error)}`);
      }
    }
  }

  /** Asks; when the registry wants to know who does, says so and asks once more. */
  async #get(path: string, headers: Readonly<Record<string, string>>): Promise<HttpResponse> {
    const url = `${this.#address}${path}`;
    const first = await this.#send(url, headers);
    if (first.status !== 401) return first;
    const challenge = parseChallenge(first.headers.get("www-authenticate") ?? "");
    first.discard();
    if (challenge === undefined) throw await this.#unauthorized();
    const scope = `repository:${this.#reference.path}:pull`;
    const { credentials } = await this.#findCredentials();
    this.#authorization = await answerChallenge(this.#host.http, challenge, credentials, scope);
    const second = await this.#send(url, headers);
    if (second.status !== 401) return second;
    second.discard();
    throw await this.#unauthorized();
  }

  /** Follows redirects. What lets us in is for the registry alone. */
  async #send(from: string, headers: Readonly<Record<string, string>>): Promise<HttpResponse> {
    let url = new URL(from);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const isRegistry = url.origin === new URL(this.#address).origin;
      const authorization = isRegistry ? this.#authorization : undefined;
      const reply = await this.#host.http(url.href, {
        headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      });
      if (reply.kind === "unreachable") throw failed(url, `cannot be reached: ${reply.message}`);
      const location = reply.headers.get("location");
      if (!REDIRECTS.includes(reply.status) || location === undefined) return reply;
      reply.discard();
      const next = URL.parse(location, url.href);
      if (next === null) throw failed(url, "redirects to what is no address");
      if (url.protocol === "https:" && next.protocol !== "https:") {
        throw failed(url, `leads from HTTPS to ${next.protocol}//${next.host}`);
      }
      url = next;
    }
    throw failed(url, `redirects more than ${MOST_REDIRECTS} times`);
  }

  /** Portals that want a login answer everything with a page, and call it well. */
  async #document(response: HttpResponse, name: string): Promise<Buffer> {
    const bytes = await this.#whole(response);
    if (parseJson(bytes.toString("utf8")) !== undefined) return bytes;
    const address = new URL(this.#address);
    const type = oneReason(response.headers.get("content-type") ?? "something");
    throw failed(address, `answers ${type} for ${name}, which is no manifest`);
  }

  async #whole(response: HttpResponse): Promise<Buffer> {
    try {
      return await smallBytes(response);
    } catch (error) {
      throw failed(new URL(this.#address), `breaks off: ${messageOf(error)}`);
    }
  }

  #findCredentials(): Promise<FoundCredentials> {
    this.#credentials ??= findCredentials(this.#host, this.#reference.registry);
    return this.#credentials;
  }

  async #unauthorized(): Promise<Error> {
    const { registry, path } = this.#reference;
    const { credentials, trouble } = await this.#findCredentials();
    const whom = credentials === undefined ? "anybody" : "you";
    const login = registry === "docker.io" ? "docker login" : `docker login ${registry}`;
    const what = `${registry} has no ${path} that ${whom} may read; check the name, or run \`${login}\``;
    return wrong(trouble === undefined ? what : `${what}. ${trouble}`);
  }

  async #refused(response: HttpResponse, what: string): Promise<Error> {
    if (response.status === 403) {
      response.discard();
      return await this.#unauthorized();
    }
    const text = oneReason(await smallText(response).catch(() => ""));
    const address = new URL(this.#address);
    return failed(address, `answers ${response.status} for ${what}: ${text || "nothing more"}`);
  }
}

const REDIRECTS = [301, 302, 303, 307, 308];

/** HTTP is for registries on this machine alone. */
function originOf(registry: string): string {
  if (registry === "docker.io") return "https://registry-1.docker.io";
  const { hostname } = new URL(`https://${registry}`);
  return `${isLoopback(hostname) ? "http" : "https"}://${registry}`;
}

function failed(url: URL, what: string): ToolError {
  return new ToolError(`The registry ${url.host} ${what}`, {
    command: `GET ${url.origin}${url.pathname}`,
  });
}
