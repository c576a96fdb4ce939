// Images of a few bytes, put into a layout as a build would.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "../../src/host/host.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import type { Layout } from "../../src/state/layout.ts";

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

/** Puts an image whose only layer has that text into the layout; returns its digest. */
export async function putImage(layout: Layout, layer: string): Promise<string> {
  const layers = [{ digest: await layout.takeBlob(once(layer)), size: layer.length }];
  const config = { digest: await layout.takeBlob(once(`config ${layer}`)), size: layer.length + 7 };
  return await layout.takeBlob(once(JSON.stringify({ config, layers })));
}

/** A host, and a folder that goes with it. */
export function temporary(): { host: Host; folder: string } & Disposable {
  const host = createLocalHost({ stream: silent });
  const folder = mkdtempSync(join(tmpdir(), "state-test-"));
  return {
    host,
    folder,
    [Symbol.dispose]() {
      host[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

const silent = { isTTY: false, columns: 80, write: () => true };
