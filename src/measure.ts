// Build, lint, weigh and scan, all at the same time as far as one does not need the other: an image
// is read and scanned as soon as it is whole, while other stages are still being built.

import { type BuildOutcome, buildStages } from "./build/build.ts";
import { provideSpareBuilder } from "./build/builder/choose-builder.ts";
import { UserError } from "./errors.ts";
import type { Host } from "./host/host.ts";
import { createImageStore, type ImageStore } from "./inspect/image-store.ts";
import { createLayerStore } from "./inspect/layer-store.ts";
import { checkHadolintConfig } from "./lint/hadolint.ts";
import { lintImages } from "./lint/lint.ts";
import {
  type Begin,
  type Bench,
  measureImages,
  type ScannedImage,
  scanImage,
  scannedName,
} from "./measure-images.ts";
import type { Lint } from "./model/finding.ts";
import type { Measurement } from "./model/measurement.ts";
import type { Prepared } from "./prepare.ts";
import { createScanOrder } from "./scan/scan-order.ts";
import { createScanner, type Scanner } from "./scan/trivy.ts";
import type { State } from "./state/state.ts";
import type { Tool } from "./tools/find-tool.ts";
import type { ToolName } from "./tools/releases.ts";
import { provideTool } from "./tools/tools.ts";

/** A measurement, and the versions of what measured. */
export interface Measured {
  readonly measurement: Measurement;
  readonly tools: Readonly<Record<string, string>>;
  /** What the reader should know of how it was built. One sentence each. */
  readonly notes: readonly string[];
}

/**
 * Measures every image of the plan. When one part fails, the others are stopped: nothing goes on
 * that uses a state which may be another run's by then.
 * @throws UserError when BuildKit cannot parse a Dockerfile, or Hadolint its configuration
 * @throws ToolError when the engine does not do its work
 */
export async function measure(host: Host, prepared: Prepared, state: State): Promise<Measured> {
  const stopping = new AbortController();
  const begun: Promise<unknown>[] = [];
  const begin: Begin = (part) => {
    part.catch(() => {});
    begun.push(part);
    return part;
  };
  try {
    return await measureAll(stoppable(host, stopping.signal), prepared, state, begin);
  } catch (error) {
    stopping.abort();
    // A part that ends can begin another one: this comes to those too.
    for (const part of begun) await part.catch(() => {});
    throw error;
  } finally {
    host.log.endGroup();
  }
}

/** The host, of which everything that runs or downloads ends with a signal too. */
function stoppable(host: Host, stop: AbortSignal): Host {
  const signal = AbortSignal.any([host.signal, stop]);
  return {
    ...host,
    signal,
    exec: (command, args, options) => host.exec(command, args, { signal, ...options }),
    download: (url, path, options) => host.download(url, path, { signal, ...options }),
  };
}

async function measureAll(
  host: Host,
  prepared: Prepared,
  state: State,
  begin: Begin,
): Promise<Measured> {
  const { inputs } = prepared;
  const provide = (name: ToolName) => begin(provideFor(host, prepared, state, name));
  const trivy = inputs.scan.scanners.length > 0 ? provide("trivy") : notNeeded("trivy");
  const hadolint = inputs.lint.lint ? provide("hadolint") : notNeeded("hadolint");
  const layers = createLayerStore(host, state.memory, prepared.inputs.layerLimits);
  const images = createImageStore(host, state.memory, layers);
  const scanner = begin(
    trivy.then((tool) => createPlanScanner(host, prepared, state, { trivy: tool, images })),
  );
  // The database is fetched while the first stage is being built.
  void begin(scanner.then(({ prepare }) => prepare()));
  const checked = begin(checkHadolintConfig(host, () => hadolint, inputs.lint));
  await Promise.race([checked, host.clock.sleep(CONFIG_MILLISECONDS)]);
  const bench: Bench = { host, prepared, state, images, scanner, begin };
  return await buildAndMeasure(bench, { trivy, hadolint, checked }).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.problems, error.consequence ?? "the build was stopped");
  });
}

/** What goes on beside the build. */
interface Beside {
  readonly trivy: Promise<Tool>;
  readonly hadolint: Promise<Tool>;
  /** Hadolint's configuration is in order. */
  readonly checked: Promise<void>;
}

async function buildAndMeasure(
  bench: Bench,
  { trivy, hadolint, checked }: Beside,
): Promise<Measured> {
  const { prepared, scanner, begin } = bench;
  const parts = [begin(lintPlan(bench, hadolint)), begin(build(bench)), checked] as const;
  const [lint, outcome] = await Promise.all(parts);
  void begin(outcome.notes);
  const measured = await measureImages(bench, lint, outcome);
  const tools = await versionsOf(prepared, await scanner, [await trivy, await hadolint]);
  return { measurement: { images: measured }, tools, notes: await outcome.notes };
}

/**
 * Nothing is built with a broken configuration of Hadolint, as far as that is known by then: where it
 * cannot be fetched, the build does not wait until that is given up.
 */
const CONFIG_MILLISECONDS = 10_000;

async function provideFor(
  host: Host,
  prepared: Prepared,
  { toolsFolder }: State,
  name: ToolName,
): Promise<Tool> {
  const given = prepared.tools.get(name);
  if (given !== undefined) return given;
  const { [name]: tool, mirror } = prepared.inputs.tools;
  return await provideTool(host, {
    name,
    folder: toolsFolder,
    ...(tool.kind === "release" && { release: tool }),
    ...(mirror !== undefined && { mirror }),
  });
}

async function notNeeded(name: ToolName): Promise<Tool> {
  return { kind: "missing", name, reason: "it is switched off" };
}

function createPlanScanner(
  host: Host,
  { inputs }: Prepared,
  { memory, trivyCacheFolder }: State,
  parts: { readonly trivy: Tool; readonly images: ImageStore },
): Scanner {
  const { scan } = inputs;
  return createScanner(host, { inputs: scan, cacheFolder: trivyCacheFolder, memory, ...parts });
}

async function lintPlan(
  { host, prepared }: Bench,
  hadolint: Promise<Tool>,
): Promise<ReadonlyMap<string, Lint>> {
  const { inputs, plan } = prepared;
  return await lintImages(host, {
    images: plan.images,
    lint: inputs.lint,
    build: inputs.build,
    hadolint: await hadolint,
  });
}

async function build(bench: Bench): Promise<BuildOutcome> {
  const { host, prepared, state, begin } = bench;
  const { builder, isBuilderNew, own, caches, plan, inputs } = prepared;
  const order = createScanOrder<ScannedImage>(plan);
  await using spares = new AsyncDisposableStack();
  const spareBuilder = async () => {
    const spare = await provideSpareBuilder(host, { inputs: inputs.build, plan });
    return spare && spares.use(spare).builder;
  };
  // Who names a builder means that one.
  const isOpen = own === undefined && inputs.build.builder === undefined;
  return await buildStages(host, {
    plan,
    builder,
    isBuilderNew,
    ...(own !== undefined && { restartBuilder: own.restart }),
    ...(isOpen && { spareBuilder }),
    caches,
    inputs: inputs.build,
    layout: state.layout,
    onImage: (stage, digest) => {
      const ready = order.come(stage, { digest, name: scannedName(plan, stage) });
      for (const next of ready) void begin(scanImage(bench, next));
      void begin(bench.images.look(state.layout.folder, digest));
    },
  });
}

async function versionsOf(
  { builder }: Prepared,
  scanner: Scanner,
  tools: readonly Tool[],
): Promise<Readonly<Record<string, string>>> {
  const preparation = await scanner.prepare();
  const database =
    preparation.kind === "ready" && preparation.databaseUpdatedAt !== undefined
      ? { "trivy-db": preparation.databaseUpdatedAt }
      : {};
  const found = tools.flatMap((tool) => (tool.kind === "found" ? [[tool.name, tool.version]] : []));
  return { ...builder.versions, ...Object.fromEntries(found), ...database };
}
