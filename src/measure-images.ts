// The images of a build: each is weighed and scanned as soon as it is asked for, whoever asks first.

import type { BuildOutcome } from "./build/build.ts";
import { withWarnings } from "./build/progress/build-warnings.ts";
import type { Host } from "./host/host.ts";
import type { ImageStore } from "./inspect/image-store.ts";
import { inspectStage } from "./inspect/inspect.ts";
import type { Checked, ImageFinding, Lint } from "./model/finding.ts";
import type { DiveFigures } from "./model/image.ts";
import type { MeasuredImage, MeasuredStage } from "./model/measurement.ts";
import type { Plan, PlannedImage, Stage } from "./model/plan.ts";
import { lastWanted } from "./plan/last-wanted.ts";
import type { Prepared } from "./prepare.ts";
import type { Scanner } from "./scan/trivy.ts";
import type { State } from "./state/state.ts";

/** What the parts of one measurement share. */
export interface Bench {
  readonly host: Host;
  readonly prepared: Prepared;
  readonly state: State;
  readonly images: ImageStore;
  readonly scanner: Promise<Scanner>;
  readonly begin: Begin;
}

/**
 * Begins a part that is awaited later: until then a rejection is nobody's fault. What has begun is
 * over when `measure` is.
 */
export type Begin = <T>(part: Promise<T>) => Promise<T>;

/** An image, and the stage that it was first built for. */
export interface ScannedImage {
  readonly digest: string;
  readonly name: string;
}

/** With the image's name where there are several. */
export function scannedName({ images }: Plan, { image, name }: Stage): string {
  return images.length > 1 ? `${image}/${name}` : name;
}

/** Scans an image; to ask again costs nothing. */
export async function scanImage(
  { scanner, state }: Bench,
  { digest, name }: ScannedImage,
): Promise<Checked<ImageFinding>> {
  return (await scanner).scan(state.layout.folder, digest, name);
}

/** What goes on while the stages are built is told with that; the rest has a group of its own. */
export async function measureImages(
  bench: Bench,
  lint: ReadonlyMap<string, Lint>,
  outcome: BuildOutcome,
): Promise<readonly MeasuredImage[]> {
  const { host, prepared, begin } = bench;
  const isScanned = prepared.inputs.scan.scanners.length > 0;
  const isBuilt = [...outcome.builds.values()].some(({ kind }) => kind === "built");
  if (isBuilt) host.log.group(isScanned ? "Weigh and scan what was built" : "Weigh what was built");
  return await Promise.all(
    prepared.plan.images.map((image) => begin(measureImage(bench, image, lint, outcome))),
  );
}

async function measureImage(
  bench: Bench,
  image: PlannedImage,
  lint: ReadonlyMap<string, Lint>,
  outcome: BuildOutcome,
): Promise<MeasuredImage> {
  const contextBytes = outcome.contextBytes.get(image.name);
  const off = { kind: "off" } as const;
  const checks = lint.get(image.name) ?? { hadolint: off, buildkit: off };
  return {
    plan: image,
    lint: {
      hadolint: checks.hadolint,
      buildkit: withWarnings(checks.buildkit, outcome.warnings.get(image.name) ?? []),
    },
    ...(contextBytes !== undefined && { contextBytes }),
    stages: await Promise.all(
      image.stages.map((stage) => measureStage(bench, image, stage, outcome)),
    ),
  };
}

async function measureStage(
  bench: Bench,
  planned: PlannedImage,
  stage: Stage,
  { builds, layerLines }: BuildOutcome,
): Promise<MeasuredStage> {
  const build = builds.get(stage) ?? { kind: "skipped", reason: "was not built" };
  if (build.kind !== "built") return { stage, build, scan: { kind: "off" } };
  const { host, images, state } = bench;
  const [image, scan] = await Promise.all([
    inspectStage(
      host,
      {
        layout: state.layout.folder,
        digest: build.digest,
        image: planned,
        stage,
        layerLines: layerLines.get(planned.name) ?? new Map(),
        isSaved: build.isSaved ?? false,
      },
      images,
    ),
    scanImage(bench, { digest: build.digest, name: scannedName(bench.prepared.plan, stage) }),
  ]);
  const dive = await diveOf(bench, planned, stage, build.digest);
  return { stage, build, image, scan, ...(dive !== undefined && { dive }) };
}

/** What dive would say, of the stages that its thresholds are goals of. */
async function diveOf(
  { prepared, images, state }: Bench,
  { stages }: PlannedImage,
  stage: Stage,
  digest: string,
): Promise<DiveFigures | undefined> {
  const isAsked = Object.keys(prepared.inputs.diveRules).length > 0;
  if (!isAsked || lastWanted(stages) !== stage) return undefined;
  const { facts } = await images.look(state.layout.folder, digest, stage.platform);
  return facts.dive;
}
