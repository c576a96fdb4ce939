import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openSaveDelivery } from "../../../src/build/delivery/save-delivery.ts";
import { OpenVertices } from "../../../src/build/progress/open-vertices.ts";
import type { ExecOptions, Host } from "../../../src/host/host.ts";
import { type Layout, openLayout } from "../../../src/state/layout.ts";
import { makePlannedImage, makeStage } from "../../make.ts";
import { temporary } from "../../state/crafted.ts";
import { archive, type CraftedEntry } from "../../tar/tar-writer.ts";

const image = makePlannedImage();
const target = (id: string) => ({ id, image, stage: makeStage({ name: id }) });

/** An image of one layer, as the engine has it. */
interface EngineImage {
  readonly id: string;
  readonly digest: string;
  readonly blobs: readonly CraftedEntry[];
  readonly layers: readonly string[];
}

function imageOf(layer: string): EngineImage {
  const config = JSON.stringify({ os: "linux", architecture: "amd64", made: layer });
  const described = (text: string) => ({ digest: digestOf(text), size: text.length });
  const manifest = JSON.stringify({ config: described(config), layers: [described(layer)] });
  const blobs = [layer, config, manifest].map((text) => ({
    path: `blobs/sha256/${digestOf(text).slice("sha256:".length)}`,
    content: text,
  }));
  return {
    id: digestOf(config),
    digest: digestOf(manifest),
    blobs,
    layers: [digestOf(layer)],
  };
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

const one = imageOf("one");
const two = imageOf("two");
const bare = { id: digestOf("bare"), digest: "", blobs: [], layers: [] };

/** What `docker save` writes of these images. */
function saved(...images: readonly EngineImage[]): Uint8Array {
  const manifests = images.map(({ digest }) => ({ digest, size: 1 }));
  const index = { path: "index.json", content: JSON.stringify({ manifests }) };
  return archive(...images.flatMap(({ blobs }) => blobs), index);
}

/** An engine with these images under the tags `0`, `1`, … that saves this. */
function engine(host: Host, images: readonly EngineImage[], archived: Uint8Array, exitCode = 0) {
  const commands: (readonly string[])[] = [];
  const exec = async (_: string, args: readonly string[], { onStdout }: ExecOptions = {}) => {
    const [, command = "", ...names] = args;
    if (command === "ls") return { exitCode: 0, stdout: "", stderr: "" };
    commands.push([command, ...names.map((name) => name.split(":").at(-1) ?? "")]);
    await onStdout?.(pieces(archived));
    const asked = names.map((name) => images[Number(name.split(":").at(-1))]);
    const stdout = JSON.stringify(
      asked.map((found) => ({
        Architecture: "amd64",
        Os: "linux",
        Config: { User: "app" },
        RootFS: { Layers: found?.layers },
      })),
    );
    const code = command === "save" ? exitCode : 0;
    return { exitCode: code, stdout, stderr: code === 0 ? "" : "no such image" };
  };
  return { commands, host: { ...host, exec } };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const builder = {
  ...{ name: undefined, driver: "docker", store: "graph" as const },
  ...{ reachesLoopback: false, writesCache: false, versions: {} },
};

async function deliver(
  host: Host,
  layout: Layout,
  images: readonly EngineImage[],
  { open = new OpenVertices(), silence }: { open?: OpenVertices; silence?: number } = {},
) {
  const told: string[] = [];
  const onImage = (id: string, digest: string) => void told.push(`${id} ${digest}`);
  await using delivery = openSaveDelivery(host, { builder, layout, onImage, open }, silence);
  const built = images.map(({ id }, at) => ({ target: target(String(at)), digest: id }));
  for (const each of built) delivery.outputOf(each.target);
  return { delivered: await delivery.collect(built), told };
}

describe("images that are saved", () => {
  it("are in the layout under the digests of their manifests, and removed from the engine", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, `${place.folder}/layout`);
    const { host, commands } = engine(place.host, [one, two], saved(one, two));
    const { delivered, told } = await deliver(host, layout, [one, two]);
    expect(delivered).toEqual([
      { digest: one.digest, isSaved: true },
      { digest: two.digest, isSaved: true },
    ]);
    expect(told).toEqual([`0 ${one.digest}`, `1 ${two.digest}`]);
    for (const { digest } of delivered) expect(await layout.hasImage(digest)).toBe(true);
    expect(commands).toEqual([
      ["inspect", "0", "1"],
      ["save", "0", "1"],
      ["rm", "0", "1"],
    ]);
  });

  it("are not asked for where the layout has them", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, `${place.folder}/layout`);
    const first = engine(place.host, [one], saved(one));
    const [known] = (await deliver(first.host, layout, [one])).delivered;
    await layout.addImage(known?.digest ?? "", "app/one");
    const { host, commands } = engine(place.host, [one, two], saved(two));
    const { delivered } = await deliver(host, layout, [one, two]);
    expect(delivered.map(({ digest }) => digest)).toEqual([one.digest, two.digest]);
    expect(commands).toEqual([
      ["inspect", "1"],
      ["save", "1"],
      ["rm", "0", "1"],
    ]);
  });

  it("are written down where they have no layer, which no engine saves", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, `${place.folder}/layout`);
    const { host, commands } = engine(place.host, [bare], new Uint8Array(0));
    const [delivered] = (await deliver(host, layout, [bare])).delivered;
    const { config, layers } = await layout.documents(delivered?.digest ?? "");
    expect(layers).toEqual([]);
    const text = await place.host.files.readText(layout.blobPath(config.digest));
    expect(JSON.parse(text)).toMatchObject({ os: "linux", config: { User: "app" } });
    expect(commands.map(([command]) => command)).toEqual(["inspect", "rm"]);
  });
});

describe("what cannot be saved", () => {
  const old = archive({ path: "manifest.json", content: "[]" }, { path: "1/layer.tar" });
  const [layer, ...others] = one.blobs;
  const damaged = {
    ...one,
    blobs: [{ ...layer, path: layer?.path ?? "", content: "?" }, ...others],
  };
  const lacking = { ...one, blobs: others };

  it.each([
    ["an engine that is too old", old, 0, "that takes Docker Engine 25 or newer"],
    ["an engine that has no such image", new Uint8Array(0), 1, "does not save its images"],
    ["an archive that ends too early", saved(one).subarray(0, 514), 1, "is cut off"],
    ["a blob that is damaged", saved(damaged), 0, `${one.layers[0]} is damaged`],
    ["a blob that is missing", saved(lacking), 0, `${one.digest} is not whole`],
    ["another image", saved(two), 0, "is not among what the engine has saved"],
  ])("is told: %s", async (_, archived, exitCode, message) => {
    using place = temporary();
    const layout = await openLayout(place.host, `${place.folder}/layout`);
    const { host, commands } = engine(place.host, [one], archived, exitCode);
    await expect(deliver(host, layout, [one])).rejects.toThrow(message);
    await expect(deliver(host, layout, [one])).rejects.toHaveProperty("name", "ToolError");
    expect(commands.at(-1)).toEqual(["rm", "0"]);
  });
});

describe("an engine that stops to answer", () => {
  /** It does nothing at one command until it is stopped, but what it is to do first. */
  function stuckEngine(host: Host, stuck: string, begin: Uint8Array = new Uint8Array(0)) {
    const { host: answering } = engine(host, [one], saved(one));
    const exec = async (command: string, args: readonly string[], options: ExecOptions = {}) => {
      if (args[1] !== stuck) return await answering.exec(command, args, options);
      if (options.timeoutSeconds === undefined) {
        const stopped = new Promise((end) => options.signal?.addEventListener("abort", end));
        const output = async function* () {
          yield begin;
          await stopped;
        };
        await options.onStdout?.(output());
      }
      return { exitCode: undefined, stdout: "", stderr: "" };
    };
    return { ...host, exec };
  }

  it.each([
    ["says nothing", new Uint8Array(0)],
    ["stops in the middle", saved(one).subarray(0, 600)],
  ])("is not waited for without end where it %s of what it saves", async (_, begin) => {
    using place = temporary();
    const layout = await openLayout(place.host, `${place.folder}/layout`);
    const saving = deliver(stuckEngine(place.host, "save", begin), layout, [one], { silence: 0.1 });
    await expect(saving).rejects.toThrow("nothing has come of them for 0.1 s");
  });

  it("is not waited for without end where it shows no image", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, `${place.folder}/layout`);
    const saving = deliver(stuckEngine(place.host, "inspect"), layout, [one]);
    await expect(saving).rejects.toThrow("The engine does not show its images within 120 s");
  });

  it("is told to be waited for as long as it saves", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, `${place.folder}/layout`);
    const open = new OpenVertices();
    const { host: answering } = engine(place.host, [one], saved(one));
    const waited: (readonly string[])[] = [];
    const exec = async (command: string, args: readonly string[], options?: ExecOptions) => {
      waited.push([args[1] ?? "", ...open.list().map(({ name }) => name)]);
      return await answering.exec(command, args, options);
    };
    await deliver({ ...answering, exec }, layout, [one], { open });
    const words = "the engine, which saves its images";
    expect(waited.slice(0, 2)).toEqual([
      ["inspect", words],
      ["save", words],
    ]);
    expect(open.list()).toEqual([]);
  });
});
