// A folder with images in it, and a host to read them with.
import { readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../src/errors.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import { asLayout } from "../../src/sources/blobs.ts";
import type { ImageSource } from "../../src/sources/image-source.ts";
import { openImage } from "../../src/sources/sources.ts";
import type { Memory } from "../../src/state/memory.ts";
import { openWorkshop, type Workshop } from "../tools/workshop.ts";
import type { LayoutFiles } from "./crafted-images.ts";

/** What was read through a source. */
export interface SeenImage {
  readonly digest: string;
  readonly platform: string;
  readonly isSaved: boolean;
  /** Bytes of the files of each layer, lowest first. */
  readonly unpacked: readonly number[];
}

export interface SourceRoom extends AsyncDisposable {
  readonly workshop: Workshop;
  readonly memory: Memory;
  write(path: string, bytes: Uint8Array): Promise<void>;
  writeAll(folder: string, files: LayoutFiles): Promise<void>;
  /** Opens an image and reads it to its end. */
  see(target: string, platform?: string): Promise<SeenImage>;
  /** What a user is told who asks for this. */
  complaint(target: string, platform?: string): Promise<string>;
  /** Names in the folder for what does not outlive the command. */
  scratch(): readonly string[];
}

/** An empty room; images are for `linux/amd64` where nothing else is said. */
export async function openSourceRoom(
  env: Readonly<Record<string, string>> = {},
): Promise<SourceRoom> {
  const workshop = await openWorkshop(env);
  const { host, workspace } = workshop;
  const memory = keptInMemory();
  const scratch = join(workshop.outside, "scratch");
  const open = (target: string, platform?: string): Promise<ImageSource> => {
    const wanted = { machine: "linux/amd64", ...(platform !== undefined && { given: platform }) };
    return openImage(host, target, { platform: wanted, scratch }, memory);
  };
  const write = async (path: string, bytes: Uint8Array) => {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), bytes);
  };
  return {
    workshop,
    memory,
    write,
    async writeAll(folder, files) {
      for (const [path, bytes] of files) await write(join(folder, path), bytes);
    },
    async see(target, platform) {
      await using source = await open(target, platform);
      const { layout, files } = asLayout(source.blobs);
      const store = createLayerStore({ files, log: host.log }, keptInMemory());
      const { image, layers } = await store.read(layout, source.digest);
      return {
        digest: image.digest,
        platform: image.config.platform,
        isSaved: source.isSaved,
        unpacked: layers.map(({ unpacked }) => unpacked),
      };
    },
    async complaint(target, platform) {
      try {
        await using _source = await open(target, platform);
        return "nothing is wrong";
      } catch (error) {
        return error instanceof UserError ? error.message : `no complaint: ${error}`;
      }
    },
    scratch: () => namesIn(scratch),
    [Symbol.asyncDispose]: () => workshop[Symbol.asyncDispose](),
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function keptInMemory(): Memory {
  const kept = new Map<string, Uint8Array>();
  return {
    recall: async (kind, key) => kept.get(`${kind} ${key}`),
    async remember(kind, key, bytes) {
      kept.set(`${kind} ${key}`, bytes);
    },
  };
}
