// How a built image comes into the layout. Pushing over loopback is fastest and works with every
// image store; where the builder cannot reach us, it exports to the layout, one image after
// another: exports at the same time into one folder race. Where it can do neither, the image is
// saved: `save-delivery.ts`.

import { ToolError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import type { Layout } from "../../state/layout.ts";
import type { BakeHost, BakeRequest } from "../bake.ts";
import { type BakeTarget, csv } from "../bake-file.ts";
import type { Builder } from "../builder/builder.ts";
import { withoutCredentials } from "../cache/runner-cache.ts";
import { type SolveCaches, watchedBake } from "../cache/watched-bake.ts";
import type { OpenVertices } from "../progress/open-vertices.ts";
import { StepTracker } from "../progress/step-tracker.ts";
import { removePushedImages } from "./pushed-images.ts";
import { openReceiver } from "./receiver.ts";

/** A way into the layout. */
export interface Delivery extends AsyncDisposable {
  /** For the log: how it is done. */
  readonly description: string;
  /** The exporter that a target is built with, as `--output` takes it. */
  outputOf(target: BakeTarget): string;
  /** Makes sure that built images are in the layout. Tells of each, in their order. */
  collect(built: readonly BuiltImage[]): Promise<readonly DeliveredImage[]>;
  /**
   * Whether an error says that the builder cannot reach us.
   * @throws what the system refused when it did reach us: no other way would do better.
   */
  isUnreachable(error: string): boolean;
  /** When something of an image last arrived: milliseconds since 1970, or 0. */
  heardAt(): number;
}

/** An image that a builder has made. */
export interface BuiltImage {
  readonly target: BakeTarget;
  /** As buildx names it: of the manifest, or of the configuration where the engine knows no other. */
  readonly digest: string;
}

/** An image that is in the layout. */
export interface DeliveredImage {
  /** Of its manifest. */
  readonly digest: string;
  /** Whether `docker save` wrote it: then its layers may lie there as nobody would download them. */
  readonly isSaved: boolean;
}

/** Where images go, and who is told. */
export interface DeliveryRequest {
  readonly builder: Builder;
  readonly layout: Layout;
  /** Called as soon as an image is whole in the layout; may be called again for the same one. */
  readonly onImage: (targetId: string, digest: string) => void;
  /** What is waited for, which the log tells. */
  readonly open: OpenVertices;
}

/**
 * Nothing is left behind in the engine's image store, and the digest is the same whichever way an
 * image is delivered.
 */
const IMAGE_OPTIONS = ["store=false", "oci-mediatypes=true"];

/** What is needed of a host to get images out of a builder. */
export type DeliveryHost = BakeHost & Pick<Host, "log" | "loopback" | "owner" | "signal">;

/** A delivery of which it can be known beforehand whether it works. */
export interface PushDelivery extends Delivery {
  /** Whether the builder reaches us: it pushes an image of nothing. */
  reaches(): Promise<boolean>;
}

/** Seconds to build nothing. */
const PROBE_SECONDS = 60;

/** Images are pushed to us over loopback. */
export async function openPushDelivery(
  host: DeliveryHost,
  { builder, layout, onImage }: DeliveryRequest,
): Promise<PushDelivery> {
  const receiver = await openReceiver(host, { layout, onImage });
  const address = receiver.repository.split("/")[0] ?? "";
  const tags: string[] = [];
  const outputOf = ({ id }: Pick<BakeTarget, "id">): string => {
    const tag = `${receiver.repository}:${id}`;
    tags.push(tag);
    return csv(["type=image", `name=${tag}`, "push=true", ...IMAGE_OPTIONS]);
  };
  return {
    description: "Images are pushed over loopback",
    outputOf,
    async reaches() {
      const named = builder.name === undefined ? [] : ["--builder", builder.name];
      const output = ["--output", outputOf({ id: "probe" })];
      // buildx writes what it reads from us into folders that stay when it is killed.
      await using folder = await host.files.temporaryFolder("probe");
      const env = { ...withoutCredentials(host.env), TMPDIR: folder.path };
      const { exitCode } = await host.exec(
        "docker",
        ["buildx", "build", ...named, ...output, "-"],
        {
          input: "FROM scratch\nLABEL probe=true\n",
          env: { ...env, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
          timeoutSeconds: PROBE_SECONDS,
        },
      );
      return exitCode === 0;
    },
    collect: async (built) => built.map(asBuilt),
    isUnreachable(error) {
      const failure = receiver.failure();
      if (failure !== undefined) throw failure;
      // Who came through and failed, of a base image that could not be fetched say, would again.
      return !receiver.wasReached() && error.includes(address);
    },
    heardAt: () => receiver.heardAt(),
    async [Symbol.asyncDispose]() {
      await receiver[Symbol.asyncDispose]();
      // The graph store knows no `store=false`.
      if (builder.store === "graph") await removePushedImages(host, [...new Set(tags)]);
    },
  };
}

/** What images are exported with. */
export interface ExportRequest extends Pick<BakeRequest, "builder" | "settings"> {
  readonly caches: SolveCaches;
}

/**
 * Images are exported to the layout after all of them were built.
 * @param bakeAgain what a target was built with; exporting it finds every step in the cache.
 */
export function openExportDelivery(
  host: DeliveryHost,
  { layout, onImage, open }: DeliveryRequest,
  { caches, ...bakeAgain }: ExportRequest,
): Delivery {
  let exporting: Promise<void> = Promise.resolve();
  // Every step was told of already; that it takes its time is told.
  const tracker = new StepTracker(() => {}, undefined, open);
  const settings = {
    ...bakeAgain.settings,
    inputs: { ...bakeAgain.settings.inputs, noCache: false, pull: false },
    outputOf: () => exportInto(layout),
  };
  const exportImage = async (target: BakeTarget, digest: string): Promise<void> => {
    if (!(await layout.hasImage(digest))) {
      const again = { ...bakeAgain, settings, tracker, targets: [target] };
      let result = await watchedBake(host, again, caches);
      if (result.kind === "failed" && settings.placesOf !== undefined) {
        // It may have been the cache.
        const placesOf = () => ({ from: [], to: [] });
        result = await watchedBake(host, { ...again, settings: { ...settings, placesOf } }, caches);
      }
      if (result.kind === "failed") throw exportError(target, result.message);
    }
    onImage(target.id, digest);
  };
  return {
    description: EXPORTED,
    outputOf: () => csv(["type=image", "push=false", ...IMAGE_OPTIONS]),
    async collect(built) {
      for (const { target, digest } of built) {
        exporting = exporting.then(() => exportImage(target, digest));
      }
      await exporting;
      return built.map(asBuilt);
    },
    isUnreachable: () => false,
    heardAt: () => 0,
    async [Symbol.asyncDispose]() {},
  };
}

/** Images are exported to the layout by the solves that build them, of which there is one at a time. */
export function openSingleExport({ layout, onImage }: DeliveryRequest): Delivery {
  return {
    description: EXPORTED,
    outputOf: () => exportInto(layout),
    async collect(built) {
      for (const { target, digest } of built) onImage(target.id, digest);
      return built.map(asBuilt);
    },
    isUnreachable: () => false,
    heardAt: () => 0,
    async [Symbol.asyncDispose]() {},
  };
}

const EXPORTED = "Images are exported, one after another";

function exportInto({ folder }: Layout): string {
  return csv(["type=oci", "tar=false", `dest=${folder}`]);
}

function asBuilt({ digest }: BuiltImage): DeliveredImage {
  return { digest, isSaved: false };
}

function exportError({ image, stage }: BakeTarget, message: string): ToolError {
  const what = `${image.name}/${stage.name} was built but cannot be exported: ${message}`;
  return new ToolError(what, { command: "docker buildx bake --set *.output=type=oci" });
}
