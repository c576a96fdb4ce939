// Advice on what a later line deletes: what is written instead does all else that the lines did.

import { describe, expect, it } from "vitest";
import { advised, type MadeUp, only } from "./advised-dockerfile.ts";

async function insteadOf(text: string, saving: MadeUp): Promise<readonly string[]> {
  return (await advised(text, [saving])).map(({ instead }) => instead);
}

describe("what is deleted later", () => {
  const about = (copy: string, ...lines: readonly string[]) =>
    insteadOf(["FROM busybox", copy, ...lines, ""].join("\n"), {
      ...{ rule: "deleted-later", lines: [2, 2 + lines.length], paths: ["/app/large"] },
    });
  const keptOut =
    "Keep `/app/large` out of what line 2 copies, by a line in `.dockerignore` or by naming what is needed.";

  it("is kept out where nothing has used it", async () => {
    expect(await about("COPY . /app", "RUN rm /app/large")).toEqual([keptOut]);
    expect(await about("COPY . /app", "RUN rm -f /app/large /app/b")).toEqual([keptOut]);
    expect(await about("COPY . /app", "RUN rm -r /app /b")).toEqual([keptOut]);
    expect(await about("COPY . /app", "RUN chown -R 7 /app && rm /app/large")).toEqual([keptOut]);
    expect(await about("COPY . /app", "RUN chown -R 7 /app", "RUN rm /app/large")).toEqual([
      keptOut,
    ]);
    expect(await about("COPY . /app", "RUN make", "RUN rm /app/large")).not.toEqual([keptOut]);
    expect(await about("COPY . /app", "RUN make && rm /app/large")).not.toEqual([keptOut]);
  });

  it("of apt is mounted where something stands between that one line cannot do", async () => {
    const text = "FROM debian\nRUN apt-get update\nUSER root\nRUN rm -r /var/lib/apt/lists/*\n";
    const paths = ["/var/lib/apt/lists/a"];
    expect(await insteadOf(text, { rule: "deleted-later", lines: [2, 4], paths })).toEqual([
      "Mount it in each line that fetches or uses it: `RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked …`.",
    ]);
  });

  it("is mounted, and then not to be deleted", async () => {
    const saving = { rule: "deleted-later", lines: [2, 4], paths: ["/tmp/a"] } as const;
    const aboutIt = async (removal: string, bytes = 10_000_000) => {
      const text = `FROM busybox\nCOPY a /tmp/a\nRUN make /tmp/a\nRUN ${removal}\n`;
      const { message, instead } = await only(text, { ...saving, bytes });
      expect(instead).toMatch(/^Mount it where it is needed: /);
      return message.replace(/^.* and is not to be copied as well: /, "");
    };
    expect(await aboutIt("rm -f /tmp/a")).toBe("drop lines 2 and 4.");
    const left = "let line 4 leave it alone, and keep it out of what line 2 copies.";
    expect(await aboutIt("rm -f /tmp/a && make")).toBe(left);
    // A folder of that name, with more in it.
    expect(await aboutIt("rm -f /tmp/a", 4_000_000)).toBe(left);
  });

  it("is deleted in each line that makes Python compile it again", async () => {
    const about = (between: string, path: string) => {
      const run = "RUN find /venv -name '*.pyc' -delete";
      const text = `FROM python\nRUN python -m venv /venv\nRUN ${between}\n${run}\n`;
      return insteadOf(text, { rule: "deleted-later", lines: [2, 4], paths: [path] });
    };
    expect(await about("/venv/bin/pip install flask", "/venv/a.pyc")).toEqual([
      "Do what line 4 does in each of lines 2 and 3, which all make Python compile.",
    ]);
    const joined = (between: string) => [
      `RUN python -m venv /venv && ${between} && find /venv -name '*.pyc' -delete`,
    ];
    expect(await about("make", "/venv/a.pyc")).toEqual(joined("make"));
    const pip = "/venv/bin/pip install flask";
    expect(await about(pip, "/venv/a.txt")).toEqual(joined(pip));
  });

  it("is told with the deletion that would fail then", async () => {
    const saving = { rule: "deleted-later", lines: [2, 3], paths: ["/app/large"] } as const;
    const message = async (line: string) => {
      const [advice] = await advised(`FROM busybox\nCOPY . /app\n${line}\n`, [saving]);
      return advice?.message ?? "";
    };
    const sentence = "Leave `/app/large` out of what line 3 deletes, which would fail without it.";
    expect(await message("RUN rm /app/large")).toContain(sentence);
    expect(await message("RUN rm -f /app/large")).not.toContain(sentence);
    const forced = "Let line 3 delete with `rm -f`, which does not fail where there is nothing.";
    expect(await message("RUN rm -r /app/sub")).toContain(forced);
    expect(await message("RUN rm -rf /app/sub")).not.toContain(forced);
  });

  it("is not copied where its line copies nothing else", async () => {
    const copy = "COPY a/large /app/large";
    expect(await about(copy, "RUN rm /app/large")).toEqual(["Drop lines 2 and 3."]);
    expect(await about(copy, "RUN rm -f /app/large /b")).toEqual(["Drop line 2."]);
    expect(await about(copy, "RUN chown 7 /b && rm /app/large")).toEqual(["Drop line 2."]);
    expect(await about(copy, "COPY a/large /b", "RUN rm /app/large")).not.toEqual(["Drop line 2."]);
  });

  it.each([
    ["RUN ls /out", "RUN rm /out/large", "lines 2 and 3", 4],
    ["RUN cd / && ls out", "RUN rm /out/large", "lines 2 and 3", 4],
    ["RUN ls /out", "RUN rm -f /out/large /b", "line 2", 4],
    [
      "FROM busybox AS other\nRUN true\nFROM one\nRUN ls /out",
      "RUN rm /out/large",
      "lines 2 and 3",
      7,
    ],
    ["FROM busybox\nCOPY --from=one /out /out", "RUN rm /out/large", "lines 2 and 3", 5],
  ])(
    "is not copied, but its folder made where that is needed: %s",
    async (use, remove, which, line) => {
      const text = `FROM busybox AS one\nCOPY large /out/large\n${remove}\n${use}\n`;
      const saving = { rule: "deleted-later", lines: [2, 3], paths: ["/out/large"] } as const;
      const advice = await advised(text, [saving], { stageName: "one" });
      expect(advice.map(({ instead }) => instead)).toEqual([
        `Write \`RUN mkdir -p /out\` instead of ${which}: line ${line} needs that folder.`,
      ]);
    },
  );

  it("is not copied, and its folder made by whoever may do that", async () => {
    const text = "FROM busybox\nUSER 7\nCOPY large /out/large\nRUN rm -f /out/large\nRUN ls /out\n";
    const saving = { rule: "deleted-later", lines: [3, 4], paths: ["/out/large"] } as const;
    expect(await insteadOf(text, saving)).toEqual([
      "Drop lines 3 and 4, but have `/out` made: line 5 needs that folder.",
    ]);
    const usual = { ...saving, paths: ["/tmp/large"] };
    expect(await insteadOf(text.replaceAll("/out", "/tmp"), usual)).toEqual([
      "Drop lines 3 and 4.",
    ]);
  });

  it.each([
    ["COPY . /app", "RUN chown 7 /app/large && rm /app/large"],
    ["COPY a /app", "RUN chown -R 7 /app/sub && rm -r /app/sub"],
    ["COPY a/sub/large /app/sub/", "RUN chown -R 7 /app && rm /app/sub/large"],
    ["COPY a app", "RUN chown -R 7 /app && rm -r /app/sub"],
  ])("is not kept out where a change of owners may fail then: %s, %s", async (copy, line) => {
    const paths = [line.includes("sub") ? "/app/sub/large" : "/app/large"];
    const saving = { rule: "deleted-later", lines: [2, 3], paths } as const;
    const [instead] = await insteadOf(`FROM busybox\n${copy}\n${line}\n`, saving);
    expect(instead).toContain("Mount it where it is needed");
  });

  it.each([
    ["COPY app /srv/app", "/srv/app/sub/b", "app/sub/b"],
    ["COPY ./app/ /srv/app/", "/srv/app/b", "app/b"],
    ["COPY . /srv", "/srv/srv", "srv"],
    ["COPY app /", "/sub/b", "app/sub/b"],
    ["COPY app/b /srv/c", "/srv/c", "app/b"],
    ["COPY a app/b /srv/", "/srv/b", "app/b"],
    ["COPY app /srv/app", "/srv/app/sub/app", "app/sub/app"],
    ["WORKDIR /srv\nWORKDIR app\nCOPY app .", "/srv/app/sub/b", "app/sub/b"],
    ["COPY app .", "/sub/b", "…"],
    ["COPY a app /srv/", "/srv/sub/b", "…"],
    ["COPY $APP /srv/app", "/srv/app/b", "…"],
    ["COPY app $APP", "/srv/app/b", "…"],
    ["COPY app/* /srv/app/", "/srv/app/b", "…"],
    ["COPY --parents app/sub /srv/", "/srv/app/sub/b", "…"],
    ["COPY app /srv/app", "/other/b", "…"],
  ])("is mounted with where it comes from: %s, %s", async (copy, path, source) => {
    const line = 1 + copy.split("\n").length;
    const text = `FROM busybox\n${copy}\nRUN ./use\nRUN rm ${path}\n`;
    const saving: MadeUp = { rule: "deleted-later", lines: [line, line + 2], paths: [path] };
    expect(await insteadOf(text, saving)).toEqual([
      `Mount it where it is needed: \`RUN --mount=type=bind,source=${source},target=${path} …\`.`,
    ]);
  });

  it("is only kept out by a pattern where no other line copies it", async () => {
    const text =
      "FROM busybox\nCOPY . /app\nRUN rm -f /app/large\nFROM busybox\nCOPY --from=0 /app/large /a\n";
    const saving = { rule: "deleted-later", lines: [2, 3], paths: ["/app/large"] } as const;
    const staged = `${text.replace("FROM busybox", "FROM busybox AS one")}FROM one\n`;
    expect(await insteadOf(staged, saving)).toEqual([
      "Keep `/app/large` out of what line 2 copies, by naming what is needed.",
    ]);
  });

  it("is only kept out by a pattern where no line of another stage runs with it", async () => {
    const text =
      "FROM busybox\nCOPY . .\nRUN tar -xf /large\nFROM busybox\nCOPY . /app\nRUN rm -f /app/large\n";
    const saving = { rule: "deleted-later", lines: [5, 6], paths: ["/app/large"] } as const;
    expect(await insteadOf(text, saving)).toEqual([
      "Keep `/app/large` out of what line 5 copies, by naming what is needed.",
    ]);
  });

  it("is not mounted in one line where another uses it before that", async () => {
    const last = "RUN ./install /app/large && rm /app/large";
    expect(await about("COPY a/large /app/", "RUN ./check /app/large", last)).toEqual([
      "Mount it where it is needed: `RUN --mount=type=bind,source=a/large,target=/app/large …`.",
    ]);
  });

  it("is kept out by the ignore file that counts", async () => {
    const saving = { rule: "deleted-later", lines: [2, 3], paths: ["/app/large"] } as const;
    const text = "FROM busybox\nCOPY . /app\nRUN rm -f /app/large\n";
    const [advice] = await advised(text, [saving], { dockerfile: "web.Dockerfile" });
    expect(advice?.instead).toContain(
      "by a line in `web.Dockerfile.dockerignore` where that is there, else in `.dockerignore` or by",
    );
  });

  it.each([
    "RUN ./install /app/large && rm -r /app/b /app/large",
    "RUN ./install /app/large || true && rm /app/large",
    "RUN ./install /app/large; ./test && rm /app/large",
  ])("is not mounted by a line that loses something by that: %s", async (line) => {
    expect(await about("COPY a/large /app/", line)).toEqual([
      "Mount it where it is needed: `RUN --mount=type=bind,source=a/large,target=/app/large …`.",
    ]);
  });

  it.each(["chmod +x", "chown 1000", "sed -i s/a/b/", "sed -e s/a/b/ -i.bak", "touch"])(
    "is mounted so that %s does not fail on it",
    async (change) => {
      const last = `RUN ${change} /app/large && /app/large && rm /app/large`;
      expect(await about("COPY a/large /app/", last)).toEqual([
        `Write \`RUN --mount=type=bind,source=a/large,target=/app/large,rw ${change} /app/large && /app/large\` instead of lines 2 and 3.`,
      ]);
    },
  );

  it("is mounted, with all that the line does but deleting it", async () => {
    expect(await about("COPY a/large /app/", "RUN ./install /app/large && rm /app/large")).toEqual([
      "Write `RUN --mount=type=bind,source=a/large,target=/app/large ./install /app/large` instead of lines 2 and 3.",
    ]);
    expect(await about("COPY a* /app/", "RUN ./install /app/large && rm /app/large")).toEqual([
      "Mount it where it is needed: `RUN --mount=type=bind,source=…,target=/app/large …`.",
    ]);
  });
});
