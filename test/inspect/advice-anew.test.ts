// Lines that write files anew, copy over them or change them as another user, between a line and another
// that changes no more than their owner or mode.

import { describe, expect, it } from "vitest";
import { advised, CHOWNED, only } from "./advised-dockerfile.ts";

const TOUCHED = { rule: "metadata-only", lines: [2, 3] } as const;
const MODULE = { paths: ["/app/node_modules/a/index.js"] };

describe("what a line deletes and installs once more", () => {
  const again = (line: string) => {
    const text = `FROM node\nRUN npm install\nCOPY . .\nRUN ${line}\nRUN chmod -R 755 /app\n`;
    const saving = { ...TOUCHED, ...MODULE, isSole: true, mode: "755" } as const;
    return { text, whole: { ...saving, lines: [2, 4, 5], bytes: 4_000_000 } };
  };

  it.each([
    "make && rm -rf node_modules && npm install --omit=dev",
    "rm -rf /app/node_modules/ && npm install && chown -R 7 /app",
    "rm -rf /app/* && make install",
    "rm -rf $MODULES && npm install && chown 7 /app",
    "npm ci && chown -R 7 /app",
    "npm rebuild",
    "rm -rf /app/*/a && make install",
  ])("is changed by what comes after that alone: %s", async (line) => {
    const { text, whole } = again(line);
    expect(await only(text, whole)).toMatchObject({
      bytes: 2_000_000,
      lines: [4, 5],
      instead: `RUN ${line} && chmod -R 755 /app`,
    });
  });

  it("is told together with what that line wrote else", async () => {
    const { text, whole } = again("rm -rf node_modules && npm install");
    const saving = { ...whole, lines: [4, 5], bytes: 500_000 };
    const advice = await advised(text, [whole, saving]);
    expect(advice).toMatchObject([{ bytes: 2_500_000, lines: [4, 5] }]);
    expect(advice[0]?.message).not.toContain("does the same");
  });

  it.each([
    "rm -rf /tmp/a && chown -R 7 /app",
    "./fix-modes.sh",
    "rm -rf $A && chown -R 7 /app",
    "rm -f *.md && chown -R 7 /app",
    "rm -f /app/*.log && chown -R 7 /app",
  ])("is not what a line changes that deletes something else: %s", async (line) => {
    const { text, whole } = again(line);
    expect(await only(text, whole)).toMatchObject({ bytes: 4_000_000, lines: [2, 4, 5] });
  });

  it("is not told where that is the last that is done, or much of it was done in between", async () => {
    const { text, whole } = again("rm -rf node_modules && npm install");
    const last = { ...whole, lines: [2, 4] };
    expect(await advised(text, [last])).toEqual([]);
    const beside = { ...whole, lines: [2, 5], otherLines: [4] };
    expect(await advised(text, [beside, { ...last, bytes: 300_000 }])).toEqual([]);
    expect(await advised(text, [beside])).toHaveLength(1);
  });

  it("cannot be left as it is, though nothing of it is changed", async () => {
    const told = async (line: string) => {
      const text = `FROM node\nRUN npm install\nRUN ${line}\n`;
      return advised(text, [{ ...TOUCHED, ...MODULE }]);
    };
    expect(await told("npm rebuild && npm install a")).toEqual([]);
    expect(await told("make install")).toEqual([]);
    expect(await told("find /app -exec touch {} +")).toHaveLength(1);
  });
});

describe("a copy over which another lays the same", () => {
  const FROM = "FROM busybox AS b\nFROM busybox\n";
  const told = async (lines: string, empty: readonly number[], more = {}) => {
    const saving = { ...CHOWNED, lines: [3, 5], ...more };
    return advised(`${FROM}${lines}RUN chown -R 7:7 /app\n`, [saving], { empty });
  };

  it("is given its owner by both, where the other one has nothing more", async () => {
    const lines = "COPY --from=b /app /app\nCOPY --from=b /app/node_modules /app/node_modules\n";
    expect(await told(lines, [4])).toMatchObject([
      {
        lines: [3, 4, 5],
        instead:
          "Write `COPY --chown=7:7 --from=b /app /app` in line 3 and `COPY --chown=7:7 --from=b /app/node_modules /app/node_modules` in line 4.",
      },
    ]);
    expect(await told(lines, [])).toEqual([]);
    expect(await told("COPY --from=b /app /app\nCOPY lib /app/lib\n", [4])).toEqual([]);
  });

  it.each([
    ["COPY --from=b /app /app\nCOPY --from=b /srv /srv\n", 1],
    ["COPY --from=b /app /app\nCOPY --from=b /lib /app/node_modules\n", 1],
    ["COPY . /app\nCOPY docker/start.sh /app/start.sh\n", 1],
    ["COPY src/ /app/src/\nCOPY package*.json /app/\n", 1],
    ["COPY src/ /app/src/\nCOPY *rc /app/\n", 0],
    ["COPY . /app\nCOPY start.sh /app/\n", 0],
    ["COPY . /app\nCOPY *.sh /app/\n", 0],
    ["WORKDIR $A\nCOPY start.sh .\n", 1],
  ])("is not told to give one by itself, if they are the same: %j", async (lines, count) => {
    const isFolder = lines.startsWith("WORKDIR");
    expect(await told(lines, [], isFolder ? { lines: [4, 5] } : {})).toHaveLength(count);
  });

  it("is not told to where it comes after a large one, which it would have twice", async () => {
    const lines = "COPY --from=b /app/node_modules /app/node_modules\nCOPY --from=b /app /app\n";
    expect(await told(lines, [], { lines: [4, 5] })).toEqual([]);
    expect(await told(lines, [3], { lines: [4, 5] })).toHaveLength(1);
  });

  it("is told of what is sure where it comes after a smaller one", async () => {
    const lines = "COPY package*.json /app/\nCOPY . /app\n";
    const saving = { lines: [4, 5], bytes: 30_000_000 };
    expect(await told(lines, [], saving)).toMatchObject([{ lines: [4, 5], bytes: 20_000_000 }]);
    expect(await told(lines, [3], saving)).toMatchObject([{ lines: [4, 5], bytes: 30_000_000 }]);
  });

  it("is not looked for among more sources than there is time for", async () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `a${at}`).join(" ");
    expect(await told(`COPY ${many} /app/\nCOPY ${many} /app/\n`, [])).toEqual([]);
  });

  it("is told together with that one, be it not known what is left of the line", async () => {
    const lines = "COPY --from=b /app/node_modules /app/node_modules\nCOPY --from=b /app /app\n";
    const text = `${FROM}${lines}RUN chown -R 7:7 /app\n`;
    const besides = [{ folders: [], paths: [], isCut: true as const }];
    const savings = [3, 4].map((line) => ({
      ...TOUCHED,
      owner: "7:7",
      besides,
      lines: [line, 5],
    }));
    const [advice, ...others] = await advised(text, savings);
    expect(others).toEqual([]);
    expect(advice).toMatchObject({ lines: [3, 4, 5], bytes: 4_000_000 });
    expect(advice?.message).toContain(
      "They can do that themselves, and line 5 must leave it alone",
    );
  });

  it("is not the only one that what is deleted is to be left out of", async () => {
    const lines = "COPY --from=b /app/node_modules /app/node_modules\nCOPY --from=b /app /app\n";
    const saving = { rule: "deleted-later", lines: [3, 5], ...MODULE } as const;
    const text = `${FROM}${lines}RUN rm /app/node_modules/a/index.js\n`;
    expect((await only(text, saving)).instead).toContain(
      "out of what lines 3 and 4 copy, by naming",
    );
  });
});

describe("lines between", () => {
  it("that change the same have the last word over an earlier stage", async () => {
    const told = (line: string) => {
      const text = `FROM busybox AS b\nFROM busybox\nCOPY --from=b /a /a\nRUN ${line}\nRUN chown 7:7 /a/x\n`;
      return advised(text, [{ ...CHOWNED, lines: [3, 5], otherLines: [4], isPartial: true }]);
    };
    expect(await told("chown -R 1:1 /a")).toEqual([]);
    expect(await told("./fix.sh")).toEqual([]);
    expect(await told("chmod -R 700 /a")).toHaveLength(1);
  });

  it("that change the same of some must not any more", async () => {
    const text = "FROM busybox\nCOPY a /a\nRUN chown 1:1 /a/x\nRUN chown -R 7:7 /a\n";
    const { message } = await only(text, { ...CHOWNED, lines: [2, 4], otherLines: [3] });
    expect(message).toMatch(/ Line 3 changes that of some of it, and must not any more\.$/);
  });
});

describe("a line that is run by somebody else than root", () => {
  it.each([
    ["USER app\n", "USER root\n", false],
    ["", "USER root\n", false],
    ["USER root\n", "USER app\nUSER root\n", true],
    ["USER 0\n", "WORKDIR /a\n", true],
    ["", "WORKDIR /a\n", true],
  ])("gives nothing away: %j, and then %j", async (before, between, isGiven) => {
    const text = `FROM debian\n${before}RUN make\n${between}RUN chown 7:7 a && make\n`;
    const lines = text.trim().split("\n");
    const saving = { ...CHOWNED, lines: [lines.indexOf("RUN make") + 1, lines.length] };
    const { instead } = await only(text, saving);
    expect(instead.includes("before it ends, give what it writes to `7:7`")).toBe(isGiven);
  });
});

it("says that a line changes dates too", async () => {
  const text = "FROM busybox\nCOPY a /a\nRUN chown -R 7:7 /a && touch /a/x\n";
  const { message } = await only(text, CHOWNED);
  expect(message).toContain("Line 3 changes only the owner and dates of what line 2 wrote");
});
