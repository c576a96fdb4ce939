// Advice on what a later line moves, followed: a container sees the same.

import { afterAll, beforeAll, describe, it } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { noise, type Proof, Prover } from "./advice-proof.ts";

const FROM = "FROM busybox:1.35 AS last\n";

const PROOFS: readonly Proof[] = [
  {
    what: "a folder is copied to where it is moved",
    before: `${FROM}COPY app /srv/app\nRUN mkdir -p /opt && mv /srv/app /opt/app\n`,
    after: `${FROM}COPY app /opt/app\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 3] },
        instead: "Let line 2 copy it to where line 3 moves it, and drop line 3.",
        message: "Line 3 moves what line 2 wrote to `/opt/app/…`, which stores it a second time.",
      },
    ],
    isSame: true,
  },
  {
    what: "part of a folder is copied to where it is moved, by a line of its own",
    before: `${FROM}COPY app /srv/app\nRUN mv /srv/app/sub /srv/app/renamed\n`,
    after: `${FROM}COPY app/large /srv/app/large\nCOPY app/sub /srv/app/renamed\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 3] },
        instead:
          "Let a line of its own copy it to where line 3 moves it, leave it out of what line 2 copies, and drop line 3.",
        message: "Line 3 moves some of what line 2 wrote to `/srv/app/renamed/…`,",
      },
    ],
    isSame: true,
  },
  {
    what: "a program is copied as it is where it is moved",
    before: `${FROM}COPY app/large /tmp/large\nRUN cp /tmp/large /bin/large && chown 7:7 /bin/large && chmod 755 /bin/large && rm /tmp/large\n`,
    after: `${FROM}COPY --chown=7:7 --chmod=755 app/large /bin/large\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 3] },
        instead: "Let line 2 copy it to where line 3 moves it, with `--chown=7:7 --chmod=755`,",
      },
    ],
    isSame: true,
  },
  {
    what: "what was changed before is moved for less",
    before: `${FROM}COPY app /srv/app\nRUN chown -R 7:7 /srv/app\nRUN mv /srv/app /moved\n`,
    after: `${FROM}COPY app /moved\nRUN chown -R 7:7 /moved\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 4] },
        instead: "have what is run in between find it there, and drop line 4.",
      },
    ],
    isSame: true,
  },
  {
    what: "what a line copies beside what it moves is a link",
    before: `${FROM}COPY app/large /srv/large\nCOPY app/sub/b /models/b\nRUN mkdir /w && cp /srv/large /w/z && cp /models/b /w/b && rm /srv/large\n`,
    after: `${FROM}COPY app/large /w/z\nCOPY app/sub/b /models/b\nRUN ln -s /models/b /w/b\n`,
    followed: [
      {
        rule: "deleted-later",
        lines: [2, 4],
        instead: "Let line 2 write it there at once, and let line 4 leave it alone.",
      },
      {
        ...{ rule: "duplicate-content", lines: [3, 4] },
        instead: "RUN mkdir /w && cp /srv/large /w/z && ln -s /models/b /w/b && rm /srv/large",
      },
    ],
  },
  {
    what: "what a line makes is moved by that line",
    before: `${FROM}RUN seq 200000 > /large\nRUN mv /large /moved\n`,
    after: `${FROM}RUN seq 200000 > /large && mv /large /moved\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 3] },
        instead: "RUN seq 200000 > /large && mv /large /moved",
      },
    ],
    isSame: true,
  },
];

let provers: readonly Prover[];

beforeAll(async () => {
  const { containerd, graph } = await labParts(["containerd", "graph", "images"]);
  const project = {
    ...{ "app/large": noise(1_000_000), "app/sub/b": noise(500_000) },
    "app/sub/data/c": noise(300_000),
  };
  provers = await Promise.all([containerd, graph].map((each) => Prover.create(each, project)));
});

afterAll(() => Promise.all(provers.map((prover) => prover.remove())));

describe("advice on what is moved that is followed saves what it promised", () => {
  it.each(PROOFS.map((proof) => [proof.what, proof] as const))("%s", async (_, proof) => {
    for (const prover of provers) await prover.prove(proof);
  });
});
