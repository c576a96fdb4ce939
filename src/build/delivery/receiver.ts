// The receiving half of a registry, on loopback: BuildKit pushes images to it and they land in the
// layout. Blobs that the layout has are not sent again.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#push

import { randomUUID } from "node:crypto";
import { messageOf, systemCodeOf } from "../../errors.ts";
import type { Host, LoopbackRequest, LoopbackResponse } from "../../host/host.ts";
import type { Layout } from "../../state/layout.ts";
import { newImageName } from "./pushed-images.ts";

/** Manifests above this many bytes are refused, as registries do. */
const MANIFEST_BOUND = 4 * 1024 * 1024;

/** Where images can be pushed while it is open. */
export interface Receiver extends AsyncDisposable {
  /** `127.0.0.1:41234/…`: a tag makes it an image's name. Nobody can guess it. */
  readonly repository: string;
  /** What the system refused when something was to be kept, a full disk say. */
  failure(): Error | undefined;
  /** Whether anybody has come through to it. */
  wasReached(): boolean;
  /** When a piece of anything last arrived: milliseconds since 1970, or 0. */
  heardAt(): number;
}

/** Where images go, and who is told. */
export interface ReceiverOptions {
  readonly layout: Pick<Layout, "blobBytes" | "takeBlob" | "manifest">;
  /** Called when an image has arrived whole. */
  readonly onImage: (tag: string, digest: string) => void;
}

/** Opens the receiver on a free port of 127.0.0.1. */
export async function openReceiver(
  host: Pick<Host, "loopback" | "log" | "owner">,
  options: ReceiverOptions,
): Promise<Receiver> {
  // The name is the password: other users of the machine can reach the port but cannot guess it. It
  // is also the name of images in an engine, whose maker a later run must know were it killed.
  const name = newImageName(host);
  const receiver = new UploadEndpoint(name, options);
  let wasReached = false;
  let heardAt = 0;
  const hear = (): void => {
    heardAt = Date.now();
  };
  const server = await host.loopback.serve(async (request) => {
    wasReached = true;
    const response = await receiver.handle({ ...request, body: counted(request.body, hear) });
    host.log.debug(`receiver: ${request.method} ${request.path} → ${response.status}`);
    return response;
  });
  return {
    repository: `${server.address}/${name}`,
    failure: () => receiver.failure(),
    wasReached: () => wasReached,
    heardAt: () => heardAt,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The protocol, without the network. */
export class UploadEndpoint {
  readonly #name: string;
  readonly #options: ReceiverOptions;
  /** Uploads that were begun, and the digest of what has arrived, if anything has. */
  readonly #uploads = new Map<string, string | undefined>();
  /** Digests of the images that were pushed. */
  readonly #tags = new Map<string, string>();
  #failure: Error | undefined;

  constructor(name: string, options: ReceiverOptions) {
    this.#name = name;
    this.#options = options;
  }

  /** What the system refused first of all. */
  failure(): Error | undefined {
    return this.#failure;
  }

  /** Answers one request as a registry would. */
  async handle(request: LoopbackRequest): Promise<LoopbackResponse> {
    if (request.path === "/v2/" || request.path === "/v2") return { status: 200, body: "{}" };
    const prefix = `/v2/${this.#name}/`;
    if (!request.path.startsWith(prefix)) return refusal(404, "NAME_UNKNOWN", "no such repository");
    if (this.#failure !== undefined) return denial(this.#failure);
    const [kind, ...rest] = request.path.slice(prefix.length).split("/");
    const reference = rest.join("/");
    try {
      if (kind === "blobs" && reference.startsWith("uploads")) return await this.#upload(request);
      if (kind === "blobs") return await this.#findBlob(request, reference);
      if (kind === "manifests") return await this.#manifest(request, reference);
      return refusal(404, "UNSUPPORTED", "no such endpoint");
    } catch (error) {
      if (error instanceof Error && systemCodeOf(error) !== undefined) {
        this.#failure ??= error;
        return denial(error);
      }
      return refusal(400, "DIGEST_INVALID", messageOf(error));
    }
  }

  async #findBlob(request: LoopbackRequest, digest: string): Promise<LoopbackResponse> {
    if (request.method !== "HEAD") return refusal(405, "UNSUPPORTED", "blobs are only received");
    const bytes = await this.#options.layout.blobBytes(digest);
    return bytes === undefined ? refusal(404, "BLOB_UNKNOWN", digest) : found(digest, bytes);
  }

  /**
   * `POST` begins an upload; `PUT …?digest=` ends it. The bytes come with the `PUT` (BuildKit) or
   * with one `PATCH` before it (Docker's graph store).
   */
  async #upload(request: LoopbackRequest): Promise<LoopbackResponse> {
    if (request.method === "POST") return this.#beginUpload();
    const id = request.path.split("/").at(-1) ?? "";
    if (!this.#uploads.has(id)) return refusal(404, "BLOB_UPLOAD_UNKNOWN", id);
    const arrived = this.#uploads.get(id);
    if (request.method === "PATCH" && arrived === undefined) return this.#receive(request, id);
    const digest = request.query.get("digest");
    if (request.method !== "PUT" || digest === undefined) {
      return refusal(405, "UNSUPPORTED", "blobs are received in one piece");
    }
    this.#uploads.delete(id);
    const actual = arrived ?? (await this.#options.layout.takeBlob(request.body));
    if (actual !== digest) return refusal(400, "DIGEST_INVALID", `got ${actual}, not ${digest}`);
    return { status: 201, headers: this.#locationOf("blobs", digest) };
  }

  async #receive(request: LoopbackRequest, id: string): Promise<LoopbackResponse> {
    let bytes = 0;
    const digest = await this.#options.layout.takeBlob(
      counted(request.body, (length) => {
        bytes += length;
      }),
    );
    this.#uploads.set(id, digest);
    const location = `/v2/${this.#name}/blobs/uploads/${id}`;
    return { status: 202, headers: { location, range: `0-${bytes - 1}` } };
  }

  #beginUpload(): LoopbackResponse {
    const id = randomUUID();
    this.#uploads.set(id, undefined);
    return { status: 202, headers: { location: `/v2/${this.#name}/blobs/uploads/${id}` } };
  }

  async #manifest(request: LoopbackRequest, reference: string): Promise<LoopbackResponse> {
    if (request.method !== "PUT") return await this.#findManifest(reference);
    const bytes = await readBounded(request.body, MANIFEST_BOUND);
    const digest = await this.#options.layout.takeBlob(once(bytes));
    if (!reference.startsWith("sha256:")) {
      // A tag is pushed last, when all that the manifest names has arrived.
      this.#tags.set(reference, digest);
      this.#options.onImage(reference, digest);
    }
    return { status: 201, headers: this.#locationOf("manifests", digest) };
  }

  /** Docker's graph store reads back what it has pushed, so manifests can be read. */
  async #findManifest(reference: string): Promise<LoopbackResponse> {
    const digest = reference.startsWith("sha256:") ? reference : this.#tags.get(reference);
    if (digest === undefined) return refusal(404, "MANIFEST_UNKNOWN", reference);
    const bytes = await this.#options.layout.blobBytes(digest);
    if (bytes === undefined) return refusal(404, "MANIFEST_UNKNOWN", reference);
    const { mediaType, text } = await this.#options.layout.manifest(digest);
    const { status, headers } = found(digest, bytes);
    return { status, headers: { ...headers, "content-type": mediaType }, body: text };
  }

  #locationOf(kind: string, digest: string): Record<string, string> {
    return { location: `/v2/${this.#name}/${kind}/${digest}`, "docker-content-digest": digest };
  }
}

function found(digest: string, bytes: number): LoopbackResponse {
  const headers = { "content-length": String(bytes), "docker-content-digest": digest };
  return { status: 200, headers };
}

/** The answer after which Docker's graph store does not try again for most of a minute. */
function denial(error: Error): LoopbackResponse {
  return refusal(403, "DENIED", messageOf(error));
}

function refusal(status: number, code: string, message: string): LoopbackResponse {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: JSON.stringify({ errors: [{ code, message }] }) };
}

async function readBounded(body: AsyncIterable<Uint8Array>, bound: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > bound) throw new Error(`a manifest of more than ${bound} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  for await (const part of body) {
    count(part.length);
    yield part;
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
