import { expect, test } from "vitest";
import { createLineSplitter } from "../../src/host/lines.ts";

function linesOf(chunks: readonly Uint8Array[], most?: number): readonly string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line), most);
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

test("lines and characters may span chunks, and a last line needs no line feed", () => {
  const bytes = Buffer.from("one\r\ntwö\n\nthree");
  const chunks = [...bytes].map((byte) => Uint8Array.of(byte));
  expect(linesOf(chunks)).toEqual(["one", "twö", "", "three"]);
});

test("of a line that does not end the beginning is kept, and those after it are whole", () => {
  const chunks = ["abc", "defg", "hijk\nlm", "n\nopqrstuvw"].map((text) => Buffer.from(text));
  expect(linesOf(chunks, 5)).toEqual(["abcde", "lmn", "opqrs"]);
});
