import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  shortLine,
  shortPath,
  shortReason,
  shortWords,
  visibleLine,
  visibleOutput,
} from "../../src/report/visible.ts";
import { growth, LINEAR } from "../growth.ts";
import { hostileText } from "./hostile.ts";

describe("visibleLine", () => {
  it("writes out what steers instead of showing", () => {
    expect(visibleLine("a\u202Eb\u0000c\u200Bd")).toBe("a<U+202E>b<U+0000>c<U+200B>d");
  });

  it("makes one line of several", () => {
    expect(visibleLine(" one\r\n\ttwo\u2028three ")).toBe("one two three");
  });

  it("leaves letters of any script, accents and emoji", () => {
    expect(visibleLine("größe 大きさ ⚠️ 🙂")).toBe("größe 大きさ ⚠️ 🙂");
  });

  it("leaves out commands to the terminal, and shows those that have no end", () => {
    expect(visibleLine("a\u001B]0;title\u0007b\u001B]0;more\u001B\\c\u001B]d")).toBe(
      "abc<U+001B>]d",
    );
  });

  it("takes little time, of however many commands that have no end", () => {
    const work = (count: number) => visibleLine("\u001B]".repeat(count));
    expect(growth(200_000, work)).toBeLessThan(LINEAR);
  });

  it("lets nothing through that steers", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(visibleLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("visibleOutput", () => {
  it("keeps the indentation and drops the colours", () => {
    expect(visibleOutput("\u001B[31m\tFile x\u001B[0m  ")).toBe("    File x");
  });
});

describe("shortLine", () => {
  it("counts what is shown, not what was there", () => {
    expect(shortLine("\u001B[31m  red\u001B[0m   and \u202E", 14)).toBe("red and <U+20…");
  });

  it("shows the beginning of a text of any length", () => {
    expect(shortLine("ab".repeat(1_000_000), 5)).toBe("abab…");
  });
});

describe("shortReason", () => {
  it("keeps the beginning and the end, where the cause stands", () => {
    expect(shortReason("cannot write /a/long/path/of/a/file: no space", 30)).toBe(
      "cannot write … no space",
    );
    expect(shortReason("cannot write /a/long/path/to/some/place/of/a/file: no space", 40)).toBe(
      "cannot write … no space",
    );
    expect(shortReason("x".repeat(50), 9)).toBe("xxx…xxx");
  });

  it("counts what is shown, and looks at no more than has room", () => {
    const text = `begun \u202E${"ab\n".repeat(1_000_000)} \u202Eended`;
    expect(shortReason(text, 30)).toBe("begun … <U+202E>ended");
  });
});

describe("shortWords", () => {
  const text = "Set the SHELL option. If you use /bin/sh in an image, then set it to /bin/ash.";

  it("ends with a sentence, or else with a word", () => {
    expect(shortWords(text, 60)).toBe("Set the SHELL option. …");
    expect(shortWords(text.replace(".", ","), 60)).toBe(
      "Set the SHELL option, If you use /bin/sh in an image, then …",
    );
    expect(shortWords(text, 90)).toBe(text);
  });

  it("cuts a word that is too long by itself", () => {
    expect(shortWords("x".repeat(50), 9)).toBe("xxxxxxx…");
  });
});

describe("shortPath", () => {
  it("leaves out folders in the middle, and never the file's name", () => {
    const path = "/usr/local/lib/python3.11/site-packages/numpy/_core/_multiarray_umath.so";
    expect(shortPath(path, 40)).toBe("/usr/loca…/_core/_multiarray_umath.so");
    expect(shortPath(path, 30)).toBe("/usr…/_multiarray_umath.so");
    expect(shortPath(path, 22)).toBe("…/_multiarray_umath.so");
    expect(shortPath(path, path.length)).toBe(path);
  });

  it("shortens a name in its middle where it is too long by itself", () => {
    expect(shortPath("/opt/abcdefghijkl", 9)).toBe("abcd…ijkl");
  });

  it("is never longer than is asked for, and shows nothing that steers", () => {
    fc.assert(
      fc.property(fc.array(hostileText), fc.integer({ min: 3, max: 60 }), (names, length) => {
        const path = shortPath(names.join("/"), length);
        expect(path.length).toBeLessThanOrEqual(length);
        expect(path).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
