// Advice on a small image of three layers: its base, a copy, and a RUN that changes owners.

import { type Advised, advise } from "../../src/inspect/advice/advise.ts";
import type { Saving } from "../../src/inspect/savings/saving.ts";
import type { Layer } from "../../src/model/image.ts";
import { makeBaseLayer, makeLayer, makePlannedImage, makeStage } from "../make.ts";
import { makeFacts } from "./make-facts.ts";
export const COPY = makeLayer({ line: 2, instruction: "COPY --chown=app . /app" });
export const RUN = makeLayer({ line: 3, instruction: "RUN chown -R 7:7 /app" });

export function makeSaving(overrides: Partial<Saving> = {}): Saving {
  return {
    rule: "metadata-only",
    bytes: 2_000_000,
    files: 3,
    layer: 1,
    laterLayer: 2,
    owner: "7:7",
    paths: ["/app/large"],
    ...overrides,
  };
}

export function adviceOf(
  saving: Partial<Saving>,
  layers: readonly Layer[] = [makeBaseLayer(), COPY, RUN],
  overrides: Partial<Advised> = {},
) {
  const image = makePlannedImage();
  const [stage = makeStage()] = image.stages;
  const facts = makeFacts({ savings: [makeSaving(saving)] });
  return advise({ image, stage, facts, layers, ...overrides });
}
