// Advice on what is in an image twice.

import { describe, expect, it } from "vitest";
import { advised, type MadeUp } from "./advised-dockerfile.ts";

async function insteadOf(text: string, saving: MadeUp): Promise<readonly string[]> {
  return (await advised(text, [saving])).map(({ instead }) => instead);
}

describe("the same content twice", () => {
  const about = (line: string, files = 1) =>
    insteadOf(`FROM busybox\nRUN make\n${line}\n`, {
      ...{ rule: "duplicate-content", lines: [3, 3], twin: "/app/a/x", paths: ["/app/b/y"] },
      files,
    });

  it("is told with how the files were compared", async () => {
    const saving = { rule: "duplicate-content", lines: [2, 3], twin: "/a", paths: ["/b"] } as const;
    const [advice] = await advised("FROM busybox\nRUN make\nCOPY b /b\n", [saving]);
    expect(advice?.message).toBe(
      "Line 3 writes `/b`, which is the same as what line 2 has written, by size and CRC-32.",
    );
  });

  it("is a link in the build context where one folder of that is copied", async () => {
    expect(await about("COPY app /app")).toEqual([
      "One of both can be taken out of the build context, or be a symbolic link to the other, such as to `../a/x`, which line 3 copies as one.",
    ]);
    expect(await about("COPY x y /app/", 2)).toEqual([
      "One of each two can be taken out of the build context.",
    ]);
  });

  it("is a link that the line makes which writes it", async () => {
    expect(await about("RUN cp a b && true")).toEqual([
      "RUN cp a b && true && ln -sf /app/a/x /app/b/y",
    ]);
    expect(await about("RUN cp a b; true")).toEqual([
      "Let line 3 make links of them, such as by `ln -sf /app/a/x /app/b/y`.",
    ]);
    expect(await about("RUN cp a b", 2)).toEqual([
      "Let line 3 make links of them, such as by `ln -sf /app/a/x /app/b/y`.",
    ]);
    expect(await about("RUN <<EOF\ncp a b\nEOF")).toEqual([
      "Let line 3 make links of them, such as by `ln -sf /app/a/x /app/b/y`.",
    ]);
  });

  it("is a link in the place of the command that copies it", async () => {
    expect(await about("RUN mkdir /app/b && cp -a /app/a/x /app/b/y && true")).toEqual([
      "RUN mkdir /app/b && ln -s /app/a/x /app/b/y && true",
    ]);
    expect(await about("RUN mkdir /app/b && ln /app/a/x /app/b/y")).toEqual([
      "RUN mkdir /app/b && ln -s /app/a/x /app/b/y",
    ]);
  });

  it("is left out of what is copied from elsewhere, if no other line names it", async () => {
    const copy = "COPY --from=other /app /app";
    expect(await about(copy)).toEqual([
      "Leave `/app/b/y` out of what line 3 copies, and use `/app/a/x` instead.",
    ]);
    expect(await about(`${copy}\nRUN strip /app/b/y`)).toEqual([]);
    expect(await about(`${copy}\nRUN strip /app/b/y.so`)).toHaveLength(1);
  });

  it("is not copied at all where its line copies nothing else", async () => {
    const insteadIn = async (line: string, first: number, bytes = 10_000_000) => {
      const place = { lines: [first, 3], twin: "/app/a/x", paths: ["/app/b/y"], bytes };
      const saving: MadeUp = { rule: "duplicate-content", ...place };
      const advice = await advised(`FROM busybox\nRUN make\n${line}\n`, [saving]);
      return advice.map(({ instead }) => instead);
    };
    const dropped = ["Drop line 3, and use `/app/a/x` instead."];
    expect(await insteadIn("COPY --from=other /src/x /app/b/y", 2)).toEqual(dropped);
    expect(await insteadIn("COPY --from=other /src/y /app/b/", 2)).toEqual(dropped);
    const left = ["Leave `/app/b/y` out of what line 3 copies, and use `/app/a/x` instead."];
    expect(await insteadIn("COPY --from=other /src/y /src/z /app/b/", 2)).toEqual(left);
    expect(await insteadIn("COPY --from=other /src/y /app/b/", 3)).toEqual(left);
    // A folder of that name, with more in it.
    expect(await insteadIn("COPY --from=other /src/y /app/b", 2, 4_000_000)).toEqual(left);
  });

  it("is left as it is where it belongs to others, or is a program of another name", async () => {
    const saving = { rule: "duplicate-content", lines: [2, 3], paths: ["/b"], twin: "/a" } as const;
    const text = "FROM busybox\nRUN make\nRUN cp a b\n";
    expect(await advised(text, [saving])).toHaveLength(1);
    expect(await advised(text, [{ ...saving, hasOtherOwner: true }])).toEqual([]);
    const program = { ...saving, paths: ["/bin/busybox"] };
    expect(await advised(text, [{ ...program, twin: "/bin/[" }])).toEqual([]);
    expect(await advised(text, [{ ...program, twin: "/usr/bin/busybox" }])).toHaveLength(1);
  });
});

it.each([
  ["/w/z1", 1, true],
  ["/w", 1, false],
  ["/w/", 1, false],
  ["/", 1, false],
  ["/w/z1", 4, false],
])(
  "the same content twice is told beside what is moved, as far as it is known to be else: %s, %i",
  async (movedTo, files, isTold) => {
    const text =
      "FROM busybox\nRUN make\nADD model /models/m\nRUN cp /models/m /w/m && mv /srv/zeros /w/z1\n";
    const advice = await advised(text, [
      { rule: "deleted-later", lines: [2, 4], movedTo, paths: ["/srv/zeros"] },
      {
        ...{ rule: "duplicate-content", lines: [3, 4], twin: "/models/m", paths: ["/w/m"] },
        files,
      } as const,
    ]);
    expect(advice.some(({ rule }) => rule === "duplicate-content")).toBe(isTold);
  },
);

describe("the same content twice in a stage that others copy from", () => {
  /** What is advised on line 3, which writes once more what that line, or line 2, has written. */
  const about = async (line: string, copies: string, first = 3) => {
    const text = `FROM busybox AS build\nRUN make\n${line}\nFROM busybox\n${copies}\n`;
    const saving: MadeUp = {
      ...{ rule: "duplicate-content", lines: [first, 3], twin: "/src/app", paths: ["/out/app"] },
    };
    const advice = await advised(text, [saving], { stageName: "build" });
    return advice.map(({ instead }) => instead);
  };
  const run = "RUN cp /src/app /out/app";

  it.each([
    ["COPY --from=build /out/ /srv/"],
    ["COPY --from=build /out /usr"],
    ["COPY --from=0 $OUT /usr"],
    ["COPY --from=build /src /src\nCOPY --from=build /out /out"],
    ["RUN --mount=type=bind,from=build,source=/out,target=/out cp -r /out /srv"],
    ["FROM build AS more\nFROM busybox\nCOPY --from=more /out /srv"],
  ])("is one file of two names where only one is taken: %s", async (copies) => {
    expect(await about(run, copies)).toEqual(["RUN ln /src/app /out/app"]);
    expect(await about("RUN make out && true", copies)).toEqual([
      "RUN make out && true && ln -f /src/app /out/app",
    ]);
    expect(await about(run, copies, 2)).toEqual([]);
    expect(await about("COPY out /out", copies)).toEqual([]);
    expect(await about("COPY --from=other out /out", copies, 2)).toEqual([]);
  });

  it.each(["COPY --from=build / /srv/", "RUN --mount=from=build,target=/b ls /b"])(
    "is a link from one to the other where both are taken: %s",
    async (copies) => {
      expect(await about(run, copies, 2)).toEqual(["RUN ln -s ../src/app /out/app"]);
      expect(await about("COPY . /", copies)).toEqual([
        "One of both can be a symbolic link to the other, such as to `../src/app`, which line 3 copies as one.",
      ]);
      expect(await about("COPY --from=other . /", copies, 2)).toEqual([]);
    },
  );

  it.each(["COPY --from=build /etc /etc", "COPY --from=busybox /out /out"])(
    "is any link where neither is taken: %s",
    async (copies) => {
      expect(await about(run, copies, 2)).toEqual(["RUN ln -s /src/app /out/app"]);
    },
  );
});
