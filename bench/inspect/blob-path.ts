// In a file of its own: the floor has nothing else of ours in it.

import { join } from "node:path";

/** Where a layout keeps a blob. */
export function blobPath(layout: string, digest: string): string {
  return join(layout, "blobs", "sha256", digest.slice("sha256:".length));
}
