import { describe, expect, it } from "vitest";
import { clip, clipMiddle } from "../src/clip.ts";

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

describe("clipMiddle", () => {
  it("leaves short text alone", () => {
    expect(clipMiddle("four", 4)).toBe("four");
  });

  it("keeps the beginning and the end", () => {
    expect(clipMiddle("0123456789", 6)).toBe("012…89");
  });

  it("does not cut a character in two", () => {
    expect(clipMiddle("ab\u{1F642}cd\u{1F642}ef", 7)).toBe("ab…ef");
  });
});
