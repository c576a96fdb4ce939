// An image of the engine, of either image store. The engine gives an image away whole or not at
// all, as an archive: it is asked for that only when something in it is not yet known.

import { join } from "node:path";
import { ToolError } from "../errors.ts";
import { asList, asRecord } from "../foreign-json.ts";
import type { Host } from "../host/host.ts";
import { listNearest, quoted, suggestion } from "../inputs/wording.ts";
import type { Memory } from "../state/memory.ts";
import { type Blobs, digestOf, withDocuments } from "./blobs.ts";
import { wrong } from "./choose-image.ts";
import { findImage } from "./files-source.ts";
import type { FoundImage, ImageSource, SourceSettings } from "./image-source.ts";
import { parseJson } from "./small-answers.ts";
import { openTar } from "./tar-members.ts";

/** What is needed of a host to get images out of an engine. */
export type EngineHost = Pick<Host, "exec" | "files" | "log">;

/**
 * Opens an image of the engine that `docker` talks to.
 * @throws UserError when it has no such image; ToolError when it does not do its work
 */
export async function openEngineImage(
  host: EngineHost,
  reference: string,
  settings: SourceSettings,
  memory: Memory,
): Promise<ImageSource> {
  const id = await imageId(host, reference);
  const archive = createArchive(host, id, settings);
  const { given, machine } = settings.platform;
  // What one that is not asked for comes to is not what one that is would be.
  const key = given === undefined ? `${id} on ${machine}` : `${id} for ${given}`;
  try {
    const known = (await recall(memory, key)) ?? (await learn(await archive.open()));
    await remember(memory, key, known);
    return {
      digest: known.digest,
      blobs: withDocuments(archive.blobs, known.documents),
      isSaved: true,
      [Symbol.asyncDispose]: archive.close,
    };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

async function imageId({ exec }: EngineHost, reference: string): Promise<string> {
  const args = ["image", "inspect", "--format", "{{.Id}}", reference];
  const { exitCode, stdout, stderr } = await exec("docker", args);
  if (exitCode === 0) return stdout.trim();
  if (!/no such image/i.test(stderr)) throw failed(args, exitCode, stderr);
  const names = await imageNames(exec);
  const there = names.length > 0 ? `; it has ${listNearest(reference, names)}` : " or any other";
  const hint = suggestion(reference, names);
  const pull = `pull it, or ask the registry itself with registry://${reference}`;
  throw wrong(`the engine has no image ${quoted(reference)}${there}${hint || `; ${pull}`}`);
}

async function imageNames(exec: EngineHost["exec"]): Promise<readonly string[]> {
  const args = ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"];
  const { stdout } = await exec("docker", args);
  return stdout.split("\n").filter((name) => name !== "" && !name.includes("<none>"));
}

/** What `docker save` gives, asked for when it is needed, and once. */
interface Archive {
  /** Reads from it what it has to be asked for. */
  readonly blobs: Blobs;
  open(): Promise<FoundImage>;
  close(): Promise<void>;
}

function createArchive(host: EngineHost, id: string, settings: SourceSettings): Archive {
  const cleaning = new AsyncDisposableStack();
  let opening: Promise<FoundImage> | undefined;
  const open = () => {
    opening ??= save(host, id, settings, cleaning);
    return opening;
  };
  return {
    open,
    close: () => cleaning.disposeAsync(),
    blobs: {
      has: async (digest) => (await open()).blobs.has(digest),
      async *read(digest) {
        yield* (await open()).blobs.read(digest);
      },
    },
  };
}

async function save(
  { exec, files, log }: EngineHost,
  id: string,
  settings: SourceSettings,
  cleaning: AsyncDisposableStack,
): Promise<FoundImage> {
  const folder = cleaning.use(await files.temporaryFolder("engine", settings.scratch));
  const path = join(folder.path, "image.tar");
  const args = ["image", "save", id];
  log.progress(`asking the engine for ${id}`);
  const { exitCode, stderr } = await exec("docker", args, {
    onStdout: (bytes) => files.writeStream(path, bytes),
  });
  if (exitCode !== 0) throw failed(args, exitCode, stderr);
  const members = { ...(await openTar({ files }, path)), name: id };
  return await findImage(members, { kind: "only" }, settings);
}

/** An image's manifest and configuration: enough to see whether its layers are known. */
interface Known {
  readonly digest: string;
  readonly documents: ReadonlyMap<string, Uint8Array>;
}

async function learn({ digest, blobs }: FoundImage): Promise<Known> {
  const manifest = await readAll(blobs.read(digest));
  // Its form was looked at when it was chosen.
  const { config } = asRecord(JSON.parse(manifest.toString("utf8")));
  const configDigest = String(asRecord(config).digest);
  const documents = [
    [digest, manifest] as const,
    [configDigest, await readAll(blobs.read(configDigest))] as const,
  ];
  return { digest, documents: new Map(documents) };
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function remember(memory: Memory, key: string, known: Known): Promise<void> {
  const documents = [...known.documents].map(([digest, bytes]) => [
    digest,
    Buffer.from(bytes).toString("base64"),
  ]);
  const text = JSON.stringify({ digest: known.digest, documents });
  await memory.remember("images", key, Buffer.from(text));
}

/** Undefined where what comes back is not whole: then the engine is asked again. */
async function recall(memory: Memory, key: string): Promise<Known | undefined> {
  const bytes = await memory.recall("images", key);
  if (bytes === undefined) return undefined;
  const { digest, documents } = asRecord(parseJson(Buffer.from(bytes).toString("utf8")));
  const whole = new Map<string, Uint8Array>();
  for (const [name, text] of asList(documents).map(asList)) {
    const content = Buffer.from(typeof text === "string" ? text : "", "base64");
    if (name === digestOf(content)) whole.set(digestOf(content), content);
  }
  return typeof digest === "string" && whole.has(digest) ? { digest, documents: whole } : undefined;
}

function failed(args: readonly string[], exitCode: number | undefined, stderr: string): ToolError {
  const command = `docker ${args.join(" ")}`;
  return new ToolError("The engine does not give the image", {
    command,
    ...(exitCode !== undefined && { exitCode }),
    stderrTail: stderr,
  });
}
