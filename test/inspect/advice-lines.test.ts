// Advice on Dockerfiles in all the forms that they are written in.

import { describe, expect, it } from "vitest";
import { advised, CHOWNED, type MadeUp, only } from "./advised-dockerfile.ts";

/** Folders that were given an owner, and other paths. */
function besides(folders: readonly string[], paths: readonly string[] = []) {
  return [{ folders: folders.map((path) => ({ path, isOwnerNew: true as const })), paths }];
}

describe("a line that changes owners", () => {
  const dropped = "Line 2 can do that itself, and line 3 be dropped.";
  const left = (line: number) =>
    `and line ${line} must leave it alone: some engines store once more even what a change leaves as it is.`;

  it.each([
    ["RUN chown -R 7:7 /app", dropped],
    ["RUN --network=none chown -R 7:7 /app && chgrp 7 /app", dropped],
    ["RUN set -ex; chown -R $OWNER /app", dropped],
    ['RUN ["chown", "-R", "7:7", "/app"]', dropped],
    ["RUN find /app -type f -exec chown 7:7 {} +", dropped],
    ["RUN useradd app && chown -R app /app", left(3)],
    ["RUN chown -R 7:7 /app | tee /dev/stderr", left(3)],
    ["RUN chown -R $(id -u) /app", left(3)],
    ["RUN <<EOF\nchown -R 7:7 /app\nEOF", left(3)],
  ])("is only dropped where it does nothing else: %j", async (run, sentence) => {
    const { message } = await only(`FROM busybox\nCOPY . /app\n${run}\n`, CHOWNED);
    expect(message).toContain(sentence);
  });

  it("is not dropped where its layer has something else", async () => {
    const { isSole, ...partly } = CHOWNED;
    const text = "FROM busybox\nCOPY . /app\nRUN chown -R 7:7 /app /data\n";
    expect((await only(text, partly)).message).toContain(left(3));
  });

  it.each([
    ["COPY --link . /app", "COPY --chown=7:7 --link . /app"],
    ["COPY --chown=1:1 --link . /app", "COPY --chown=7:7 --link . /app"],
    ['COPY ["a b", "/app"]', 'COPY --chown=7:7 ["a b", "/app"]'],
    ["COPY a b* /app/", "COPY --chown=7:7 a b* /app/"],
    ["COPY a \\\n  b /app/", "COPY --chown=7:7 a b /app/"],
    ["ADD app.tar.gz /app", "ADD --chown=7:7 app.tar.gz /app"],
    ["COPY a--chown=x /app/", "COPY --chown=7:7 a--chown=x /app/"],
  ])("is done by any form of a copy: %j", async (copy, instead) => {
    const lines = [2, 2 + copy.split("\n").length];
    const text = `FROM busybox\n${copy}\nRUN chown -R 7:7 /app\n`;
    expect((await only(text, { ...CHOWNED, lines })).instead).toBe(instead);
  });

  it("is not done by a copy where a line between them would change it again", async () => {
    const copies = "FROM busybox\nCOPY . /app\nRUN chown -R 1:1 /app\nCOPY . /app\n";
    expect((await only(copies, { ...CHOWNED, lines: [2, 3, 4] })).instead).toBe(
      "Let only one of lines 2, 3 and 4 write them, as line 4 does.",
    );
  });

  it.each([
    ["COPY --link . ./", "COPY --chown=7:7 . ./"],
    ["COPY --chmod=755 --link=true . /srv/app", "COPY --chown=7:7 --chmod=755 . /srv/app"],
    ["COPY --link=false . /srv/app", "COPY --chown=7:7 --link=false . /srv/app"],
  ])("leaves folders above a copy to whom they belong: %j", async (copy, instead) => {
    const text = `FROM busybox\n${copy}\nRUN chown -R 7:7 /app\n`;
    const advice = await only(text, CHOWNED);
    expect(advice.instead).toBe(instead);
    const isSaid = advice.message.includes("It is written without --link, which would give 7:7");
    expect(isSaid).toBe(!copy.includes("=false"));
  });

  it("may end as it does on Windows", async () => {
    const text = "FROM busybox\r\nCOPY . /app\r\nRUN chown -R 7:7 /app\r\n";
    const { instead, message } = await only(text, CHOWNED);
    expect(instead).toBe("COPY --chown=7:7 . /app");
    expect(message).toContain(dropped);
  });

  it.each([
    ["useradd app && chown -R app:app /app", "RUN useradd app"],
    ["useradd app && chown -R app:app /", "RUN useradd app"],
    ["chown -R 7:7 /app/a /app/b && make", "RUN make"],
    ["chown 7:7 /app/* && make", "RUN make"],
    ["chown -R 7:7 /app /data /apple", "RUN chown -R 7:7 /data /apple"],
    ["--network=none make && chgrp -R 7 /app/", "RUN --network=none make"],
    ["make && chown --recursive 7:7 /app && chmod -x /data/a", "RUN make && chmod -x /data/a"],
  ])("is written without that where it does more: %j", async (run, rest) => {
    const { isSole, ...saving } = { ...CHOWNED, ownFolder: "/app" };
    const { message } = await only(`FROM busybox\nCOPY . /app\nRUN ${run}\n`, saving);
    expect(message).toContain(`Line 2 can do that itself, and line 3 be \`${rest}\`.`);
  });

  it.each([
    "useradd app && chown -R app:app .",
    "useradd app && chown -R app:app /app/../data",
    "useradd app && chown -R app:app $APP",
    "useradd app && chown -R app:app /a*",
    "useradd app && chown -R app:app /data",
    "useradd app && find /app -exec chown app {} +",
    "chown -R 7:7 /app && touch /app/a",
    "useradd app; chown -R app:app /app",
  ])("is not written otherwise where that may change more or less: %j", async (run) => {
    const { isSole, ...saving } = { ...CHOWNED, ownFolder: "/app" };
    const { message } = await only(`FROM busybox\nCOPY . /app\nRUN ${run}\n`, saving);
    expect(message).toContain(left(3));
  });

  it("goes on changing folders that were there before, and only them", async () => {
    const text =
      "FROM busybox\nWORKDIR /app\nCOPY . .\nRUN useradd app && chown -Rv app /app /data\n";
    const saving = { ...CHOWNED, lines: [3, 4], ownFolder: "/app", besides: besides(["/app"]) };
    expect((await only(text, saving)).message).toContain(
      "and line 4 be `RUN useradd app && chown -Rv app /data && chown -v app /app`.",
    );
  });

  it("is told by what it is without where it is long", async () => {
    const packages = Array.from({ length: 40 }, (_, at) => `package-${at}`).join(" ");
    const about = async (change: string) => {
      const text = `FROM busybox\nCOPY . /app\nRUN apt-get install ${packages} && ${change}\n`;
      const { isSole, ...saving } = { ...CHOWNED, ownFolder: "/app" };
      return (await only(text, saving)).message;
    };
    expect(await about("chown -R 7:7 /app")).toContain(
      "and line 3 be without `chown -R 7:7 /app`.",
    );
    expect(await about("chown -R 7:7 /app /data")).toContain(
      "and line 3 be without `chown -R 7:7 /app /data`, but with `chown -R 7:7 /data`.",
    );
  });

  it("is told apart from others that have nothing left to do", async () => {
    const text =
      "FROM busybox\nCOPY . /app\nRUN chown -R 7:7 /app\nRUN make && chown -R 7:7 /app\n";
    const { isSole, ...saving } = { ...CHOWNED, lines: [2, 3, 4], ownFolder: "/app" };
    expect((await only(text, saving)).message).toContain(
      "and line 3 be dropped and line 4 be `RUN make`.",
    );
  });

  it.each([
    ["RUN chown -R 7:7 /app", "Drop line 3."],
    ["RUN make && chown -R 7:7 /app", "RUN make"],
    ["RUN make && chown -R 7:7 $APP", "Let line 3 leave as it is what line 2 wrote."],
    ["RUN touch /app/a", "Let line 3 leave as it is what line 2 wrote."],
  ])("without any effect is left out, unless it changes dates: %j", async (run, instead) => {
    const { owner, isSole, ...saving } = { ...CHOWNED, ownFolder: "/app" };
    expect(await only(`FROM busybox\nCOPY . /app\n${run}\n`, saving)).toMatchObject({
      message:
        "Line 3 stores once more what line 2 wrote, but changes no content, owner or mode of it.",
      instead,
    });
  });

  it("is one of several that do it to the same files", async () => {
    const text = "FROM busybox\nCOPY . /app\nRUN chown -R 7:7 /app\nRUN chmod -R 700 /app\n";
    const both = { ...CHOWNED, lines: [2, 3, 4], mode: "700", folderMode: "700" };
    expect(await only(text, both)).toMatchObject({
      lines: [2, 3, 4],
      message:
        "Lines 3 and 4 change only owner and mode of what line 2 wrote, and each of them stores every file once more. Line 2 can do that itself, and lines 3 and 4 be dropped.",
      instead: "COPY --chown=7:7 --chmod=700 . /app",
    });
  });

  it.each([
    ["chown -R 7:7 /app && chmod 1777 /app/tmp", "RUN chmod 1777 /app/tmp"],
    ["make && chown -R 7:7 /app && chmod -R 1777 /app", "RUN make && chmod 1777 /app/tmp"],
    ["chmod 1777 /app/tmp && chown -R 7:7 /app", "RUN chmod 1777 /app/tmp"],
  ])(
    "goes on giving folders of the copy a mode that its files do not get: %s",
    async (run, rest) => {
      const { message } = await only(`FROM busybox\nCOPY . /app\nRUN ${run}\n`, {
        ...{ ...CHOWNED, ownFolder: "/app" },
        besides: [{ folders: [{ path: "/app/tmp", isModeNew: true }], paths: [] }],
      });
      expect(message).toContain(`Line 2 can do that itself, and line 3 be \`${rest}\`.`);
    },
  );

  it("must leave files alone where it is not seen how it gives a folder its mode", async () => {
    const text = "FROM busybox\nCOPY . /app\nRUN chown -R 7:7 /app && make modes\n";
    const folders = [{ path: "/app/tmp", isModeNew: true as const }];
    const saving = { ...CHOWNED, ownFolder: "/app", besides: [{ folders, paths: [] }] };
    const { message } = await only(text, saving);
    expect(message).toContain("line 3 must leave it alone");
  });

  it("is not written anew where more folders are to be changed than are told", async () => {
    const text = "FROM busybox\nCOPY . /app\nRUN chown -R 7:7 /app\n";
    const many = ["/app", "/app/a", "/app/b", "/app/c", "/app/d", "/app/e"];
    const saving = { ...CHOWNED, ownFolder: "/app", besides: besides(many) };
    const { message } = await only(text, saving);
    expect(message).not.toContain("RUN chown");
    expect(message).toMatch(/It has to go on with `\/app`, .* and `\/app\/e`, without -R\.$/);
  });

  it("is written for what else it changes there, each by itself", async () => {
    const text = "FROM busybox\nWORKDIR /app\nCOPY . .\nRUN mkdir data && chown -R 7:7 /app\n";
    const { isSole, ...saving } = { ...CHOWNED, lines: [3, 4], ownFolder: "/app" };
    const others = besides(["/app"], ["/app/data", "/app/log"]);
    expect((await only(text, { ...saving, besides: others })).message).toContain(
      "line 4 be `RUN mkdir data && chown -R 7:7 /app/data /app/log && chown 7:7 /app`.",
    );
    const odd = besides([], ["/app/it's"]);
    expect((await only(text, { ...saving, besides: odd })).message).toContain(left(4));
  });

  it.each([
    ["chown 7:7 /app/*", left(3)],
    ["chown -R 7:7 /app/src && make", "and line 3 be `RUN make`."],
    ["chown -R 7:7 /app/src /app/data", "and line 3 be `RUN chown -R 7:7 /app/data`."],
    ["chown -R 7:7 /app/data/new /app", "`RUN chown -R 7:7 /app/data/new /app/data`."],
    ["chown 7:7 /app/src/a && make", "and line 3 be `RUN make`."],
  ])("goes on with what is of others, and only with that: %s", async (run, sentence) => {
    const { isSole, ...saving } = { ...CHOWNED, ownFolder: "/app" };
    const text = `FROM busybox\nCOPY . /app\nRUN ${run}\n`;
    const { message } = await only(text, { ...saving, besides: besides([], ["/app/data"]) });
    expect(message).toContain(sentence);
  });

  it.each([
    ["chown -R 7:7 /app && mkdir -p /app/data", left(3)],
    ["chown -R 7:7 /app && npm --prefix /app ci", left(3)],
    ["mkdir -p /app/data && chown -R 7:7 /app && chmod 700 /x", "`RUN mkdir -p /app/data && "],
    ["chown -R 7:7 /app/data && make", "be `RUN chown -R 7:7 /app/data && make`."],
  ])("names nothing that a command after it may be what makes it: %s", async (run, sentence) => {
    const { isSole, ...saving } = { ...CHOWNED, ownFolder: "/app" };
    const text = `FROM busybox\nCOPY . /app\nRUN ${run} && chown -R 7:7 /app/src\n`;
    const { message } = await only(text, { ...saving, besides: besides([], ["/app/data"]) });
    expect(message).toContain(sentence);
  });

  it("is told what it has to go on with, where it is not seen how", async () => {
    const { isSole, ...saving } = { ...CHOWNED, ownFolder: "/app" };
    const text = "FROM busybox\nCOPY . /app\nRUN chown -R 7:7 .\n";
    const goesOnWith = async (found: NonNullable<MadeUp["besides"]>) =>
      (await only(text, { ...saving, besides: found })).message.split("as it is. ")[1];
    expect(await goesOnWith(besides(["/app", "/data"]))).toBe(
      "It has to go on with `/app` and `/data`, without -R.",
    );
    expect(await goesOnWith(besides([], ["/app/a"]))).toBe("It has to go on with all of `/app/a`.");
    expect(await goesOnWith(besides(["/app"], ["/app/a", "/app/b"]))).toBe(
      "It has to go on with `/app`, without -R, and all of `/app/a` and `/app/b`.",
    );
    expect(await goesOnWith([{ folders: [], paths: [], isCut: true }])).toBe(
      "It has to go on with all else that is changed there.",
    );
  });

  it("names the stages that have the line too which is to be written otherwise", async () => {
    const text = [
      "FROM busybox AS one",
      "COPY . /app",
      "FROM one AS two",
      "RUN chown -R 7:7 /app",
      "FROM one AS three",
      "FROM two AS four",
    ].join("\n");
    const lines = [2, 4];
    const { message } = await only(text, { ...CHOWNED, lines }, "two");
    expect(
      message.endsWith(
        "Stages `one` and `three`, which have line 2 too, change with it; where that must not be, let each stage have a line of its own.",
      ),
    ).toBe(true);
    const inherited = await only(text, { ...CHOWNED, lines }, "four");
    expect(inherited.message).toBe(message);
  });

  it("is none that a package manager writes anew, as it was in the base image", async () => {
    const saving = { rule: "metadata-only", lines: [1, 2] } as const;
    expect(await advised("FROM debian\nRUN apt-get install -y less\n", [saving])).toEqual([]);
    expect(await advised("FROM debian\nRUN chmod -R a+w /var\n", [saving])).toMatchObject([
      { instead: "Leave the base image's files as they are." },
    ]);
  });

  it("is no line of a trigger, of which only the FROM is known", async () => {
    const text = "FROM busybox AS one\nONBUILD RUN chown -R 7:7 /app\nCOPY . /app\nFROM one\n";
    expect(await advised(text, [{ ...CHOWNED, lines: [3, 4] }])).toEqual([]);
  });
});

it("a change of one folder alone is left to that", async () => {
  const text =
    "FROM busybox\nCOPY a /app\nRUN chown -R 7:7 /app && chmod 700 /app/x && chmod g+s /app/x/y\n";
  const folders = ["/app/x", "/app/x/y"].map((path) => ({ path, isModeNew: true }) as const);
  const { isSole, ...saving } = { ...CHOWNED, lines: [2, 3], ownFolder: "/app" };
  const { message } = await only(text, { ...saving, besides: [{ folders, paths: [] }] });
  expect(message).toContain("line 3 be `RUN chmod 700 /app/x && chmod g+s /app/x/y`.");
});

describe("a mode that a RUN would give itself", () => {
  const text = "FROM busybox\nRUN make\nUSER me\nRUN chmod -R g=u /app\n";
  const saving = { rule: "metadata-only", lines: [2, 4], mode: "664" } as const;

  it("is given to its files, if folders keep theirs", async () => {
    expect((await only(text, saving)).instead).toBe(
      "Let line 2, before it ends, give its files mode 664.",
    );
    expect((await only(text, { ...saving, foldersGetMode: true })).instead).toMatch(
      /^Do in an earlier stage what lines 2 to 4 do/,
    );
  });
});

describe("a copy of which another copies some once more", () => {
  it("is told with that, which has to be given the same", async () => {
    const text = "FROM busybox\nCOPY . /app\nCOPY a /app/a\nRUN chown -R 7:7 /app\n";
    const saving = { ...CHOWNED, lines: [2, 4], otherLines: [3] } as const;
    expect((await only(text, saving)).message).toMatch(
      / Line 3 copies some of it once more, and has to do the same\.$/,
    );
  });
});

describe("what is copied and then changed", () => {
  it("is changed in the stage that it is copied from, or in an earlier one", async () => {
    const changed = { rule: "overwritten-later", lines: [2, 3] } as const;
    const text = "FROM busybox\nCOPY . /app\nRUN sed -i s/a/b/ /app/large\n";
    expect((await only(text, changed)).instead).toBe(
      "Do what line 3 does in an earlier stage, and let line 2 copy the result from there, with `COPY --from`.",
    );
    const staged = `FROM busybox AS build\n\nFROM busybox\nCOPY --from=build /app /app\nRUN sed -i s/a/b/ /app/large\n`;
    expect((await only(staged, { ...changed, lines: [4, 5] })).instead).toBe(
      "Do what line 5 does in stage `build`, and let line 4 copy the result from there, with `COPY --from`.",
    );
  });

  it("is changed with owners by number in the stage that it is copied from", async () => {
    const text =
      "FROM busybox AS build\n\nFROM busybox\nCOPY --from=0 /app /app\nRUN chown app /app/a\n";
    const saving = { ...CHOWNED, lines: [4, 5], isPartial: true } as const;
    expect((await only(text, saving)).instead).toBe(
      "Do in stage `build` what line 5 does, with owners by number: `COPY --from` keeps owners and modes.",
    );
  });

  it("is written by one of both where two lines copy it", async () => {
    const text = "FROM busybox\nCOPY a /app/large\nCOPY b /app/large\n";
    expect((await only(text, { rule: "overwritten-later", lines: [2, 3] })).instead).toBe(
      "Let only one of lines 2 and 3 write `/app/large`.",
    );
  });
});
