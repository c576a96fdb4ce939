// Advice on layers that change no more than owners and modes, followed: a container sees the same.

import { afterAll, beforeAll, describe, it } from "vitest";
import { ensureLab } from "../../scripts/lab/lab.ts";
import { noise, type Proof, Prover } from "./advice-proof.ts";

const FROM = "FROM busybox:1.35 AS last\n";

/** Made files that only root reads. */
const SECRETIVE = "FROM busybox:1.35 AS build\nCOPY app /app\nRUN chmod -R go= /app\n";

const PROOFS: readonly Proof[] = [
  {
    what: "an owner is given while copying",
    before: `${FROM}COPY app /app\nRUN chown -R 10001:10001 /app\n`,
    after: `${FROM}COPY --chown=10001:10001 app /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3], instead: "COPY --chown=10001:10001 app /app" },
        message: "Line 2 can do that itself, and line 3 be dropped.",
      },
    ],
    isSame: true,
  },
  {
    what: "a folder that was there before is changed by itself",
    before: `${FROM}WORKDIR /app\nCOPY app .\nRUN chown -R 7:7 /app\n`,
    after: `${FROM}WORKDIR /app\nCOPY --chown=7:7 app .\nRUN chown 7:7 /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [3, 4], instead: "COPY --chown=7:7 app ." },
        message: "and line 4 change no more of it than `/app`, without -R: folders take no room.",
      },
    ],
    isSame: true,
  },
  {
    what: "a mode is given while copying",
    before: `${FROM}COPY app /app\nRUN chmod -R 700 /app\n`,
    after: `${FROM}COPY --chmod=700 app /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3], instead: "COPY --chmod=700 app /app" },
        message: "and line 3 be dropped.",
      },
    ],
    isSame: true,
  },
  {
    what: "a mode that is none for folders is given by letters",
    before: `${SECRETIVE}${FROM}COPY --from=build /app /app\nRUN chmod -R a+rX /app\n`,
    after: `${SECRETIVE}${FROM}COPY --chmod=u=rwX,g=rX,o=rX --from=build /app /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [5, 6] },
        instead: "COPY --chmod=u=rwX,g=rX,o=rX --from=build /app /app",
        message: "That takes `# syntax=docker/dockerfile:1` (1.14 or newer) as the first line.",
      },
    ],
    isSame: true,
  },
  {
    what: "owner and mode are given by one line instead of three",
    before: `${FROM}COPY app /app\nRUN chown -R 7:7 /app\nRUN chmod -R 750 /app\n`,
    after: `${FROM}COPY --chown=7:7 --chmod=750 app /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3, 4] },
        instead: "COPY --chown=7:7 --chmod=750 app /app",
        message: "Line 2 can do that itself, and lines 3 and 4 be dropped.",
      },
    ],
    isSame: true,
  },
  {
    what: "the mode of a single file is not given to its folder",
    before: `${FROM}COPY app/large /etc/app/large\nRUN chmod 600 /etc/app/large\n`,
    after: `${FROM}RUN mkdir -p /etc/app\nCOPY --chmod=600 app/large /etc/app/large\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3] },
        instead:
          "Write `RUN mkdir -p /etc/app`, and then `COPY --chmod=600 app/large /etc/app/large`.",
      },
    ],
    isSame: true,
  },
  {
    what: "the mode of a file among others is given where they come from",
    before: [
      "FROM busybox:1.35 AS build",
      "COPY app /app",
      FROM,
      "COPY --from=build /app /app",
      "RUN chmod 755 /app/large",
      "",
    ].join("\n"),
    after: [
      "FROM busybox:1.35 AS build",
      "COPY app /app",
      "RUN chmod 755 /app/large",
      FROM,
      "COPY --from=build /app /app",
      "",
    ].join("\n"),
    followed: [
      {
        ...{ rule: "metadata-only", lines: [5, 6] },
        instead: "Do in stage `build` what line 6 does: `COPY --from` keeps owners and modes.",
      },
    ],
    isSame: true,
  },
  {
    what: "what another stage has too is said",
    before: `FROM busybox:1.35 AS first\nCOPY app /app\nFROM first AS last\nRUN chown -R 7:7 /app\n`,
    after: `FROM busybox:1.35 AS first\nCOPY --chown=7:7 app /app\nFROM first AS last\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 4], instead: "COPY --chown=7:7 app /app" },
        message: "and line 4 be dropped. Stage `first` has line 2 too.",
      },
    ],
    isSame: true,
  },
];

let prover: Prover;

beforeAll(async () => {
  const { containerd } = await ensureLab(["containerd", "images"]);
  prover = await Prover.create(containerd, {
    "app/large": noise(1_500_000),
    "app/folder/small": noise(5_000),
  });
});

afterAll(() => prover.remove());

describe("advice that is followed changes nothing but the size", () => {
  it.concurrent.each(PROOFS.map((proof) => [proof.what, proof] as const))(
    "%s",
    async (_, proof) => {
      await prover.prove(proof);
    },
  );
});
