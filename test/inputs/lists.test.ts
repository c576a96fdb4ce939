import { describe, expect, it } from "vitest";
import { splitLines, splitWords } from "../../src/inputs/lists.ts";

describe("splitLines", () => {
  it("takes one item a line, commas and all", () => {
    expect(splitLines("A=1,2\nB=3\n")).toEqual({ kind: "ok", value: ["A=1,2", "B=3"] });
  });

  it("leaves out empty lines and the spaces around items", () => {
    expect(splitLines("\n  A=1  \n\n\tB=2\r\n")).toEqual({ kind: "ok", value: ["A=1", "B=2"] });
  });

  it("keeps the line breaks inside double quotes", () => {
    expect(splitLines('A=1\n"KEY=-----BEGIN\nline two\n-----END"\nB=2')).toEqual({
      kind: "ok",
      value: ["A=1", "KEY=-----BEGIN\nline two\n-----END", "B=2"],
    });
  });

  it("reads a double quote that is written twice inside double quotes as one", () => {
    expect(splitLines('"JSON={""a"":""b, c""}"')).toEqual({
      kind: "ok",
      value: ['JSON={"a":"b, c"}'],
    });
  });

  it("leaves double quotes inside an item as they are", () => {
    expect(splitLines('ARGS=--name "a b"')).toEqual({ kind: "ok", value: ['ARGS=--name "a b"'] });
  });

  it("does not show a text whose quote is not closed", () => {
    expect(splitLines('"TOKEN=hunter2')).toEqual({
      kind: "problem",
      what: "has a double quote that opens an item and is not closed",
    });
  });
});

describe("splitWords", () => {
  it("parts items by lines and by commas", () => {
    expect(splitWords("vuln, secret\nmisconfig")).toEqual({
      kind: "ok",
      value: ["vuln", "secret", "misconfig"],
    });
  });

  it("makes nothing of commas and line breaks alone", () => {
    expect(splitWords(",\n ,\n")).toEqual({ kind: "ok", value: [] });
  });
});
