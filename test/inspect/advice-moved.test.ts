// Advice on what a later line moves: it can be where it is to be at once.

import { describe, expect, it } from "vitest";
import { advised, type MadeUp } from "./advised-dockerfile.ts";

async function movedBy(line: string, saving: Partial<MadeUp> = {}, first = "COPY app /srv/app") {
  const [advice] = await advised(`FROM busybox\n${first}\n${line}\n`, [
    {
      ...{ rule: "deleted-later", lines: [2, 3], files: 2, paths: ["/srv/app/a"] },
      ...{ movedTo: "/opt/app", isSole: true, ...saving },
    },
  ]);
  return advice;
}

const MOVE = { rule: "deleted-later", lines: [2, 3], movedTo: "/opt/app" } as const;

describe("what is moved", () => {
  it("is copied there, and the line dropped that does nothing else", async () => {
    const advice = {
      message: "Line 3 moves what line 2 wrote to `/opt/app/…`, which stores it a second time.",
      instead: "Let line 2 copy it to where line 3 moves it, and drop line 3.",
    };
    expect(await movedBy("RUN mv /srv/app /opt/app")).toMatchObject(advice);
    expect(await movedBy("RUN mkdir -p /opt && mv /srv/app /opt")).toMatchObject(advice);
  });

  it.each([
    "RUN mv /srv/app /opt/app && ./configure",
    "RUN mkdir -p /data && mv /srv/app /opt/app",
    "RUN cp -a /srv/app /opt/app && rm -r /srv/app",
  ])("leaves the rest of the line as it is: %s", async (line) => {
    expect(await movedBy(line)).toMatchObject({
      instead: "Let line 2 copy it to where line 3 moves it, and let line 3 leave it alone.",
    });
  });

  it("is copied with the owner and the mode that it gets", async () => {
    const line = "RUN install -o 7 -g 7 -m 755 /srv/app/a /opt/a && rm /srv/app/a";
    const traits = { owner: "7:7", mode: "755", files: 1, movedTo: "/opt/a" };
    expect(await movedBy(line, traits)).toMatchObject({
      message:
        "Line 3 moves what line 2 wrote to `/opt/a`, which stores it a second time. The folders that are made for it belong to 7:7 then too.",
      instead:
        "Let line 2 copy it to where line 3 moves it, with `--chown=7:7 --chmod=755`, and let line 3 leave it alone.",
    });
  });

  it("is copied by a line of its own where the other one has more", async () => {
    expect(await movedBy("RUN mv /srv/app/b /opt/b", { isPartial: true })).toMatchObject({
      message: expect.stringContaining("Line 3 moves some of what line 2 wrote to"),
      instead:
        "Let a line of its own copy it to where line 3 moves it, leave it out of what line 2 copies, and drop line 3.",
    });
  });

  it("is where it is to be for lines in between too", async () => {
    const saving: MadeUp = {
      ...{ rule: "deleted-later", lines: [2, 4], files: 1, paths: ["/srv/a"], movedTo: "/opt/a" },
      isSole: true,
    };
    const text = "FROM busybox\nCOPY a /srv/a\nRUN ./use /srv/a\nRUN mv /srv/a /opt/a\n";
    expect((await advised(text, [saving]))[0]?.instead).toBe(
      "Let line 2 copy it to where line 4 moves it, have what is run in between find it there, and drop line 4.",
    );
  });

  it.each([
    ["of several owners", { owner: "…" }, "COPY app /srv/app"],
    ["of a mode that is none for folders", { mode: "600" }, "COPY app /srv/app"],
    ["out of an archive", {}, "ADD app.tar /srv/app"],
    ["with the owner of all folders above", { owner: "7:7" }, "COPY --link app /srv/app"],
  ])("is copied as it is in the end from an earlier stage: %s", async (_, saving, first) => {
    expect(await movedBy("RUN mv /srv/app /opt/app", saving, first)).toMatchObject({
      instead:
        "Do what line 3 does in an earlier stage, and let line 2 copy the result from there, with `COPY --from`.",
    });
  });

  it("is moved by the line that writes it", async () => {
    expect(await movedBy("RUN mv /srv/app /opt/app", {}, "RUN make -C /srv/app")).toMatchObject({
      message:
        "Line 3 moves what line 2 wrote to `/opt/app/…`, which stores it a second time. One line can do what lines 2 and 3 do.",
      instead: "RUN make -C /srv/app && mv /srv/app /opt/app",
    });
  });

  it("is only said to be written there where the lines have more", async () => {
    const text = "FROM busybox\nCOPY app /srv/app\nRUN mv /srv /opt\n";
    expect((await advised(text, [{ ...MOVE, files: 2 }]))[0]).toMatchObject({
      message: "Line 3 moves what line 2 wrote to `/opt/app/…`, which stores it a second time.",
      instead: "Let line 2 write it there at once, and let line 3 leave it alone.",
    });
  });

  it.each([
    ["a mode that its folder would get too", { mode: "640" }, "COPY app /srv/app"],
    ["an archive, which has folders of its own", {}, "ADD app.tar /srv/app"],
  ])("is not copied there where the lines have more and it has %s", async (_, saving, first) => {
    const text = `FROM busybox\n${first}\nRUN mv /srv /opt\n`;
    expect((await advised(text, [{ ...MOVE, files: 2, ...saving }]))[0]?.instead).toMatch(
      /^Do what line 3 does in an earlier stage/,
    );
  });

  it("is written there by each line whose files one line moves", async () => {
    const text = "FROM busybox\nCOPY a /in/a\nRUN make -C /in/b\nRUN mv /in /out\n";
    const move = { rule: "deleted-later", movedTo: "/out", isShared: true } as const;
    const advice = await advised(text, [
      { ...move, lines: [2, 4], paths: ["/in/a"] },
      { ...move, lines: [3, 4], paths: ["/in/b"] },
    ]);
    expect(advice.map(({ instead }) => instead)).toEqual([
      "Let line 2 write it there at once, have what is run in between find it there, and let line 4 leave it alone.",
      "Let line 3 write it there at once, and let line 4 leave it alone.",
    ]);
  });

  it("is not told to be linked as well", async () => {
    const text = "FROM busybox\nCOPY a /keep/a\nCOPY a /in/a\nRUN mv /in/a /out/a\n";
    const copy: MadeUp = {
      ...{ rule: "duplicate-content", lines: [2, 4], paths: ["/out/a"], twin: "/keep/a" },
    };
    const move: MadeUp = { rule: "deleted-later", lines: [3, 4], movedTo: "/out/a", isSole: true };
    expect((await advised(text, [copy])).map(({ rule }) => rule)).toEqual(["duplicate-content"]);
    expect((await advised(text, [copy, move])).map(({ rule }) => rule)).toEqual(["deleted-later"]);
  });

  it.each([
    ["COPY --from=base /srv/app /app", []],
    ["COPY --from=base /srv /srv", []],
    ["COPY --from=base /usr/lib /", ["/srv/app/a", "/srv/app/b"]],
    ["COPY --from=base /srv/app/a /", []],
    ["COPY --from=base /s* /", []],
    ["COPY --from=base /usr /srv/app /all/", []],
    ["COPY --from=0 / /all", []],
    ["RUN --mount=from=base,target=/base cp -r /base/srv /srv", []],
    ["COPY --from=moving /srv /srv", ["/srv/app/a", "/srv/app/b"]],
  ])("stays where a stage copies it from: %s", async (line, told) => {
    const text = `FROM busybox AS base\nCOPY app /srv/app\nFROM base AS moving\nRUN mv /srv/app /opt/app\nFROM busybox\n${line}\n`;
    const paths = ["/srv/app/a", "/srv/app/b"];
    const move: MadeUp = { rule: "deleted-later", lines: [2, 4], files: 2, paths };
    const saving: MadeUp = { ...move, movedTo: "/opt/app", isSole: true };
    const advice = await advised(text, [saving], { stageName: "moving" });
    expect(advice.flatMap((each) => each.paths)).toEqual(told);
    const more = await advised(text, [{ ...saving, files: 4 }], { stageName: "moving" });
    expect(more).toHaveLength(line.includes("moving") ? 1 : 0);
  });
});
