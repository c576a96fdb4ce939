import { describe, expect, it } from "vitest";
import { bakeTargets } from "../../src/build/bake-file.ts";
import type { BuildRequest } from "../../src/build/build-request.ts";
import { BuildSession } from "../../src/build/build-session.ts";
import type { Caches } from "../../src/build/cache/cache-places.ts";
import { createFiles } from "../../src/host/files.ts";
import type { Exec } from "../../src/host/host.ts";
import { makeDigest, makePlannedImage, makeStage } from "../make.ts";
import { makeLog } from "../publish/make-host.ts";
import { emptyBuildInputs } from "./captured.ts";

const TIMES = { started: "2026-01-01T00:00:00Z", completed: "2026-01-01T00:00:01Z" };
const FAILING = {
  digest: "a",
  name: "[image0-stage0 3/3] RUN pip install --no-cache-dir -r requirements.txt",
  error: "exit code: 1",
  ...TIMES,
};
const IMPORTING = { digest: "b", name: "importing cache manifest from x", started: TIMES.started };

/** One solve, as far as it matters here. */
interface Solve {
  readonly targets: readonly string[];
  readonly reads: boolean;
  readonly writes: boolean;
  readonly exports: boolean;
}

/** How a solve ends: with what it says last, or, where it stops to say anything, not by itself. */
interface Ending {
  readonly vertices: readonly object[];
  readonly how: "failed" | "hangs" | "built";
}

const BUILT: Ending = { vertices: [], how: "built" };

/** A buildx whose solves end as they are told to. */
function buildx(endingOf: (solve: Solve, earlier: number) => Ending) {
  const files = createFiles({ workspace: "/", env: {} });
  const solves: Solve[] = [];
  const exec: Exec = async (_command, args, options = {}) => {
    const after = (flag: string) => args[args.indexOf(flag) + 1] ?? "";
    const { target } = JSON.parse(await files.readText(after("--file")));
    const definitions: readonly Record<string, readonly string[]>[] = Object.values(target);
    const uses = (what: string) => definitions.some(({ [what]: places = [] }) => places.length > 0);
    const [reads, writes] = [uses("cache-from"), uses("cache-to")];
    const exports = JSON.stringify(target).includes("type=oci");
    const solve = { targets: Object.keys(target), reads, writes, exports };
    const { vertices, how } = endingOf(solve, solves.push(solve) - 1);
    options.onStderrLine?.(JSON.stringify({ vertexes: vertices }));
    if (how === "failed") options.onStderrLine?.("ERROR: target image0-stage0: exit code: 1");
    if (how === "hangs") await new Promise((end) => options.signal?.addEventListener("abort", end));
    const digests = solve.targets.map((id) => [id, { "containerimage.digest": makeDigest("1") }]);
    await files.writeText(after("--metadata-file"), JSON.stringify(Object.fromEntries(digests)));
    const exitCode = { failed: 1, hangs: undefined, built: 0 }[how];
    return { exitCode, stdout: "", stderr: "" };
  };
  return { exec, files, solves };
}

/** Builds `app` and `worker`, the cache being read from `x`. */
async function build(
  { exec, files }: ReturnType<typeof buildx>,
  {
    to = [],
    isExported = true,
    isBuilderNew = false,
  }: {
    readonly to?: readonly string[];
    readonly isExported?: boolean;
    readonly isBuilderNew?: boolean;
  } = {},
) {
  const images = [
    makePlannedImage(),
    makePlannedImage({ name: "worker", stages: [makeStage({ image: "worker" })] }),
  ];
  const targets = bakeTargets(images);
  const caches: Caches = {
    reads: true,
    writes: to.length > 0,
    placesOf: () => ({ from: ["type=registry,ref=x"], to }),
    foldersOf: () => [],
  };
  const logged: string[] = [];
  let restarts = 0;
  const known: Partial<BuildRequest> = {
    plan: { images },
    inputs: emptyBuildInputs,
    isBuilderNew,
    caches,
    patience: { silence: 0.3, writing: 1 },
    async restartBuilder() {
      restarts += 1;
    },
  };
  const request = {
    ...known,
    builder: { name: "own", store: "builder", reachesLoopback: false },
    layout: {
      folder: "/layout",
      hasImage: async () => isExported,
      addImage: async () => {},
      save: async () => {},
    },
    onImage() {},
  } as unknown as BuildRequest;
  const host = {
    ...{ exec, files, kind: "actions", env: {}, workspace: "/", log: makeLog(logged) },
    ...{ signal: new AbortController().signal, conceal: (text: string) => text },
  } as unknown as ConstructorParameters<typeof BuildSession>[0];
  const dockerfiles = { pathOf: () => "/Dockerfile", async [Symbol.asyncDispose]() {} };
  const log = { tell() {}, watch() {}, [Symbol.dispose]() {} };
  const session = new BuildSession(host, request, targets, { dockerfiles, log });
  const results = await session.run();
  return {
    kinds: [...results.values()].map(({ kind }) => kind),
    notes: await session.caches.finish(results),
    restarts,
    logged,
  };
}

const GIVEN_UP = [
  "The build cache could not be read, what it may hold was built anew: no sign of life for 0.3 s",
];

describe("a cache that stops to answer", () => {
  it("after a step has failed is given up, and what is left is solved without it", async () => {
    const engine = buildx(({ targets, reads }) => {
      if (targets.length > 1) return { vertices: [FAILING], how: "failed" };
      return reads ? { vertices: [IMPORTING], how: "hangs" } : BUILT;
    });
    const outcome = await build(engine);
    expect(outcome).toMatchObject({ kinds: ["unbuilt", "built"], notes: GIVEN_UP, restarts: 1 });
    expect(engine.solves.map(({ reads }) => reads)).toEqual([true, true, false]);
  });

  it("while an image is exported is given up, and the image exported without it", async () => {
    const engine = buildx(({ targets, reads, exports }) => {
      if (targets.length > 1) return { vertices: [FAILING], how: "failed" };
      return reads && exports ? { vertices: [IMPORTING], how: "hangs" } : BUILT;
    });
    const outcome = await build(engine, { isExported: false });
    expect(outcome).toMatchObject({ kinds: ["unbuilt", "built"], notes: GIVEN_UP, restarts: 1 });
    expect(engine.solves.map(({ reads }) => reads)).toEqual([true, true, true, false]);
  });

  it("in the solve in which a step fails is not asked again", async () => {
    const engine = buildx((_solve, earlier) =>
      earlier === 0 ? { vertices: [FAILING, IMPORTING], how: "hangs" } : BUILT,
    );
    const outcome = await build(engine);
    expect(outcome).toMatchObject({ kinds: ["unbuilt", "built"], notes: GIVEN_UP, restarts: 1 });
    expect(engine.solves.map(({ reads }) => reads)).toEqual([true, false]);
  });
});

describe("a cache that takes too long to be written", () => {
  it("is given up, though BuildKit has not begun to export it, and the log tells of it", async () => {
    const engine = buildx(({ writes }) => (writes ? { vertices: [], how: "hangs" } : BUILT));
    const { kinds, notes, logged } = await build(engine, { to: ["type=registry,ref=y"] });
    expect(kinds).toEqual(["built", "built"]);
    expect(notes).toEqual([
      "The build cache could not be written, the next run is slower: not done after 1 s",
    ]);
    expect(logged).toContainEqual(expect.stringContaining("Writing the build cache"));
  });
});

describe("a cache that has every step already", () => {
  it.each([
    { to: ["type=registry,ref=x"], isWritten: false },
    { to: ["type=registry,ref=x", "type=registry,ref=y"], isWritten: true },
  ])("is written only where another one is too: $to", async ({ to, isWritten }) => {
    const engine = buildx(() => BUILT);
    await build(engine, { to, isBuilderNew: true });
    expect(engine.solves.some(({ writes }) => writes)).toBe(isWritten);
  });

  it("is exported stage by stage by a new builder that cannot reach us", async () => {
    const engine = buildx(() => BUILT);
    const { kinds } = await build(engine, { isBuilderNew: true });
    expect(kinds).toEqual(["built", "built"]);
    const solve = { reads: true, writes: false, exports: true };
    expect(engine.solves).toEqual([
      { targets: ["image0-stage0"], ...solve },
      { targets: ["image1-stage0"], ...solve },
    ]);
  });
});
