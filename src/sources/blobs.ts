import { createHash } from "node:crypto";
import type { Files } from "../host/host.ts";
import { blobPath } from "../inspect/oci-layout.ts";
import type { Members } from "./members.ts";

/** An image's blobs, by digest, wherever they lie. Nothing of them is checked yet. */
export interface Blobs {
  /** Whether a blob is there; where only asking for it would tell, it is taken to be. */
  has(digest: string): Promise<boolean>;
  /** Its bytes as they come. Throws, when they are read, if there is no such blob. */
  read(digest: string): AsyncIterable<Uint8Array>;
}

/** What readers of OCI layouts take: a folder, and the files in it. */
export interface LayoutFiles {
  readonly layout: string;
  readonly files: Pick<Files, "readStream">;
}

/** Shows blobs as the files of an OCI layout, so that whatever reads layouts reads them. */
export function asLayout(blobs: Blobs): LayoutFiles {
  const digestOf = (path: string) => path.split("/").slice(-2).join(":");
  return { layout: "", files: { readStream: (path) => blobs.read(digestOf(path)) } };
}

/** The blobs of a folder or an archive that is an OCI layout. */
export function blobsOf(members: Members): Blobs {
  return {
    has: async (digest) => (await members.bytesOf(blobPath("", digest))) !== undefined,
    read: (digest) => members.read(blobPath("", digest)),
  };
}

/** Blobs of which some small ones are at hand. */
export function withDocuments(blobs: Blobs, documents: ReadonlyMap<string, Uint8Array>): Blobs {
  return {
    has: async (digest) => documents.has(digest) || (await blobs.has(digest)),
    read(digest) {
      const document = documents.get(digest);
      return document === undefined ? blobs.read(digest) : once(document);
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** How a blob is named. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
