import { expect, it } from "vitest";
import { OutputDecoder, parseProgress } from "../../../src/build/progress/progress.ts";
import { growth, LINEAR } from "../../growth.ts";

/** Status lines, one for each piece of output. */
function texts(pieces: readonly { vertex: string; stream: number; bytes: Buffer }[]) {
  const decoder = new OutputDecoder();
  return pieces.flatMap(({ vertex, stream, bytes }) => {
    const line = JSON.stringify({ logs: [{ vertex, stream, data: bytes.toString("base64") }] });
    return parseProgress(line, decoder)?.outputs.map(({ text }) => text) ?? [];
  });
}

it("a letter that is cut by the end of a piece is whole, whatever other steps say meanwhile", () => {
  const bytes = Buffer.from("größe");
  const pieces = [
    { vertex: "a", stream: 1, bytes: bytes.subarray(0, 3) },
    { vertex: "a", stream: 2, bytes: Buffer.from("err") },
    { vertex: "b", stream: 1, bytes: Buffer.from("other") },
    { vertex: "a", stream: 1, bytes: bytes.subarray(3) },
  ];
  expect(texts(pieces)).toEqual(["gr", "err", "other", "öße"]);
});

it("output full of commands to a terminal that have no end takes little time", () => {
  const work = (count: number) =>
    texts([{ vertex: "a", stream: 1, bytes: Buffer.from("\u001B]".repeat(count)) }]);
  expect(growth(200_000, work)).toBeLessThan(LINEAR);
});
