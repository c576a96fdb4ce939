// Advice on what a build context should not have, or has twice, followed on a project with all of it.

import { afterAll, beforeAll, describe, it } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { type Expected, noise, type Proof, Prover } from "./advice-proof.ts";

const FROM = "FROM busybox:1.35 AS last\n";

/** Advice on each of these. */
function ignoring(lines: readonly number[], ...patterns: readonly string[]): readonly Expected[] {
  return patterns.map((pattern) => ({
    ...{ rule: "context", lines, instead: `Write \`**/${pattern}\` into \`.dockerignore\`.` },
  }));
}

function ignore(...patterns: readonly string[]) {
  return { ".dockerignore": patterns.map((pattern) => `**/${pattern}\n`).join("") };
}

const MODEL = { "model.bin": noise(12_000_000) };

const PROOFS: readonly Proof[] = [
  {
    what: "what lies beside sources is ignored",
    before: `${FROM}COPY . /app\n`,
    followed: ignoring([2], ".git", "tests", "docs", "*.map"),
    changed: ignore(".git", "tests", "docs", "*.map"),
  },
  {
    what: "so it is where a later line changed its owner",
    before: `${FROM}COPY . /app\nRUN chown -R 7:7 /app\n`,
    followed: ignoring([2], ".git", "tests", "docs", "*.map"),
    changed: ignore(".git", "tests", "docs", "*.map"),
  },
  {
    what: "so it is where a later line deleted it",
    before: `${FROM}COPY . /app\nRUN rm -r /app/.git /app/tests\n`,
    after: `${FROM}COPY . /app\n`,
    followed: ignoring([2, 3], ".git", "tests"),
    changed: ignore(".git", "tests"),
  },
  {
    what: "what no line has used before another deletes it is kept out",
    context: MODEL,
    before: `${FROM}COPY . /app\nRUN rm /app/model.bin\n`,
    after: `${FROM}COPY . /app\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 3] },
        instead:
          "Keep `/app/model.bin` out of what line 2 copies, by a line in `.dockerignore` or by naming what is needed.",
      },
    ],
    changed: ignore("model.bin"),
  },
  {
    what: "so it is where a line only changes owners besides",
    before: `${FROM}COPY assets /srv/assets\nRUN chown -R 7:7 /srv && rm -r /srv/assets/b\n`,
    after: `${FROM}COPY assets /srv/assets\nRUN chown -R 7:7 /srv && rm -rf /srv/assets/b\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 3] },
        instead: "Keep `/srv/assets/b/picture` out of what line 2 copies,",
        message: "Let line 3 delete with `rm -f`,",
      },
    ],
    changed: ignore("b/picture"),
  },
  {
    what: "what is copied alone and deleted by the next line is not copied",
    context: MODEL,
    before: `${FROM}COPY model.bin /tmp/model.bin\nRUN rm /tmp/model.bin\n`,
    after: FROM,
    followed: [{ ...{ rule: "deleted-later", lines: [2, 3] }, instead: "Drop lines 2 and 3." }],
  },
  {
    what: "what a line reads in a folder that is copied is mounted from there",
    before: `${FROM}COPY assets /srv/assets\nRUN wc -c < /srv/assets/b/picture > /size\nRUN rm /srv/assets/b/picture\n`,
    after: `${FROM}COPY assets/a /srv/assets/a\nRUN --mount=type=bind,source=assets/b/picture,target=/srv/assets/b/picture wc -c < /srv/assets/b/picture > /size\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 4] },
        instead:
          "Mount it where it is needed: `RUN --mount=type=bind,source=assets/b/picture,target=/srv/assets/b/picture …`.",
      },
    ],
  },
  {
    what: "what a line unpacks and deletes is mounted",
    context: MODEL,
    before: `${FROM}COPY model.bin /tmp/model.bin\nRUN gzip -c /tmp/model.bin | wc -c > /size && rm /tmp/model.bin\n`,
    after: `${FROM}RUN --mount=type=bind,source=model.bin,target=/tmp/model.bin gzip -c /tmp/model.bin | wc -c > /size\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 3] },
        instead:
          "Write `RUN --mount=type=bind,source=model.bin,target=/tmp/model.bin gzip -c /tmp/model.bin | wc -c > /size` instead of lines 2 and 3.",
      },
    ],
  },
  {
    what: "what a line makes a program of and deletes is mounted to be written to",
    context: MODEL,
    before: `${FROM}COPY model.bin /tmp/model.bin\nRUN chmod +x /tmp/model.bin && stat -c %a /tmp/model.bin > /mode && rm /tmp/model.bin\n`,
    after: `${FROM}RUN --mount=type=bind,source=model.bin,target=/tmp/model.bin,rw chmod +x /tmp/model.bin && stat -c %a /tmp/model.bin > /mode\n`,
    followed: [
      {
        ...{ rule: "deleted-later", lines: [2, 3] },
        instead:
          "Write `RUN --mount=type=bind,source=model.bin,target=/tmp/model.bin,rw chmod +x /tmp/model.bin && stat -c %a /tmp/model.bin > /mode` instead of lines 2 and 3.",
      },
    ],
  },
  {
    what: "one large file is mounted when a container starts",
    context: MODEL,
    before: `${FROM}COPY . /app\n`,
    followed: [
      {
        ...{ rule: "large-file", lines: [2] },
        instead:
          "Write `**/model.bin` into `.dockerignore`. Mount it when a container starts, with `docker run --mount type=bind,source=…,target=/app/model.bin,readonly …`",
      },
    ],
    changed: ignore("model.bin"),
  },
  {
    what: "a file of any name is ignored, and no other",
    context: { "!big [1]#^*.bin": MODEL["model.bin"], "!big 1#^.bin": "small" },
    before: `${FROM}COPY . /app\n`,
    followed: [
      {
        ...{ rule: "large-file", lines: [2] },
        instead: "Write `**/!big \\[1\\]#\\^\\*.bin` into `.dockerignore`.",
      },
    ],
    changed: ignore("!big \\[1\\]#\\^\\*.bin"),
  },
  {
    what: "the same content is linked to in the context",
    before: `${FROM}COPY assets /srv/assets\n`,
    followed: [
      {
        ...{ rule: "duplicate-content", lines: [2] },
        instead:
          "or be a symbolic link to the other, such as to `../a/picture`, which line 2 copies as one.",
      },
    ],
    changed: { "assets/b/picture": { link: "../a/picture" } },
  },
  {
    what: "the same content is linked to by the line that writes it",
    before: `${FROM}RUN dd if=/dev/urandom of=/one bs=1M count=2 && cp /one /other\n`,
    after: `${FROM}RUN dd if=/dev/urandom of=/one bs=1M count=2 && ln -s /one /other\n`,
    followed: [
      {
        ...{ rule: "duplicate-content", lines: [2] },
        instead: "RUN dd if=/dev/urandom of=/one bs=1M count=2 && ln -s /one /other",
      },
    ],
  },
];

let prover: Prover;

beforeAll(async () => {
  const { containerd } = await labParts(["containerd", "images"]);
  const project = {
    "main.py": "print('hello')\n",
    ".git/objects/pack/pack-1.pack": noise(700_000),
    "tests/data.json": noise(300_000),
    "docs/manual.pdf": noise(400_000),
    "static/main.js.map": noise(250_000),
    "assets/a/picture": noise(500_000, 7),
    "assets/b/picture": noise(500_000, 7),
  };
  prover = await Prover.create(containerd, project);
});

afterAll(() => prover.remove());

describe("advice on the build context that is followed saves what it promised", () => {
  it.concurrent.each(PROOFS.map((proof) => [proof.what, proof] as const))(
    "%s",
    async (_, proof) => {
      await prover.prove(proof);
    },
  );
});
