// An image without any layer, which the engine's older image store does not give away: what it says
// of it is written down as such an image is.

import { MANIFEST_TYPE } from "../../oci-documents.ts";
import type { Layout } from "../../state/layout.ts";

const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

/** Puts an image without layers into the layout. Gives the digest of its manifest. */
export async function takeBareImage(
  layout: Pick<Layout, "takeBlob">,
  inspected: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { Architecture: architecture, Os: os, Variant: variant, Config: config } = inspected;
  const rootfs = { type: "layers", diff_ids: [] };
  const text = JSON.stringify({ architecture, os, variant, config, rootfs, history: [] });
  const digest = await layout.takeBlob(once(text));
  const described = { mediaType: CONFIG_TYPE, digest, size: Buffer.byteLength(text) };
  const manifest = { schemaVersion: 2, mediaType: MANIFEST_TYPE, config: described, layers: [] };
  return await layout.takeBlob(once(JSON.stringify(manifest)));
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
