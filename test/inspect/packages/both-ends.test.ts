import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BothEnds } from "../../../src/inspect/packages/both-ends.ts";

describe("both ends of what passes by", () => {
  it("are there, and what is between them is not, whatever the pieces", () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 12 });
    const most = fc.nat(40);
    fc.assert(
      fc.property(
        pieces,
        most,
        most,
        fc.nat(200),
        fc.nat(200),
        (all, head, tail, start, length) => {
          const ends = new BothEnds(head, tail);
          for (const piece of all) ends.write(piece);
          const whole = Buffer.concat(all);
          const end = start + length;
          const isThere =
            end <= head || start >= whole.length - tail || whole.length <= head + tail;
          const expected = end <= whole.length && isThere ? whole.subarray(start, end) : undefined;
          expect(ends.length).toBe(whole.length);
          expect(ends.read(start, end)?.toString("hex")).toBe(expected?.toString("hex"));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("cost the same for each byte, in however small pieces they come", () => {
    const ends = new BothEnds(16, 2 ** 19);
    const piece = Buffer.from("x");
    for (let written = 0; written < 2 ** 20; written++) ends.write(piece);
    expect(ends.read(2 ** 20 - 3, 2 ** 20)?.toString()).toBe("xxx");
  }, 5000);
});
