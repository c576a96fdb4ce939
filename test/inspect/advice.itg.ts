// Every kind of advice, followed: a Dockerfile is built, then written as it is advised and built
// again, and what that saved is what was promised.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../scripts/lab/engine.ts";
import { ensureLab } from "../../scripts/lab/lab.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createImageStore } from "../../src/inspect/image-store.ts";
import { inspectStage } from "../../src/inspect/inspect.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import type { AdviceRule, StageImage } from "../../src/model/image.ts";
import { planFixture } from "../plan/plan-fixture.ts";
import { archive } from "../tar/tar-writer.ts";
import { exportTarget } from "./engine-images.ts";

/** A Dockerfile, and what becomes of it. */
interface Proof {
  readonly what: string;
  readonly rule: AdviceRule;
  readonly before: string;
  readonly after: string;
  /** Lines that the advice is about. */
  readonly lines: readonly number[];
  /** What it says to write instead, or a part of that. */
  readonly instead: string;
  /** The `.dockerignore` that goes with what is written instead. */
  readonly ignore?: string;
}

const PROOFS: readonly Proof[] = [
  {
    what: "an owner is given while copying",
    rule: "metadata-only",
    before: "FROM busybox:1.35 AS last\nCOPY app /app\nRUN chown -R 10001:10001 /app\n",
    after: "FROM busybox:1.35 AS last\nCOPY --chown=10001:10001 app /app\n",
    lines: [2, 3],
    instead: "COPY --chown=10001:10001 app /app",
  },
  {
    what: "a mode is given while copying",
    rule: "metadata-only",
    before: "FROM busybox:1.35 AS last\nCOPY app /app\nRUN chmod -R 700 /app\n",
    after: "FROM busybox:1.35 AS last\nCOPY --chmod=700 app /app\n",
    lines: [2, 3],
    instead: "COPY --chmod=700 app /app",
  },
  {
    what: "a mode is given in an earlier stage to what is unpacked",
    rule: "metadata-only",
    before: "FROM busybox:1.35 AS last\nADD app.tar /\nRUN chmod 700 /app/*\n",
    after: [
      "FROM busybox:1.35 AS unpacked",
      "ADD app.tar /",
      "RUN chmod 700 /app/*",
      "FROM busybox:1.35 AS last",
      "COPY --from=unpacked /app /app",
      "",
    ].join("\n"),
    lines: [2, 3],
    instead: "ADD it in an earlier stage, change its mode there, and COPY --from=… that here",
  },
  {
    what: "what is fetched and deleted is mounted",
    rule: "deleted-later",
    before: [
      "FROM busybox:1.35 AS last",
      "ADD http://ADDRESS/app.tar /tmp/app.tar",
      "RUN tar -xf /tmp/app.tar -C / && rm /tmp/app.tar",
      "",
    ].join("\n"),
    after: [
      "FROM busybox:1.35 AS fetched",
      "ADD http://ADDRESS/app.tar /tmp/app.tar",
      "FROM busybox:1.35 AS last",
      "RUN --mount=type=bind,from=fetched,source=/tmp/app.tar,target=/tmp/app.tar tar -xf /tmp/app.tar -C /",
      "",
    ].join("\n"),
    lines: [2, 3],
    instead: "RUN --mount=type=bind,from=…,source=/tmp/app.tar,target=/tmp/app.tar …",
  },
  {
    what: "what is unpacked and deleted stays in an earlier stage",
    rule: "deleted-later",
    before: "FROM busybox:1.35 AS last\nADD app.tar /\nRUN rm /app/large\n",
    after: [
      "FROM busybox:1.35 AS unpacked",
      "ADD app.tar /",
      "FROM busybox:1.35 AS last",
      "COPY --from=unpacked /app/small /app/small",
      "",
    ].join("\n"),
    lines: [2, 3],
    instead: "ADD it in an earlier stage, and COPY --from that only what is needed",
  },
  {
    what: "what is copied and deleted is left out",
    rule: "deleted-later",
    before: [
      "FROM busybox:1.35 AS build",
      "COPY app /app",
      "FROM busybox:1.35 AS last",
      "COPY --from=build /app /app",
      "RUN rm /app/large",
      "",
    ].join("\n"),
    after: [
      "FROM busybox:1.35 AS build",
      "COPY app /app",
      "FROM busybox:1.35 AS last",
      "COPY --from=build /app/small /app/small",
      "",
    ].join("\n"),
    lines: [4, 5],
    instead: "leave /app/large out of what line 4 copies, by naming what is needed",
  },
  {
    what: "what is deleted is deleted by the line that wrote it",
    rule: "deleted-later",
    before: [
      "FROM busybox:1.35 AS last",
      "RUN dd if=/dev/urandom of=/big bs=1M count=3",
      "RUN rm /big",
      "",
    ].join("\n"),
    after: "FROM busybox:1.35 AS last\nRUN dd if=/dev/urandom of=/big bs=1M count=3 && rm /big\n",
    lines: [2, 3],
    instead: "RUN dd if=/dev/urandom of=/big bs=1M count=3 && rm /big",
  },
  {
    what: "what is written again is written once",
    rule: "overwritten-later",
    before: [
      "FROM busybox:1.35 AS last",
      "RUN dd if=/dev/urandom of=/big bs=1M count=2",
      "RUN dd if=/dev/urandom of=/big bs=1M count=3",
      "",
    ].join("\n"),
    after: [
      "FROM busybox:1.35 AS last",
      "RUN dd if=/dev/urandom of=/big bs=1M count=2 && dd if=/dev/urandom of=/big bs=1M count=3",
      "",
    ].join("\n"),
    lines: [2, 3],
    instead:
      "RUN dd if=/dev/urandom of=/big bs=1M count=2 && dd if=/dev/urandom of=/big bs=1M count=3",
  },
  {
    what: "Python files are compiled once",
    rule: "compiled-cache",
    before: [
      "FROM python:3.11-slim AS last",
      "COPY module.py /code/module.py",
      "RUN python -m compileall -q /code",
      "RUN touch -d 2001-01-01 /code/module.py && python -m compileall -q /code",
      "",
    ].join("\n"),
    after: [
      "FROM python:3.11-slim AS last",
      "COPY module.py /code/module.py",
      "RUN touch -d 2001-01-01 /code/module.py && python -m compileall -q /code",
      "",
    ].join("\n"),
    lines: [3, 4],
    instead: "compile once: leave compileall out of line 3",
  },
  {
    what: "a package manager's cache is mounted",
    rule: "package-cache",
    before: [
      "FROM busybox:1.35 AS last",
      "RUN mkdir -p /root/.cache/pip && dd if=/dev/urandom of=/root/.cache/pip/wheel bs=1M count=3",
      "",
    ].join("\n"),
    after: [
      "FROM busybox:1.35 AS last",
      "RUN --mount=type=cache,target=/root/.cache/pip mkdir -p /root/.cache/pip && dd if=/dev/urandom of=/root/.cache/pip/wheel bs=1M count=3",
      "",
    ].join("\n"),
    lines: [2],
    instead: "RUN --mount=type=cache,target=/root/.cache/pip mkdir -p",
  },
  {
    what: "packages are not installed for being recommended",
    rule: "recommended-packages",
    before: [
      "FROM debian:bookworm-slim AS last",
      "RUN apt-get update && apt-get install -y zip && rm -rf /var/lib/apt/lists /var/cache/apt",
      "",
    ].join("\n"),
    after: [
      "FROM debian:bookworm-slim AS last",
      "RUN apt-get update && apt-get install --no-install-recommends -y zip && rm -rf /var/lib/apt/lists /var/cache/apt",
      "",
    ].join("\n"),
    lines: [2],
    instead: "apt-get install --no-install-recommends -y zip",
  },
  {
    what: "compilers stay in an earlier stage",
    rule: "build-tools",
    before: [
      "FROM debian:bookworm-slim AS last",
      "RUN apt-get update && apt-get install --no-install-recommends -y gcc libc6-dev less && rm -rf /var/lib/apt/lists /var/cache/apt",
      "",
    ].join("\n"),
    after: [
      "FROM debian:bookworm-slim AS last",
      "RUN apt-get update && apt-get install --no-install-recommends -y less && rm -rf /var/lib/apt/lists /var/cache/apt",
      "",
    ].join("\n"),
    lines: [2],
    instead: "install them in an earlier stage",
  },
  {
    what: "a folder of the build context is ignored",
    rule: "context",
    before: "FROM busybox:1.35 AS last\nCOPY . /app\n",
    after: "FROM busybox:1.35 AS last\nCOPY . /app\n",
    lines: [2],
    instead: "**/.git as a line of .dockerignore",
    ignore: "**/.git\n",
  },
  {
    what: "the same content is linked to",
    rule: "duplicate-content",
    before: "FROM busybox:1.35 AS last\nCOPY app /app\nCOPY app/large /data/large\n",
    after:
      "FROM busybox:1.35 AS last\nCOPY app /app\nRUN mkdir /data && ln -s /app/large /data/large\n",
    lines: [2, 3],
    instead: "ln -s /app/large /data/large",
  },
  {
    what: "one large file is left to be fetched",
    rule: "large-file",
    before: "FROM busybox:1.35 AS last\nRUN dd if=/dev/urandom of=/model bs=1M count=12\n",
    after: "FROM busybox:1.35 AS last\nRUN true\n",
    lines: [2],
    instead: "mount /model when the container starts",
  },
];

const LARGE = noise(1_500_000);
const SMALL = noise(5_000);
const APP = archive({ path: "app/large", content: LARGE }, { path: "app/small", content: SMALL });

let engine: Engine;
let folder: string;
/** What is fetched comes from here; the engine is on the same machine. */
const server = createServer((_, response) => response.end(APP));

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  ({ containerd: engine } = await ensureLab(["containerd", "images"]));
  folder = await mkdtemp(join(tmpdir(), "weighbridge-advice-"));
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("advice that is followed saves what it promised", () => {
  it.each(PROOFS.map((proof) => [proof.what, proof] as const))("%s", async (_, proof) => {
    const name = PROOFS.indexOf(proof);
    const before = await inspected(`${name}-before`, proof.before);
    const after = await inspected(`${name}-after`, proof.after, proof.ignore);
    const advice = before.advice.find(({ rule }) => rule === proof.rule);
    if (advice === undefined) throw new Error(JSON.stringify(before.advice));
    expect(advice.lines).toEqual(proof.lines);
    expect(advice.instead).toContain(proof.instead);
    const saved = before.unpacked - after.unpacked;
    expect(Math.abs(saved - advice.bytes)).toBeLessThan(saved * 0.02);
    expect(after.advice.filter(({ rule }) => rule === proof.rule)).toEqual([]);
  });
});

/** Builds a Dockerfile over a small project, and looks at its last stage. */
async function inspected(name: string, text: string, ignore = ""): Promise<StageImage> {
  const context = join(folder, name);
  const { port } = server.address() as AddressInfo;
  const project = {
    Dockerfile: text.replaceAll("ADDRESS", `127.0.0.1:${port}`),
    "app.tar": APP,
    ".dockerignore": ignore,
    "app/large": LARGE,
    "app/small": SMALL,
    ".git/objects/pack": noise(700_000),
    "module.py": Array.from({ length: 9_000 }, (_, at) => `value_${at} = ${at * 7919}`).join("\n"),
  };
  for (const [path, content] of Object.entries(project)) {
    await mkdir(dirname(join(context, path)), { recursive: true });
    await writeFile(join(context, path), content);
  }
  using host = createLocalHost({ workspace: context });
  const image = await planFixture(host, "Dockerfile");
  const stage = image.stages.at(-1);
  if (stage === undefined) throw new Error("no stage");
  const layout = join(folder, `${name}-layout`);
  const { digest, layerLines } = await exportTarget(
    engine,
    { context, file: "Dockerfile", layout },
    "last",
  );
  const forgetful = { recall: async () => undefined, remember: async () => {} };
  const images = createImageStore(host, forgetful, createLayerStore(host, forgetful));
  return await inspectStage(host, { layout, digest, image, stage, layerLines }, images);
}

/** Bytes that do not repeat, the same for every test. */
function noise(bytes: number): Uint8Array {
  let state = bytes;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
