// What a run is prepared to do, for tests: see make.ts.

import { NO_CACHES } from "../src/build/cache/cache-places.ts";
import type { Inputs } from "../src/model/inputs.ts";
import type { PlannedImage } from "../src/model/plan.ts";
import type { Prepared } from "../src/prepare.ts";
import { emptyBuildInputs } from "./build/captured.ts";
import { makePlannedImage } from "./make.ts";

/** A run that only builds and weighs: no linter, no scan, nothing published. */
export function makePrepared(
  inputs: Partial<Inputs> = {},
  image: PlannedImage = makePlannedImage(),
): Prepared {
  return {
    inputs: { ...INPUTS, ...inputs },
    plan: { images: [image] },
    notes: [],
    builder: {
      name: undefined,
      driver: "docker",
      store: "containerd",
      reachesLoopback: false,
      writesCache: true,
      versions: {},
    },
    isBuilderNew: false,
    caches: NO_CACHES,
    tools: new Map(),
  };
}

const INPUTS: Inputs = {
  images: [],
  targets: [],
  goals: [],
  diveRules: {},
  layerLimits: {},
  build: emptyBuildInputs,
  allowUntrustedCheckout: false,
  lint: { lint: false, failOnLint: "off" },
  scan: {
    scanners: [],
    severity: [],
    ignoreUnfixed: false,
    trivyDbRepository: [],
    trivyJavaDbRepository: [],
  },
  tools: { trivy: { kind: "pinned" }, hadolint: { kind: "pinned" } },
  publish: {
    name: "app",
    nameIsGiven: false,
    comment: "never",
    uploadSarif: "never",
    summary: false,
    fail: true,
    onUnknown: "fail",
  },
  state: "state",
};
