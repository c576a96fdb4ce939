import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, shortLine, visibleLine, visibleOutput } from "../../src/report/visible.ts";
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
    const started = performance.now();
    visibleLine("\u001B]".repeat(200_000));
    expect(performance.now() - started).toBeLessThan(3_000);
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

describe("clip", () => {
  it("leaves short text alone", () => {
    expect(clip("four", 4)).toBe("four");
  });

  it("says that something was cut off", () => {
    expect(clip("fives", 4)).toBe("fiv…");
  });

  it("does not cut a character in two", () => {
    expect(clip("ab\u{1F642}cd", 4)).toBe("ab…");
  });
});
