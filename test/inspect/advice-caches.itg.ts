// Advice on what package managers leave behind, followed with the package managers themselves.

import { afterAll, beforeAll, describe, it } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { noise, type Proof, Prover } from "./advice-proof.ts";

/** What a registry sends it may forbid to keep; a wheel that pip builds itself is always kept. */
const PIP = "pip install --no-build-isolation future==0.18.2";
const PYTHON = "FROM python:3.11-slim AS last\n";
/** The image's own settings delete what was fetched; without them a cache can be mounted. */
const DEBIAN =
  "FROM debian:bookworm-slim AS last\nRUN sed -i /Post-Invoke/d /etc/apt/apt.conf.d/*\n";
const APT = "apt-get install -y --no-install-recommends less patch";
const UPDATED = "apt-get update && apt-get install -y --no-install-recommends";
/** Files of the cache get another mode later, by which they are stored twice. */
const IN_HOME =
  "useradd -m u && mkdir -p /home/u/.cache/pip && seq 200000 > /home/u/.cache/pip/a && seq 300000 > /home/u/.cache/pip/b";
const NODE = "FROM node:22-slim AS last\nWORKDIR /app\nCOPY package.json .\n";
const apt = (folder: string) => `--mount=type=cache,target=/var/${folder},sharing=locked`;

const PROOFS: readonly Proof[] = [
  {
    what: "pip's cache is deleted where it belongs to another user than root",
    before: `${PYTHON}RUN useradd -u 1000 -m app\nUSER app\nRUN ${PIP}\n`,
    after: `${PYTHON}RUN useradd -u 1000 -m app\nUSER app\nRUN ${PIP} && rm -r /home/app/.cache/pip\n`,
    followed: [
      {
        ...{ rule: "package-cache", lines: [4] },
        instead: "Let line 4 delete `/home/app/.cache/pip` before it ends.",
      },
    ],
  },
  {
    what: "apt's lists and archives are mounted",
    before: `${DEBIAN}RUN apt-get update && ${APT}\n`,
    after: `${DEBIAN}RUN ${apt("lib/apt/lists")} ${apt("cache/apt")} apt-get update && ${APT}\n`,
    followed: [
      {
        ...{ rule: "package-cache", lines: [3] },
        message: " Line 3 leaves `/var/cache/apt` behind",
        instead: `RUN ${apt("lib/apt/lists")} ${apt("cache/apt")} apt-get update && ${APT}`,
      },
    ],
  },
  {
    what: "apt's lists are mounted by each line that fetches them",
    before: `FROM debian:bookworm-slim AS last\nRUN ${UPDATED} less\nRUN ${UPDATED} patch\n`,
    after: `FROM debian:bookworm-slim AS last\nRUN ${apt("lib/apt/lists")} ${UPDATED} less\nRUN ${apt("lib/apt/lists")} ${UPDATED} patch\n`,
    followed: [
      {
        ...{ rule: "package-cache", lines: [2] },
        message: "Line 3 uses it too: give it the same mount.",
        instead: `RUN ${apt("lib/apt/lists")} ${UPDATED} less`,
      },
    ],
  },
  {
    what: "a cache is deleted with the home that its line makes",
    before: `FROM debian:bookworm-slim AS last\nRUN ${IN_HOME}\nRUN find /home/u -name a -exec chmod 600 {} +\n`,
    after: `FROM debian:bookworm-slim AS last\nRUN ${IN_HOME} && rm -r /home/u/.cache/pip\n`,
    followed: [
      {
        ...{ rule: "package-cache", lines: [2] },
        instead: "Let line 2 delete `/home/u/.cache/pip` before it ends.",
      },
    ],
  },
  {
    what: "npm's cache and that of its programs are mounted",
    before: `${NODE}RUN npm install\n`,
    after: `${NODE}RUN --mount=type=tmpfs,target=/tmp --mount=type=cache,target=/root/.npm/_cacache npm install\n`,
    followed: [
      {
        ...{ rule: "package-cache", lines: [4] },
        message: "Line 4 leaves `/root/.npm/_cacache` behind",
        instead:
          "RUN --mount=type=tmpfs,target=/tmp --mount=type=cache,target=/root/.npm/_cacache npm install",
      },
    ],
  },
  {
    what: "what is made in a temporary folder and copied from there is kept only where it is copied to",
    before: "FROM busybox:1.35 AS last\nRUN cd /tmp && seq 200000 > tool && cp tool /bin/tool\n",
    after:
      "FROM busybox:1.35 AS last\nRUN --mount=type=tmpfs,target=/tmp cd /tmp && seq 200000 > tool && cp tool /bin/tool\n",
    followed: [
      {
        ...{ rule: "package-cache", lines: [2] },
        instead:
          "RUN --mount=type=tmpfs,target=/tmp cd /tmp && seq 200000 > tool && cp tool /bin/tool",
      },
    ],
  },
  {
    what: "what a line leaves in several folders is told as one, with all that it saves",
    before:
      "FROM busybox:1.35 AS last\nRUN mkdir -p /root/.cache/pip && seq 200000 > /root/.cache/pip/a && seq 300000 > /tmp/b\n",
    after:
      "FROM busybox:1.35 AS last\nRUN --mount=type=tmpfs,target=/tmp --mount=type=cache,target=/root/.cache/pip mkdir -p /root/.cache/pip && seq 200000 > /root/.cache/pip/a && seq 300000 > /tmp/b\n",
    followed: [
      {
        ...{ rule: "package-cache", lines: [2] },
        instead:
          "RUN --mount=type=tmpfs,target=/tmp --mount=type=cache,target=/root/.cache/pip mkdir -p",
      },
    ],
  },
  {
    what: "packages that a line installs are not copied over it",
    before: `${NODE}RUN npm install --cache /dev/shm\nCOPY . .\n`,
    followed: [
      { rule: "context", lines: [5], instead: "Write `node_modules` into `.dockerignore`." },
    ],
    context: { "node_modules/lodash/lodash.js": noise(500_000), "index.js": "" },
    changed: { ".dockerignore": "node_modules\n" },
  },
  {
    what: "packages that a line installs are not copied before it",
    before: `${NODE}COPY . .\nRUN npm install --cache /dev/shm\n`,
    followed: [
      { rule: "context", lines: [4, 5], instead: "Write `node_modules` into `.dockerignore`." },
    ],
    context: { "node_modules/lodash/lodash.js": noise(500_000), "index.js": "" },
    changed: { ".dockerignore": "node_modules\n" },
  },
];

let prover: Prover;

beforeAll(async () => {
  const { containerd } = await labParts(["containerd", "images"]);
  const dependencies = { lodash: "4.17.21" };
  prover = await Prover.create(containerd, {
    "package.json": JSON.stringify({ name: "shop", version: "1.0.0", dependencies }),
  });
});

afterAll(() => prover.remove());

describe("advice on what package managers leave that is followed saves what it promised", () => {
  it.concurrent.each(PROOFS.map((proof) => [proof.what, proof] as const))(
    "%s",
    async (_, proof) => {
      await prover.prove(proof);
    },
  );
});
