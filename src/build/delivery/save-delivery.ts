// The last resort, where images can neither be pushed to us nor exported: the engine's older image
// store keeps them under a name of ours, and gives them away as `docker save` does, with layers
// that are not packed.

import { messageOf, systemCodeOf, ToolError } from "../../errors.ts";
import { asList, asRecord } from "../../foreign-json.ts";
import type { ExecResult } from "../../host/host.ts";
import type { Layout } from "../../state/layout.ts";
import { type BakeTarget, csv } from "../bake-file.ts";
import { takeBareImage } from "./bare-image.ts";
import type {
  BuiltImage,
  DeliveredImage,
  Delivery,
  DeliveryHost,
  DeliveryRequest,
} from "./delivery.ts";
import { newImageName, removePushedImages } from "./pushed-images.ts";
import { takeArchive } from "./saved-archive.ts";
import { SilenceWatch } from "./silence-watch.ts";

/** No port is this one: the name belongs to no registry. */
const NOWHERE = "127.0.0.1:0";

/** Seconds in which an engine has to tell of images. */
const INSPECT_SECONDS = 120;

/**
 * Seconds in which something of an archive has to come. An engine with the older store puts all of it into
 * a folder first: https://github.com/moby/moby/blob/v27.5.1/image/tarexport/save.go
 */
const SAVE_SILENCE_SECONDS = 30 * 60;

/** What the reader of a report should know of images that are saved. */
export function savedNote(reason: string): string {
  return `Images are saved by the engine: ${reason}.`;
}

/**
 * Images are saved by the engine after all of them were built.
 * @param silence seconds in which something has to come of what it saves
 */
export function openSaveDelivery(
  host: DeliveryHost,
  { layout, onImage, open }: DeliveryRequest,
  silence = SAVE_SILENCE_SECONDS,
): Delivery {
  const repository = `${NOWHERE}/${newImageName(host)}`;
  const nameOf = ({ id }: BakeTarget) => `${repository}:${id}`;
  const names = new Set<string>();
  let saving: Promise<unknown> = Promise.resolve();
  const save = async (built: readonly BuiltImage[]): Promise<readonly DeliveredImage[]> => {
    const wanted = built.map(({ target, digest }) => ({ name: nameOf(target), id: digest }));
    const taking = takeImages(host, layout, wanted, silence);
    const taken = await open.during("the engine, which saves its images", taking);
    return built.map(({ target, digest: id }) => {
      const digest = taken.get(id);
      if (digest === undefined) throw notSaved(target);
      onImage(target.id, digest);
      return { digest, isSaved: true };
    });
  };
  return {
    description: "Images are saved by the engine, whose older image store exports nothing",
    outputOf(target) {
      names.add(nameOf(target));
      return csv(["type=image", `name=${nameOf(target)}`, "push=false"]);
    },
    collect(built) {
      // What two at the same time have in common each would write.
      const saved = saving.then(() => save(built));
      saving = saved;
      return saved;
    },
    isUnreachable: () => false,
    heardAt: () => 0,
    async [Symbol.asyncDispose]() {
      await removePushedImages(host, [...names]);
    },
  };
}

/** An image of the engine. */
interface EngineImage {
  readonly name: string;
  /** Digest of its configuration, which is all that the older image store knows it by. */
  readonly id: string;
}

/**
 * Takes those images into the layout that it does not have: asked for together, what they share is
 * given once.
 * @returns the digest of each one's manifest, by its ID
 */
async function takeImages(
  host: DeliveryHost,
  layout: Layout,
  wanted: readonly EngineImage[],
  silence: number,
): Promise<ReadonlyMap<string, string>> {
  const known = await knownImages(layout);
  const unknown = wanted.filter(({ id }) => !known.has(id));
  if (unknown.length === 0) return known;
  const taken = new Map(known);
  const names: string[] = [];
  for (const { name, id, inspected, isBare } of await inspectImages(host, unknown)) {
    if (isBare) taken.set(id, await takeBareImage(layout, inspected));
    else names.push(name);
  }
  if (names.length === 0) return taken;
  return new Map([...taken, ...(await saveImages(host, layout, { names, silence }))]);
}

/**
 * What the layout has, from this run or an earlier one. If it was pushed then, its layers are packed
 * and its download is known.
 */
async function knownImages(layout: Layout): Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, string>();
  for (const { digest } of layout.entries()) {
    const { config } = await layout.documents(digest);
    known.set(config.digest, digest);
  }
  return known;
}

interface InspectedImage extends EngineImage {
  readonly inspected: Readonly<Record<string, unknown>>;
  /** The engine saves no image that has no layer. */
  readonly isBare: boolean;
}

async function inspectImages(
  { exec }: DeliveryHost,
  images: readonly EngineImage[],
): Promise<readonly InspectedImage[]> {
  const args = ["image", "inspect", ...images.map(({ name }) => name)];
  const result = await exec("docker", args, { timeoutSeconds: INSPECT_SECONDS });
  const { exitCode, stdout } = result;
  if (exitCode !== 0) {
    const isSlow = exitCode === undefined && result.endedBy === undefined;
    const how = isSlow ? ` within ${INSPECT_SECONDS} s` : "";
    throw failed(`The engine does not show its images${how}`, "inspect", result);
  }
  const answers = asList(JSON.parse(stdout)).map(asRecord);
  return images.map((image, at) => {
    const inspected = answers[at] ?? {};
    const isBare = asList(asRecord(inspected.RootFS).Layers).length === 0;
    return { ...image, inspected, isBare };
  });
}

/** https://docs.docker.com/engine/release-notes/25.0/ */
const TOO_OLD =
  "The engine does not save its images as an OCI layout: that takes Docker Engine 25 or newer";

async function saveImages(
  { exec, signal }: DeliveryHost,
  layout: Layout,
  { names, silence }: { readonly names: readonly string[]; readonly silence: number },
): Promise<ReadonlyMap<string, string>> {
  let taken: ReadonlyMap<string, string> | undefined;
  let damage: unknown;
  using watch = new SilenceWatch(silence);
  const result = await exec("docker", ["image", "save", ...names], {
    signal: AbortSignal.any([signal, watch.signal]),
    async onStdout(archive) {
      try {
        taken = await takeArchive(layout, watch.listening(archive));
      } catch (error) {
        // A full disk is not the archive's fault.
        if (systemCodeOf(error) !== undefined) throw error;
        damage = error;
      }
    },
  });
  if (watch.signal.aborted) {
    const what = `The engine does not save its images: nothing has come of them for ${silence} s`;
    throw failed(what, "save", result);
  }
  if (damage !== undefined) {
    const what = `What the engine saves of its images cannot be used: ${messageOf(damage)}`;
    throw failed(what, "save", result, damage);
  }
  if (result.exitCode !== 0) throw failed("The engine does not save its images", "save", result);
  if (taken === undefined) throw failed(TOO_OLD, "save", result);
  return taken;
}

function failed(
  what: string,
  command: "inspect" | "save",
  { exitCode, stderr }: Pick<ExecResult, "exitCode" | "stderr">,
  cause?: unknown,
): ToolError {
  return new ToolError(what, {
    command: `docker image ${command}`,
    ...(exitCode !== undefined && { exitCode }),
    stderrTail: stderr,
    cause,
  });
}

function notSaved({ image, stage }: BakeTarget): ToolError {
  const what = `${image.name}/${stage.name} was built, but is not among what the engine has saved`;
  return new ToolError(what, { command: "docker image save" });
}
