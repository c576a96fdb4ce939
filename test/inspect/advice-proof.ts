// Advice that is followed: a Dockerfile is built, then written as it is advised and built again.

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { Engine, ImageStore } from "../../scripts/lab/engine.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createImageStore } from "../../src/inspect/image-store.ts";
import { inspectStage } from "../../src/inspect/inspect.ts";
import { ENTRY_KINDS, type LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import type { Advice, AdviceRule, StageImage } from "../../src/model/image.ts";
import { planFixture } from "../plan/plan-fixture.ts";
import { exportTarget, saveTarget } from "./engine-images.ts";

/** What is in a build context, by path: bytes, text, or where a symbolic link leads. */
export type Project = Readonly<
  Record<string, string | Uint8Array | { readonly link: string } | undefined>
>;

/** Advice as it is expected. */
export interface Expected {
  readonly rule: AdviceRule;
  /** Lines that it is about. */
  readonly lines: readonly number[];
  /** What it says to write instead, or a part of that. */
  readonly instead: string;
  /** A part of what it says is wrong. */
  readonly message?: string;
}

/** A Dockerfile, and what becomes of it; its last stage is called `last`. */
export interface Proof {
  readonly what: string;
  readonly before: string;
  /** Absent: the same. */
  readonly after?: string;
  /** Advice that is followed, all of it at once. */
  readonly followed: readonly Expected[];
  /** What is in the context beside what there is for all. */
  readonly context?: Project;
  /** What is written there, or taken out, since that is advised. */
  readonly changed?: Project;
  /** Files and folders have the same owners and modes as before. */
  readonly isSame?: true;
  /** What it is only advised with: absent, with any. */
  readonly store?: ImageStore;
}

/** Builds Dockerfiles over a project, and removes all of it in the end. */
export class Prover {
  readonly #engine: Engine;
  readonly #project: Project;
  readonly #folder: string;
  #count = 0;

  static async create(engine: Engine, project: Project): Promise<Prover> {
    const folder = await mkdtemp(join(tmpdir(), "weighbridge-advice-"));
    return new Prover(engine, project, folder);
  }

  private constructor(engine: Engine, project: Project, folder: string) {
    this.#engine = engine;
    this.#project = project;
    this.#folder = folder;
  }

  /** Follows advice, which saves what it promised and is not given once more. */
  async prove({ before, after = before, ...proof }: Proof): Promise<void> {
    const old = await this.#build(before, { ...this.#project, ...proof.context });
    const changed = { ...this.#project, ...proof.context, ...proof.changed };
    const now = await this.#build(after, changed);
    const followed = proof.followed.map((expected) => found(old.image.advice, expected));
    const promised = followed.reduce((sum, { bytes }) => sum + bytes, 0);
    const saved = old.image.unpacked - now.image.unpacked;
    expect(Math.abs(saved - promised)).toBeLessThan(saved * 0.02);
    for (const { rule, lines } of followed) {
      const again = now.image.advice.filter((each) => each.rule === rule);
      expect(again.filter((each) => each.lines.join() === lines.join())).toEqual([]);
    }
    if (!proof.isSame) return;
    expect(filesOf(now.layers)).toEqual(filesOf(old.layers));
    const [was, is] = [foldersOf(old.layers), foldersOf(now.layers)];
    for (const [path, state] of is)
      expect(`${path} ${state}`).toBe(`${path} ${was.get(path) ?? state}`);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #build(text: string, project: Project): Promise<Built> {
    this.#count++;
    const context = join(this.#folder, String(this.#count));
    await writeProject(context, { ...project, Dockerfile: text });
    using host = createLocalHost({ workspace: context });
    const image = await planFixture(host, "Dockerfile");
    const stage = image.stages.at(-1);
    if (stage === undefined) throw new Error("no stage");
    const layout = `${context}-layout`;
    const build = { context, file: "Dockerfile", layout };
    const exported =
      this.#engine.store === "graph"
        ? await saveTarget(this.#engine, build, "last")
        : await exportTarget(this.#engine, build, "last", "uncompressed");
    const forgetful = { recall: async () => undefined, remember: async () => {} };
    const layers = createLayerStore(host, forgetful);
    const images = createImageStore(host, forgetful, layers);
    const inspected = await inspectStage(host, { layout, image, stage, ...exported }, images);
    return { image: inspected, layers: (await layers.read(layout, exported.digest)).layers };
  }
}

interface Built {
  readonly image: StageImage;
  readonly layers: readonly LayerIndex[];
}

function found(advice: readonly Advice[], expected: Expected): Advice {
  const { rule, lines, instead, message = "" } = expected;
  const one = advice.find((each) => {
    const isAbout = each.rule === rule && each.lines.join() === lines.join();
    return isAbout && each.instead.includes(instead) && each.message.includes(message);
  });
  if (one !== undefined) return one;
  throw new Error(`expected ${JSON.stringify(expected)}, not ${JSON.stringify(advice, null, 1)}`);
}

/** The files that a container sees, each with owner, mode, and what stands for its content. */
function filesOf(layers: readonly LayerIndex[]): readonly string[] {
  const { filesAt, files, owners, paths } = applyLayers(layers);
  const seen: string[] = [];
  for (let path = 0; path < filesAt.length; path++) {
    const file = filesAt.at(path) - 1;
    if (file === -1) continue;
    const { uid = 0, gid = 0 } = owners[files.owners.at(file)] ?? {};
    seen.push(
      `${paths.textOf(path)} ${uid}:${gid} ${files.modes.at(file).toString(8)} ${files.contents.at(file)}`,
    );
  }
  return seen.sort();
}

/** The owner and the mode of each folder, as the last layer has it that has it. */
function foldersOf(layers: readonly LayerIndex[]): ReadonlyMap<string, string> {
  const { paths, layerPaths } = applyLayers(layers);
  const found = new Map<string, string>();
  layers.forEach(({ entries, owners }, layer) => {
    entries.paths.forEach((path, entry) => {
      if (ENTRY_KINDS[entries.kinds[entry] ?? 0] !== "folder") return;
      const { uid = 0, gid = 0 } = owners[entries.owners[entry] ?? 0] ?? {};
      const mode = (entries.modes[entry] ?? 0).toString(8);
      found.set(paths.textOf(layerPaths[layer]?.[path] ?? 0), `${uid}:${gid} ${mode}`);
    });
  });
  return found;
}

async function writeProject(context: string, project: Project): Promise<void> {
  for (const [path, content] of Object.entries(project)) {
    if (content === undefined) continue;
    const file = join(context, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === "string" || content instanceof Uint8Array)
      await writeFile(file, content);
    else await symlink(content.link, file);
  }
}

/** Bytes that do not repeat, the same for every test. */
export function noise(bytes: number, seed = bytes): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
