// Advice on layers that change no more than owners and modes, followed: a container sees the same.

import { afterAll, beforeAll, describe, it } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { noise, type Proof, Prover } from "./advice-proof.ts";

const FROM = "FROM busybox:1.35 AS last\n";

/** Made files that only root reads. */
const SECRETIVE = "FROM busybox:1.35 AS build\nCOPY app /app\nRUN chmod -R go= /app\n";

/** Made files of which some can be executed. */
const READY = "FROM busybox:1.35 AS build\nCOPY app /app\nRUN chmod 755 /app/folder/small\n";

const PYTHON = "FROM python:3.11-slim";

/** Gives a program the capability to use ports below 1024, as `setcap` does. */
const CAPABLE = `RUN python3 -B -c "import os; os.setxattr('/app/large', 'security.capability', bytes.fromhex('0100000200040000000000000000000000000000'))"`;

/** Makes a folder with a file of 1 MB. */
const WRITE = "mkdir -p /srv && seq 200000 > /srv/large";

const WEB = { "web/page": noise(700_000), "web/folder/style": noise(300_000) };

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
        message: "Line 3 can do that itself, and line 4 be `RUN chown 7:7 /app`.",
      },
    ],
    isSame: true,
  },
  {
    what: "an owner is given by each of the copies that one line changes",
    context: WEB,
    before: `${FROM}COPY app /app\nCOPY web /web\nRUN chown -R 7:7 /app /web\n`,
    after: `${FROM}COPY --chown=7:7 app /app\nCOPY --chown=7:7 web /web\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3, 4] },
        instead:
          "Write `COPY --chown=7:7 app /app` in line 2 and `COPY --chown=7:7 web /web` in line 3.",
        message: "They can do that themselves, and line 4 be dropped.",
      },
    ],
    isSame: true,
  },
  {
    what: "a folder that several copies share is made by the first of them",
    context: WEB,
    before: `${FROM}COPY app /srv/app\nCOPY web /srv/web\nRUN mkdir /srv/data && chown -R 7:7 /srv\n`,
    after: `${FROM}COPY --chown=7:7 app /srv/app\nCOPY --chown=7:7 web /srv/web\nRUN mkdir /srv/data && chown -R 7:7 /srv/data\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3, 4] },
        instead: "`COPY --chown=7:7 app /srv/app` in line 2 and `COPY --chown=7:7 web /srv/web`",
        message: "and line 4 be `RUN mkdir /srv/data && chown -R 7:7 /srv/data`.",
      },
    ],
    isSame: true,
  },
  {
    what: "a folder that was there before several copies is changed by itself",
    context: WEB,
    before: `${FROM}WORKDIR /srv\nCOPY app app\nCOPY web web\nRUN chmod -R 750 /srv && chown -R 7:7 /srv\n`,
    after: `${FROM}WORKDIR /srv\nCOPY --chown=7:7 --chmod=750 app app\nCOPY --chown=7:7 --chmod=750 web web\nRUN chmod 750 /srv && chown 7:7 /srv\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [3, 4, 5] },
        instead: "`COPY --chown=7:7 --chmod=750 app app` in line 3",
        message: "and line 5 be `RUN chmod 750 /srv && chown 7:7 /srv`.",
      },
    ],
    isSame: true,
  },
  {
    what: "a line that changes owners of something else too goes on doing that",
    before: `${FROM}COPY app /app\nRUN mkdir -p /data && chown -R 7:7 /app /data\n`,
    after: `${FROM}COPY --chown=7:7 app /app\nRUN mkdir -p /data && chown -R 7:7 /data\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3], instead: "COPY --chown=7:7 app /app" },
        message: "and line 3 be `RUN mkdir -p /data && chown -R 7:7 /data`.",
      },
    ],
    isSame: true,
  },
  {
    what: "a line that does more than to change modes does no more than that",
    before: `${FROM}COPY app /app\nRUN echo 1 > /version && chmod -R 750 /app\n`,
    after: `${FROM}COPY --chmod=750 app /app\nRUN echo 1 > /version\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3], instead: "COPY --chmod=750 app /app" },
        message: "and line 3 be `RUN echo 1 > /version`.",
      },
    ],
    isSame: true,
  },
  {
    what: "a mode that only a folder of the copy gets is given to that alone",
    before: `${FROM}COPY app /app\nRUN chown -R 7:7 /app && chmod 1777 /app/folder\n`,
    after: `${FROM}COPY --chown=7:7 app /app\nRUN chmod 1777 /app/folder\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3], instead: "COPY --chown=7:7 app /app" },
        message: "and line 3 be `RUN chmod 1777 /app/folder`.",
      },
    ],
    isSame: true,
  },
  {
    what: "what else was there, or is made by the line itself, goes on being changed",
    before: `${FROM}WORKDIR /app\nCOPY app .\nRUN mkdir -p cache uploads/x\nRUN echo > log && chown -R 7:7 /app\n`,
    after: `${FROM}WORKDIR /app\nCOPY --chown=7:7 app .\nRUN mkdir -p cache uploads/x\nRUN echo > log && chown -R 7:7 /app/cache /app/log /app/uploads && chown 7:7 /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [3, 5], instead: "COPY --chown=7:7 app ." },
        message: "Line 3 can do that itself, and line 5 be `RUN echo > log && chown -R 7:7",
      },
    ],
    isSame: true,
  },
  {
    what: "what is copied twice is copied once, with the owner of the second time",
    before: `${FROM}COPY app /app\nCOPY --chown=7:7 app /app\n`,
    after: `${FROM}COPY --chown=7:7 app /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3] },
        instead: "Write `COPY --chown=7:7 app /app`, and let line 3 not copy that again.",
      },
    ],
  },
  {
    what: "what several lines change as no copy can is done in an earlier stage, all of it",
    before: `${FROM}COPY app /app\nRUN chown -R 7:7 /app\nRUN chmod -R o-rwx /app\n`,
    after: `FROM busybox:1.35 AS made\nCOPY app /app\nRUN chown -R 7:7 /app\nRUN chmod -R o-rwx /app\n${FROM}COPY --from=made /app /app\nRUN chown 7:7 /app && chmod o-rwx /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3, 4] },
        instead:
          "Do in an earlier stage what lines 2, 3 and 4 do, with owners by number, and take the result from there with `COPY --from=…`, which keeps owners and modes. The folder that is copied is made anew itself: let lines 3 and 4 still change that, without -R, and all else that is changed.",
      },
    ],
    isSame: true,
  },
  {
    what: "a RUN changes owners of what it wrote, and the later line only those of what is copied",
    before: `${FROM}RUN ${WRITE}\nCOPY app /srv/app\nRUN chown -R 7:7 /srv\n`,
    after: `${FROM}RUN ${WRITE} && chown -R 7:7 /srv\nCOPY app /srv/app\nRUN chown -R 7:7 /srv/app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 4], instead: `RUN ${WRITE} && chown -R 7:7 /srv` },
        message: "Line 2 can do that itself, and line 4 be `RUN chown -R 7:7 /srv/app`.",
      },
    ],
    isSame: true,
  },
  {
    what: "capabilities of a program are given in an earlier stage, and kept",
    before: `${PYTHON} AS last\nCOPY app /app\n${CAPABLE}\n`,
    after: `${PYTHON} AS made\nCOPY app /app\n${CAPABLE}\n${PYTHON} AS last\nCOPY --from=made /app /app\n`,
    followed: [
      {
        ...{ rule: "overwritten-later", lines: [2, 3] },
        instead:
          "Do what line 3 does in an earlier stage, and let line 2 copy the result from there, with `COPY --from`.",
      },
    ],
    isSame: true,
  },
  {
    what: "a mode is given while copying, though some files have it already",
    before: `${READY}${FROM}COPY --from=build /app /app\nRUN chmod -R 755 /app\n`,
    after: `${READY}${FROM}COPY --chmod=755 --from=build /app /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [5, 6] },
        instead: "COPY --chmod=755 --from=build /app /app",
        message: "and line 6 be dropped.",
      },
    ],
    isSame: true,
  },
  {
    what: "a change without effect is dropped",
    store: "graph",
    before: `${FROM}COPY --chown=7:7 app /app\nRUN chown -R 7:7 /app\nRUN chmod -R u+r /app && echo 1 > /version\n`,
    after: `${FROM}COPY --chown=7:7 app /app\nRUN echo 1 > /version\n`,
    followed: [
      {
        ...{
          rule: "metadata-only",
          lines: [2, 3, 4],
          instead: "Let line 3 be dropped and line 4 be `RUN echo 1 > /version`.",
        },
        message: "Lines 3 and 4 each store once more what line 2 wrote, but change no content,",
      },
    ],
    isSame: true,
  },
  {
    what: "a line that changes nothing is dropped",
    store: "graph",
    before: `${FROM}COPY --chown=7:7 app /app\nRUN chown -R 7:7 /app\n`,
    after: `${FROM}COPY --chown=7:7 app /app\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [2, 3], instead: "Drop line 3." },
        message: "Line 3 stores once more what line 2 wrote, but changes no content, owner or mode",
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
    what: "what is laid over a copy by another one is given the same owner",
    store: "containerd",
    before: `FROM busybox:1.35 AS build\nCOPY app /app\n${FROM}COPY --from=build /app /app\nCOPY --from=build /app/folder /app/folder\nRUN chown -R 7:7 /app\n`,
    after: `FROM busybox:1.35 AS build\nCOPY app /app\n${FROM}COPY --chown=7:7 --from=build /app /app\nCOPY --chown=7:7 --from=build /app/folder /app/folder\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [4, 5, 6] },
        instead:
          "Write `COPY --chown=7:7 --from=build /app /app` in line 4 and `COPY --chown=7:7 --from=build /app/folder /app/folder` in line 5.",
        message: "Line 5 copies some of it over that. They can do that themselves, and line 6 be",
      },
    ],
    isSame: true,
  },
  {
    what: "what is deleted and written anew is changed by the line that comes after that",
    before: `${FROM}RUN ${WRITE}\nRUN rm -rf /srv && ${WRITE}\nRUN chown -R 7:7 /srv\n`,
    after: `${FROM}RUN ${WRITE}\nRUN rm -rf /srv && ${WRITE} && chown -R 7:7 /srv\n`,
    followed: [
      {
        ...{ rule: "metadata-only", lines: [3, 4] },
        instead: `RUN rm -rf /srv && ${WRITE} && chown -R 7:7 /srv`,
        message: "Line 4 changes only the owner of what line 3 wrote",
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
        message:
          "and line 4 be dropped. Stage `first`, which has line 2 too, changes with it; where that must not be,",
      },
    ],
    isSame: true,
  },
];

const STORES = ["containerd", "graph"] as const;
const provers = new Map<string, Prover>();

beforeAll(async () => {
  const lab = await labParts([...STORES, "images"]);
  const project = { "app/large": noise(1_500_000), "app/folder/small": noise(5_000) };
  for (const store of STORES) provers.set(store, await Prover.create(lab[store], project));
});

afterAll(() => Promise.all(Array.from(provers.values(), (prover) => prover.remove())));

describe("advice that is followed changes nothing but the size, whatever the engine stores", () => {
  const cases = STORES.flatMap((store) =>
    PROOFS.filter((proof) => (proof.store ?? store) === store).map((proof) => ({ store, proof })),
  );
  it.concurrent.each(cases.map((each) => [each.proof.what, each.store, each] as const))(
    "%s (%s)",
    async (_, store, { proof }) => {
      await provers.get(store)?.prove(proof);
    },
  );
});
