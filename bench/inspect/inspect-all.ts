// node inspect-all.ts LAYOUT DIGEST...: what the action does with the images of several stages, each
// layer read once. Prints the bytes of each that a container sees.

import { createLocalHost } from "../../src/host/local-host.ts";
import { createImageStore } from "../../src/inspect/image-store.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import type { Memory } from "../../src/state/memory.ts";

const nothingKept: Memory = { recall: async () => undefined, remember: async () => {} };

const [layout = "", ...digests] = process.argv.slice(2);
using host = createLocalHost({ verbose: false });
const layers = createLayerStore(host, nothingKept);
const images = createImageStore(host, nothingKept, layers);
const known = await Promise.all(digests.map((digest) => images.look(layout, digest)));
console.log(known.map(({ facts }) => facts.live).join("\n"));
