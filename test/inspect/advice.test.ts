import { describe, expect, it } from "vitest";
import type { Saving } from "../../src/inspect/savings/saving.ts";
import { makeBaseLayer, makeInstruction, makeLayer, makePlannedImage, makeStage } from "../make.ts";
import { adviceOf, COPY, makeSaving, RUN } from "./make-advice.ts";
import { makeFacts } from "./make-facts.ts";

describe("advice", () => {
  it("is what to write instead, with the lines it is about and what it saves", () => {
    expect(adviceOf({})).toEqual([
      {
        rule: "metadata-only",
        bytes: 2_000_000,
        lines: [2, 3],
        message:
          "Line 3 changes only the owner of what line 2 wrote, which stores every file a second time. Line 2 can do that itself, and line 3 must leave it alone: some engines store once more even what a change leaves as it is.",
        instead: "COPY --chown=7:7 . /app",
        paths: ["/app/large"],
      },
    ]);
  });

  it("gives no path to a mount that would end in the middle of it", () => {
    const deleted = { rule: "deleted-later", files: 1, paths: ["/tmp/a,b"] } as const;
    const about = (instruction: string) =>
      adviceOf(deleted, [makeBaseLayer(), { ...COPY, instruction }, RUN])[0]?.instead;
    expect(about("COPY a,b /tmp/")).toContain("target=… …");
    expect(about("COPY $A/a,b /tmp/a,b")).toContain("source=…,target=… …");
    expect(about("ADD https://example.com/a /tmp/a,b")).toContain("source=…,target=… …");
    expect(adviceOf({ paths: ["/a,b/server.key"] })[0]?.instead).toContain("target=… …");
    const { laterLayer, owner, ...saving } = makeSaving({
      ...{ rule: "package-cache", subject: ".cache/pip", paths: ["/a,b/.cache/pip/c"], layer: 1 },
    });
    const facts = makeFacts({ savings: [saving] });
    const run = makeLayer({ line: 2, instruction: "RUN pip install a" });
    expect(adviceOf({}, [makeBaseLayer(), run], { facts })).toEqual([]);
  });

  it.each([
    [
      "COPY files /tmp/",
      "Mount it where it is needed: `RUN --mount=type=bind,source=files/a,target=/tmp/a …`.",
    ],
    [
      "ADD https://example.com/a.tar.gz /tmp/a",
      "Use ADD in a stage of its own, and mount it where it is needed: `RUN --mount=type=bind,from=…,source=/tmp/a,target=/tmp/a …`.",
    ],
    [
      "ADD a.tar.gz /tmp/",
      "Use ADD in an earlier stage, and `COPY --from` that only what is needed.",
    ],
    [
      "COPY --from=build /out /tmp",
      "Do in an earlier stage what lines 2 and 3 do, and take from there what is needed, with `COPY --from=…`.",
    ],
  ])("spares what a later line deletes in a way that %j has", (instruction, instead) => {
    const layers = [makeBaseLayer(), { ...COPY, instruction }, RUN];
    const files = instruction.includes("--from") ? 3 : 1;
    const saving = { rule: "deleted-later", files, paths: ["/tmp/a"] } as const;
    expect(adviceOf(saving, layers)).toMatchObject([{ instead }]);
  });

  it("of a here-document shows no more than its first line", () => {
    const run = makeLayer({ line: 2, instruction: "RUN <<EOF apt-get install git EOF" });
    const { laterLayer, owner, ...saving } = makeSaving({
      ...{ layer: 1, paths: ["/root/.cache/pip/a"] },
    });
    const about = (overrides: Partial<Saving>) => {
      const facts = makeFacts({ savings: [{ ...saving, ...overrides }] });
      return adviceOf({}, [makeBaseLayer(), run], { facts })[0]?.instead;
    };
    expect(about({ rule: "package-cache", subject: ".cache/pip" })).toBe(
      "RUN --mount=type=cache,target=/root/.cache/pip <<EOF …",
    );
    expect(about({ rule: "recommended-packages", subject: "less" })).toBe(
      "Write `apt-get install --no-install-recommends …` in line 2.",
    );
  });

  it("mounts what is needed once, with its source, and nothing by a COPY", () => {
    const mount = "Mount it where it is needed: `RUN --mount=type=bind,source=a,target=/tmp/a …`.";
    const rule = "package-cache";
    const about = (instruction: string) => {
      const { laterLayer, owner, ...saving } = makeSaving({
        ...{ rule, subject: "/tmp", files: 1, paths: ["/tmp/a"] },
      });
      const facts = makeFacts({ savings: [saving] });
      return adviceOf({}, [makeBaseLayer(), { ...COPY, instruction }, RUN], { facts })[0]?.instead;
    };
    expect(about("COPY a /tmp/a")).toBe(mount);
    expect(about("COPY --from=build /tmp /tmp")).toBe("Leave `/tmp` out of what line 2 copies.");
    expect(about("RUN make")).toBe("RUN --mount=type=tmpfs,target=/tmp make");
    const plain = [makeBaseLayer(), { ...COPY, instruction: "COPY . /app" }, RUN];
    const deleted = adviceOf({ rule: "deleted-later", files: 1, paths: ["/tmp/a"] }, plain);
    expect(deleted).toMatchObject([{ instead: mount.replace("source=a", "source=…") }]);
  });

  it.each([
    ["RUN python -m compileall /app", "Compile once: leave `compileall` out of line 3."],
    [
      "RUN pip install -U a && pip3 install b",
      "RUN pip install --no-compile -U a && pip3 install --no-compile b",
    ],
    [
      "RUN --network=none python /app/warm.py",
      "RUN --network=none export PYTHONDONTWRITEBYTECODE=1 && python /app/warm.py",
    ],
    ["RUN <<EOF python a EOF", "Write `ENV PYTHONDONTWRITEBYTECODE=1` before line 3."],
  ])("keeps from compiling twice whoever does it: %s", (instruction, instead) => {
    const layers = [makeBaseLayer(), COPY, { ...RUN, instruction }];
    expect(adviceOf({ rule: "compiled-cache" }, layers)).toMatchObject([{ instead }]);
  });

  it.each([
    ["RUN pip install --no-compile a && python /app/warm.py", []],
    ["RUN pip install a --no-compile", []],
    ["RUN python -m venv /venv && /venv/bin/pip install a", []],
    ["RUN virtualenv /venv && python -m compileall /venv", []],
    [
      "RUN pip install --no-compile a && pip install b",
      ["RUN pip install --no-compile a && pip install --no-compile b"],
    ],
  ])(
    "says of compiling nothing that is done already, or not known: %s",
    (instruction, expected) => {
      const layers = [makeBaseLayer(), COPY, { ...RUN, instruction }];
      const advice = adviceOf({ rule: "compiled-cache" }, layers);
      expect(advice.map(({ instead }) => instead)).toEqual(expected);
    },
  );

  it("is not given on what only the base image could change", () => {
    const base = makeBaseLayer();
    expect(adviceOf({ laterLayer: 1 }, [base, base])).toEqual([]);
    expect(adviceOf({ rule: "deleted-later", layer: 0 })).toEqual([]);
    expect(adviceOf({ rule: "overwritten-later", layer: 0 })).toEqual([]);
  });

  it("is given where a line stores the base image's files again", () => {
    expect(adviceOf({ layer: 0 })).toMatchObject([
      { lines: [1, 3], instead: "Leave the base image's files as they are." },
    ]);
  });

  it("is not given on less than a thousandth of the image", () => {
    const huge = makeBaseLayer({ unpacked: 3_000_000_000 });
    expect(adviceOf({}, [huge, COPY, RUN])).toEqual([]);
  });

  it("is about the build context only where a line copies out of it", () => {
    const context = { rule: "context", subject: ".git", layer: 1 } as const;
    const { laterLayer, ...saving } = makeSaving(context);
    const facts = makeFacts({ savings: [saving] });
    const about = (instruction: string) =>
      adviceOf({}, [makeBaseLayer(), { ...COPY, instruction }, RUN], { facts });
    expect(about("COPY . /app")[0]?.instead).toBe("Write `**/.git` into `.dockerignore`.");
    expect(about("COPY --from=build /app /app")).toEqual([]);
    expect(about("ADD app.tar.gz /app")).toEqual([]);
    expect(about("ADD $ARCHIVE /app")).toEqual([]);
    expect(about("ADD https://github.com/owner/app.git /app")).toEqual([]);
    expect(about("ADD git@github.com:owner/app.git#main /app")).toEqual([]);
    expect(about("ADD me@git.example.com:owner/app /app")).toEqual([]);
    expect(about("ADD --keep-git-dir=true https://example.com/a.git?ref=v1 /app")).toEqual([]);
    expect(about("ADD . /app")).toHaveLength(1);
    expect(about("RUN git clone https://example.com/a /app")).toEqual([]);
  });

  it("names the ignore file that a Dockerfile of another name may have", () => {
    const { laterLayer, ...saving } = makeSaving({ rule: "context", subject: ".git", layer: 1 });
    const image = makePlannedImage({ dockerfile: "web/Dockerfile.frontend" });
    const [stage = makeStage()] = image.stages;
    const facts = makeFacts({ savings: [saving] });
    expect(adviceOf({}, undefined, { facts, image, stage })).toMatchObject([
      {
        instead:
          "Write `**/.git` into `Dockerfile.frontend.dockerignore` where that is there, else into `.dockerignore`.",
      },
    ]);
  });

  it("is about copied packages only where a line installs them too", () => {
    const paths = ["/app/node_modules/a"];
    const made = makeSaving({ rule: "context", subject: "node_modules", paths });
    const { laterLayer, ...saving } = made;
    const about = (text: string) => {
      const lines = { start: 3, end: 3 };
      const stage = makeStage({ instructions: [makeInstruction({ keyword: "RUN", lines, text })] });
      return adviceOf({}, undefined, {
        facts: makeFacts({ savings: [saving] }),
        image: makePlannedImage({ stages: [stage] }),
        stage,
      });
    };
    expect(about("RUN cd /app && npm ci")).toMatchObject([{ rule: "context" }]);
    expect(about("RUN npm run build")).toEqual([]);
  });

  it("puts a mount of its own before the others", () => {
    const run = makeLayer({ line: 2, instruction: "RUN --mount=type=ssh pip install a" });
    const facts = makeFacts({
      savings: [
        {
          ...{ rule: "package-cache", subject: ".cache/pip", bytes: 2e6, files: 1, layer: 1 },
          paths: ["/root/.cache/pip/http/a"],
        },
      ],
    });
    expect(adviceOf({}, [makeBaseLayer(), run], { facts })[0]?.instead).toBe(
      "RUN --mount=type=cache,target=/root/.cache/pip --mount=type=ssh pip install a",
    );
  });
});

describe("a file that looks like a secret", () => {
  it.each(["metadata-only", "deleted-later", "overwritten-later"] as const)(
    "is never to be copied otherwise: %s",
    (rule) => {
      const paths = ["/root/.ssh/id_ed25519", "/root/.ssh/config"];
      expect(adviceOf({ rule, paths, files: 2, mode: "600", twin: "/id_ed25519" })).toMatchObject([
        {
          message:
            "Line 2 copies `/root/.ssh/id_ed25519`, which looks like a secret: whoever has the image has it.",
          instead:
            "Give it only to what needs it: `RUN --mount=type=secret,id=id_ed25519,target=/root/.ssh/id_ed25519 …`.",
        },
      ]);
    },
  );

  it("is copied by the line that wrote it, which is the later of two with the same content", () => {
    const saving = { rule: "duplicate-content", paths: ["/srv/a.p12"], twin: "/a.p12" } as const;
    const second = makeLayer({ line: 3, instruction: "COPY a.p12 /srv/a.p12" });
    expect(adviceOf(saving, [makeBaseLayer(), COPY, second])[0]?.message).toMatch(
      /^Line 3 copies `\/srv\/a\.p12`, which looks like a secret/,
    );
    const run = makeLayer({ line: 3, instruction: "RUN cp /a.p12 /srv/a.p12" });
    expect(adviceOf(saving, [makeBaseLayer(), COPY, run])[0]?.message).not.toContain("secret");
  });

  it.each(["/tls/server.key", "/etc/ssl/private-key.pem", "/app/store.p12", "/app/.env"])(
    "is told among larger ones, for which the advice holds: %s",
    (path) => {
      const [advice] = adviceOf({ paths: ["/app/large", path] });
      expect(advice?.message).toContain(
        `\`${path}\` looks like a secret: it should not be copied, but be mounted as one.`,
      );
      expect(advice?.instead).toBe("COPY --chown=7:7 . /app");
    },
  );

  it.each(["/etc/ssl/certs/ca.pem", "/root/.ssh/id_rsa.pub", "/app/keys.json", "/app/key"])(
    "is not: %s",
    (path) => {
      expect(adviceOf({ paths: [path] })).toMatchObject([{ instead: "COPY --chown=7:7 . /app" }]);
    },
  );

  it("that a line makes is that line's own", () => {
    const run = makeLayer({ line: 2, instruction: "RUN make-key /tls/server.key" });
    const layers = [makeBaseLayer(), run, RUN];
    expect(adviceOf({ paths: ["/tls/server.key"] }, layers)).toMatchObject([
      { instead: "RUN make-key /tls/server.key && chown -R 7:7 /app" },
    ]);
  });

  it("is kept away by .dockerignore with all that is in its folder", () => {
    const { laterLayer, ...saving } = makeSaving({
      ...{ rule: "context", subject: ".git", layer: 1, paths: ["/app/.git/server.key"] },
    });
    expect(adviceOf({}, undefined, { facts: makeFacts({ savings: [saving] }) })).toMatchObject([
      { instead: "Write `**/.git` into `.dockerignore`." },
    ]);
  });
});

describe("compilers", () => {
  const rule = "build-tools";
  const { laterLayer, ...saving } = makeSaving({ rule, subject: "gcc-12, make", layer: 1 });
  const facts = makeFacts({ savings: [saving] });

  it("in the last stage are told by name", () => {
    expect(adviceOf({}, undefined, { facts })).toMatchObject([
      {
        rule,
        lines: [2],
        message:
          "Line 2 leaves what only compilers need in the stage that is shipped: gcc-12, make.",
      },
    ]);
  });

  it("are fine in any other", () => {
    const stages = [makeStage(), makeStage({ name: "other", index: 1 })];
    const image = makePlannedImage({ stages });
    const [stage = makeStage()] = image.stages;
    expect(adviceOf({}, undefined, { facts, image, stage })).toEqual([]);
  });
});

describe("packages that are only recommended", () => {
  it("are left out by the instruction that installs them", () => {
    const run = makeLayer({ line: 2, instruction: "RUN apt-get update && apt-get install -y git" });
    const rule = "recommended-packages";
    const { laterLayer, ...saving } = makeSaving({ rule, subject: "less, patch", layer: 1 });
    const facts = makeFacts({ savings: [saving] });
    expect(adviceOf({}, [makeBaseLayer(), run], { facts })).toMatchObject([
      {
        message:
          "Line 2 installs packages that are only recommended: less, patch. Name those that are needed all the same.",
        instead: "RUN apt-get update && apt-get install --no-install-recommends -y git",
      },
    ]);
  });

  it("are named where hardly anything works without them", () => {
    const run = makeLayer({ line: 2, instruction: "RUN apt-get install -y curl" });
    const rule = "recommended-packages";
    const neededPackages = ["ca-certificates"];
    const { laterLayer, ...saving } = makeSaving({
      rule,
      subject: "less",
      layer: 1,
      neededPackages,
    });
    const facts = makeFacts({ savings: [saving] });
    expect(adviceOf({}, [makeBaseLayer(), run], { facts })).toMatchObject([
      {
        message: expect.stringMatching(/ `ca-certificates` would go too, and is named for that\.$/),
        instead: "RUN apt-get install --no-install-recommends ca-certificates -y curl",
      },
    ]);
  });
});

describe("a file that is most of what the Dockerfile adds", () => {
  const about = (path: string, instruction: string, bytes = 40_000_000, ending = "CMD true") => {
    const [keyword = ""] = ending.split(" ");
    const lines = { start: 2, end: 2 };
    const instructions = [
      makeInstruction({ keyword: instruction.split(" ")[0] ?? "", lines, text: instruction }),
      makeInstruction({ keyword, text: ending, lines: { start: 9, end: 9 } }),
    ];
    const image = makePlannedImage({ stages: [makeStage({ instructions })] });
    const [stage = makeStage()] = image.stages;
    const layer = makeLayer({ line: 2, instruction, unpacked: 50_000_000 });
    const facts = makeFacts({
      savings: [{ rule: "large-file", bytes, files: 1, layer: 1, paths: [path] }],
    });
    return adviceOf({}, [makeBaseLayer(), layer], { facts, image, stage });
  };
  const mount = (path: string) =>
    `Mount it when a container starts, with \`docker run --mount type=bind,source=…,target=${path},readonly …\`, or fetch it then.`;

  it.each([
    ["COPY models/a.bin /app/a.bin", "/app/a.bin", "Drop line 2."],
    ["COPY . /app", "/app/a.bin", "Write `**/a.bin` into `.dockerignore`."],
    ["COPY --from=build /out /app", "/app/a.bin", "Leave it out of what line 2 copies."],
    ["RUN ./fetch", "/app/a.bin", "Leave it out of what line 2 writes."],
  ])("is left out in a way that %j has, and mounted", (instruction, path, without) => {
    expect(about(path, instruction)).toMatchObject([
      {
        ...{ rule: "large-file", bytes: 40_000_000, lines: [2] },
        message: `\`${path}\` alone is 80% of what this Dockerfile adds.`,
        instead: `${without} ${mount(path)}`,
      },
    ]);
  });

  it.each([
    ["COPY . /app", "RUN tar -xf /app/a.bin"],
    ["COPY a.bin /app/a.bin", "RUN tar -xf /app/a.bin"],
    ["COPY . /app", "RUN ls && rm /app/a.bin"],
    ["COPY . /app", "COPY --from=production /app/a.bin /b"],
    ["COPY a.bin /app/a.bin", "COPY --from=production /app/a.bin /b"],
  ])("is not told where a line needs it: %s, %s", (copy, run) => {
    expect(about("/app/a.bin", copy, 40_000_000, run)).toEqual([]);
  });

  it.each([
    "/usr/local/bin/tool",
    "/usr/lib/x86_64-linux-gnu/libLLVM.so.14",
    "/venv/lib/python3.11/site-packages/torch/lib/libtorch_cpu.so",
  ])("is not told when a program is made of it: %s", (path) => {
    expect(about(path, "COPY . /app")).toEqual([]);
  });

  it.each([
    ["!a [1]*.bin", "Write `**/!a \\[1\\]\\*.bin` into `.dockerignore`."],
    ["a\\b#.bin", "Write `**/a\\\\b#.bin` into `.dockerignore`."],
    ["a.bin ", "Leave it out of what line 2 copies."],
    ["a\nb.bin", "Leave it out of what line 2 copies."],
    ["a`b.bin", "Leave it out of what line 2 copies."],
  ])("is ignored by its name as that is to be written, if it can be: %j", (name, without) => {
    const [advice] = about(`/app/${name}`, "COPY . /app");
    expect(advice?.instead.startsWith(`${without} Mount it`)).toBe(true);
  });

  it("is mounted where it belongs only if a mount can be given that", () => {
    expect(about("/app/a,b.bin", "COPY . /app")[0]?.instead).toContain("target=…,readonly");
  });

  it("is not told when it is what the image is there to run, or only a part", () => {
    const ending = 'ENTRYPOINT ["/server", "--verbose"]';
    expect(about("/server", "COPY . /", 40_000_000, ending)).toEqual([]);
    expect(about("/app/a.bin", "COPY . /app", 24_000_000)).toEqual([]);
  });
});
