import {
  BlobSASPermissions,
  BlobServiceClient,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import type { BlobStore } from "../blob-store.ts";

/** A container of blobs, with addresses that carry the right to one of them. */
export interface Container {
  uploadUrl(blob: string): Promise<string>;
  downloadUrl(blob: string): Promise<string>;
  /** 0 when there is no such blob. */
  bytes(blob: string): Promise<number>;
  remove(blob: string): Promise<void>;
  /** Removes the container with all in it. */
  drop(): Promise<void>;
}

/** Milliseconds that an address is good for. */
const VALIDITY = 3_600_000;

/** Makes a container of that name. */
export async function openContainer(store: BlobStore, name: string): Promise<Container> {
  const credential = new StorageSharedKeyCredential(store.account, store.key);
  const container = new BlobServiceClient(store.url, credential).getContainerClient(name);
  await container.create();
  const sign = (blob: string, permissions: string): Promise<string> =>
    container.getBlobClient(blob).generateSasUrl({
      permissions: BlobSASPermissions.parse(permissions),
      expiresOn: new Date(Date.now() + VALIDITY),
    });
  return {
    uploadUrl: (blob) => sign(blob, "cw"),
    downloadUrl: (blob) => sign(blob, "r"),
    async bytes(blob) {
      const client = container.getBlobClient(blob);
      if (!(await client.exists())) return 0;
      return (await client.getProperties()).contentLength ?? 0;
    },
    async remove(blob) {
      await container.getBlobClient(blob).deleteIfExists();
    },
    async drop() {
      await container.deleteIfExists();
    },
  };
}
