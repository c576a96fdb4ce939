// Every kind of advice, followed: a Dockerfile is built, then written as it is advised and built
// again, and what that saved is what was promised.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, it } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { archive } from "../tar/tar-writer.ts";
import { noise, type Proof, Prover } from "./advice-proof.ts";

/** Makes a file with two names. */
const LINKED = "FROM busybox:1.35 AS build\nCOPY app /app\nRUN ln /app/large /app/other\n";

const PROOFS: readonly Proof[] = [
  {
    what: "a mode is given in an earlier stage to what is unpacked",
    before: "FROM busybox:1.35 AS last\nADD app.tar /\nRUN chmod 700 /app/*\n",
    after: [
      "FROM busybox:1.35 AS unpacked",
      "ADD app.tar /",
      "RUN chmod 700 /app/*",
      "FROM busybox:1.35 AS last",
      "COPY --from=unpacked /app /app",
      "",
    ].join("\n"),
    followed: [
      {
        rule: "metadata-only",
        lines: [2, 3],
        instead:
          "Use ADD in an earlier stage, change there what line 3 changes, and `COPY --from=…` that here.",
      },
    ],
  },
  {
    what: "what is fetched and deleted is mounted",
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
    followed: [
      {
        rule: "deleted-later",
        lines: [2, 3],
        instead: "RUN --mount=type=bind,from=…,source=/tmp/app.tar,target=/tmp/app.tar …",
      },
    ],
  },
  {
    what: "what is unpacked and deleted stays in an earlier stage",
    before: "FROM busybox:1.35 AS last\nADD app.tar /\nRUN rm /app/large\n",
    after: [
      "FROM busybox:1.35 AS unpacked",
      "ADD app.tar /",
      "FROM busybox:1.35 AS last",
      "COPY --from=unpacked /app/small /app/small",
      "",
    ].join("\n"),
    followed: [
      {
        rule: "deleted-later",
        lines: [2, 3],
        instead: "Use ADD in an earlier stage, and `COPY --from` that only what is needed.",
      },
    ],
  },
  {
    what: "what is copied and deleted is left out",
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
    followed: [
      {
        rule: "deleted-later",
        lines: [4, 5],
        instead: "Leave `/app/large` out of what line 4 copies, by naming what is needed",
      },
    ],
  },
  {
    what: "what is deleted is deleted by the line that wrote it",
    before: [
      "FROM busybox:1.35 AS last",
      "RUN dd if=/dev/urandom of=/big bs=1M count=3",
      "RUN rm /big",
      "",
    ].join("\n"),
    after: "FROM busybox:1.35 AS last\nRUN dd if=/dev/urandom of=/big bs=1M count=3 && rm /big\n",
    followed: [
      {
        rule: "deleted-later",
        lines: [2, 3],
        instead: "RUN dd if=/dev/urandom of=/big bs=1M count=3 && rm /big",
      },
    ],
  },
  {
    what: "what is written again is written once",
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
    followed: [
      {
        rule: "overwritten-later",
        lines: [2, 3],
        instead:
          "RUN dd if=/dev/urandom of=/big bs=1M count=2 && dd if=/dev/urandom of=/big bs=1M count=3",
      },
    ],
  },
  {
    what: "Python files are compiled once",
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
    followed: [
      {
        rule: "compiled-cache",
        lines: [3, 4],
        instead: "Compile once: leave `compileall` out of line 3.",
      },
    ],
  },
  {
    what: "packages are not installed for being recommended",
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
    followed: [
      {
        rule: "recommended-packages",
        lines: [2],
        instead: "apt-get install --no-install-recommends -y zip",
      },
    ],
  },
  {
    what: "compilers stay in an earlier stage",
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
    followed: [{ rule: "build-tools", lines: [2], instead: "Install them in an earlier stage" }],
  },
  {
    what: "the same content is copied once",
    before: "FROM busybox:1.35 AS last\nCOPY app /app\nCOPY app/large /data/large\n",
    after: "FROM busybox:1.35 AS last\nCOPY app /app\n",
    followed: [
      {
        rule: "duplicate-content",
        lines: [2, 3],
        instead: "Drop line 3, and use `/app/large` instead.",
      },
    ],
  },
  {
    what: "two names of one file are made a link by the line that made two files of it",
    before: `${LINKED}FROM busybox:1.35 AS last\nCOPY --from=build /app /app\nRUN chown -R 7:7 /app\n`,
    after: `${LINKED}FROM busybox:1.35 AS last\nCOPY --from=build /app /app\nRUN chown -R 7:7 /app && ln -sf /app/large /app/other\n`,
    followed: [
      {
        ...{ rule: "duplicate-content", lines: [6] },
        instead: "RUN chown -R 7:7 /app && ln -sf /app/large /app/other",
      },
    ],
  },
];

const LARGE = noise(1_500_000);
const SMALL = noise(5_000);
const APP = archive({ path: "app/large", content: LARGE }, { path: "app/small", content: SMALL });

const PROJECT = {
  "app.tar": APP,
  "app/large": LARGE,
  "app/small": SMALL,
  "module.py": Array.from({ length: 9_000 }, (_, at) => `value_${at} = ${at * 7919}`).join("\n"),
};

let prover: Prover;
/** What is fetched comes from here; the engine is on the same machine. */
const server = createServer((_, response) => response.end(APP));

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { containerd } = await labParts(["containerd", "images"]);
  prover = await Prover.create(containerd, PROJECT);
});

afterAll(async () => {
  server.close();
  await prover.remove();
});

describe("advice that is followed saves what it promised", () => {
  it.concurrent.each(PROOFS.map((proof) => [proof.what, proof] as const))(
    "%s",
    async (_, proof) => {
      const { port } = server.address() as AddressInfo;
      const fetching = (text: string) => text.replaceAll("ADDRESS", `127.0.0.1:${port}`);
      const { before, after = before } = proof;
      await prover.prove({ ...proof, before: fetching(before), after: fetching(after) });
    },
  );
});
