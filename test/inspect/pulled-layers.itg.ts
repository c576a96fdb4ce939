// Layers that are packed in odd ways, pushed to a registry and pulled from there by engines with
// both image stores: what those unpack is what is counted. Where two archives stand one after the
// other, containerd and Docker end at the first one's two blocks of zeros, as Go's archive/tar does,
// and hash the rest unread; whoever would count it would count what no container sees.

import { gzipSync, zstdCompressSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../scripts/lab/engine.ts";
import { pushArtifact } from "../../scripts/lab/push.ts";
import type { Registry } from "../../scripts/lab/registry.ts";
import { run } from "../../scripts/lab/shell.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { LAYER_LIMITS } from "../../src/inspect/layer/layer-limits.ts";
import { readLayer } from "../../src/inspect/layer/layer-reader.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { archive, craft, END_OF_ARCHIVE } from "../tar/tar-writer.ts";
import { digestOf } from "./crafted-layout.ts";
import { seenInContainer } from "./engine-images.ts";
import { type Seen, seen } from "./listing.ts";

const TYPE = "application/vnd.oci.image.layer.v1.tar";

/** What is in the layer, how it is packed, and the archive inside. */
interface PackedLayer {
  readonly type: string;
  readonly blob: Uint8Array;
  readonly archive: Uint8Array;
}

const FIRST = archive({ path: "first", content: "one" });
const SECOND = archive({ path: "second", content: "second" });
const BOTH = Buffer.concat([FIRST, SECOND]);
const WITHOUT_END = Buffer.concat([craft({ path: "first", content: "one" }), SECOND]);

const layer = (form: string, whole: Uint8Array, blob: Uint8Array): PackedLayer => ({
  type: `${TYPE}${form}`,
  archive: whole,
  blob,
});

/** As stargz-snapshotter packs: a gzip member a file, landmarks and a table of contents last. */
function estargz(): PackedLayer {
  const parts = [
    craft({ path: "app/", type: "5", mode: 0o755 }),
    craft({ path: ".prefetch.landmark", content: "\u000f" }),
    craft({ path: "app/main", content: "x".repeat(2000) }),
    craft({ path: "stargz.index.json", content: '{"version":1,"entries":[]}' }),
    END_OF_ARCHIVE,
  ];
  const members = parts.map((part) => gzipSync(part));
  return layer("+gzip", Buffer.concat(parts), Buffer.concat(members));
}

const LAYERS: readonly [string, PackedLayer, readonly string[]][] = [
  ["two archives in one", layer("", BOTH, BOTH), ["/first 3"]],
  ["two archives through gzip", layer("+gzip", BOTH, gzipSync(BOTH)), ["/first 3"]],
  [
    "two archives in a gzip member each",
    layer("+gzip", BOTH, Buffer.concat([gzipSync(FIRST), gzipSync(SECOND)])),
    ["/first 3"],
  ],
  [
    "two archives in a zstd frame each",
    layer("+zstd", BOTH, Buffer.concat([zstdCompressSync(FIRST), zstdCompressSync(SECOND)])),
    ["/first 3"],
  ],
  [
    "two archives, the first without an end",
    layer("+gzip", WITHOUT_END, gzipSync(WITHOUT_END)),
    ["/first 3", "/second 6"],
  ],
  [
    "an eStargz archive",
    estargz(),
    ["/.prefetch.landmark 1", "/app/main 2000", "/stargz.index.json 26"],
  ],
];

let engines: Readonly<Record<"containerd" | "graph", Engine>>;
let registry: Registry;

beforeAll(async () => {
  const {
    containerd,
    graph,
    registry: found,
  } = await labParts(["containerd", "graph", "registry"]);
  engines = { containerd, graph };
  registry = found;
});

describe("a pulled layer of", () => {
  it.each(LAYERS)("%s has the files that both engines unpack", async (_, packed, expected) => {
    const ours = await seenByUs(packed);
    expect(ours.files).toEqual(expected);
    expect(await seenWhenPulledBy(engines.containerd, packed)).toEqual(ours);
    expect(await seenWhenPulledBy(engines.graph, packed)).toEqual(ours);
  });
});

async function seenByUs({ blob, archive: whole }: PackedLayer): Promise<Seen> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield blob;
  }
  const descriptor = { digest: digestOf(blob), size: blob.length };
  const index = await readLayer({ ...descriptor, content: content() }, LAYER_LIMITS);
  expect(index.diffId).toBe(digestOf(whole));
  return seen(applyLayers([index]));
}

async function seenWhenPulledBy(
  engine: Engine,
  { type, blob, archive: whole }: PackedLayer,
): Promise<Seen | "refused"> {
  const config = {
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: [digestOf(whole)] },
  };
  const tag = digestOf(blob).slice(7, 19);
  const name = `${registry.host}/weighbridge-test/odd:${tag}`;
  await pushArtifact(registry, "weighbridge-test/odd", [tag], {
    config: {
      type: "application/vnd.oci.image.config.v1+json",
      bytes: Buffer.from(JSON.stringify(config)),
    },
    layer: { type, bytes: blob },
  });
  const env = engine.environment;
  await run("docker", ["pull", "--quiet", name], { env });
  try {
    return await seenInContainer(engine, name);
  } finally {
    await run("docker", ["rmi", name], { env });
  }
}
