import { join } from "node:path";
import { createImageStore } from "../../src/inspect/image-store.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import type { ScanInputs } from "../../src/model/inputs.ts";
import { createScanner, type Scanner } from "../../src/scan/trivy.ts";
import type { Memory } from "../../src/state/memory.ts";
import type { FoundTool } from "../../src/tools/find-tool.ts";
import type { Workshop } from "../tools/workshop.ts";

/** A scanner with a cache of its own. Its clock stands still, so that ages can be told exactly. */
export function openRealScanner(
  workshop: Workshop,
  trivy: FoundTool,
  inputs: Pick<ScanInputs, "trivyDbRepository"> & Partial<ScanInputs>,
): Scanner {
  const clock = { now: () => Date.parse("2026-11-22T12:00:00Z"), sleep: async () => {} };
  const memory: Memory = { recall: async () => undefined, remember: async () => {} };
  const images = createImageStore(workshop.host, memory, createLayerStore(workshop.host, memory));
  return createScanner(
    { ...workshop.host, clock },
    {
      trivy,
      inputs: {
        scanners: ["vuln", "secret"],
        severity: [],
        ignoreUnfixed: false,
        trivyJavaDbRepository: [],
        ...inputs,
      },
      cacheFolder: join(workshop.outside, "cache"),
      memory,
      images,
    },
  );
}
