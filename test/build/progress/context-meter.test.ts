import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BakeTarget } from "../../../src/build/bake-file.ts";
import { ContextMeter } from "../../../src/build/progress/context-meter.ts";
import { type Progress, parseProgress } from "../../../src/build/progress/progress.ts";
import { makePlannedImage, makeStage } from "../../make.ts";

function target(id: string, image: string): BakeTarget {
  return { id, image: makePlannedImage({ name: image }), stage: makeStage({ image }) };
}

function loading(digest: string, name: string): Progress {
  return { vertices: [{ digest, name, cached: false }], outputs: [], transfers: [], warnings: [] };
}

function sent(vertex: string, current: number, id = "transferring context:"): Progress {
  const transfer = { vertex, id, current, total: 0, isDone: false };
  return { vertices: [], outputs: [], transfers: [transfer], warnings: [] };
}

test("the context of each image is counted for itself", () => {
  const meter = new ContextMeter();
  const targets = [target("image0-stage0", "web"), target("image1-stage0", "api")];
  meter.follow(loading("sha256:a", "[image0-stage0 internal] load build context"), targets);
  meter.follow(loading("sha256:b", "[image1-stage0 internal] load build context"), targets);
  meter.follow(sent("sha256:a", 1_000), targets);
  meter.follow(sent("sha256:a", 5_000), targets);
  meter.follow(sent("sha256:b", 70), targets);
  expect([...meter.bytes]).toEqual([
    ["web", 5_000],
    ["api", 70],
  ]);
});

test("a build of one target names none, and other transfers are no context", () => {
  const meter = new ContextMeter();
  const targets = [target("image0-stage0", "web")];
  meter.follow(loading("sha256:a", "[internal] load build context"), targets);
  meter.follow(loading("sha256:b", "[internal] load build definition from Dockerfile"), targets);
  meter.follow(sent("sha256:b", 900, "transferring dockerfile:"), targets);
  meter.follow(sent("sha256:a", 40), targets);
  expect([...meter.bytes]).toEqual([["web", 40]]);
});

test("what buildx really writes is understood", () => {
  const meter = new ContextMeter();
  const fixture = join(import.meta.dirname, "..", "..", "fixtures", "buildx", "built.jsonl");
  for (const line of readFileSync(fixture, "utf8").split("\n")) {
    const progress = parseProgress(line);
    if (progress !== undefined) meter.follow(progress, [target("image0-stage0", "app")]);
  }
  expect(meter.bytes.get("app")).toBeGreaterThan(0);
});
