import fc from "fast-check";
import { expect, it } from "vitest";
import { shares } from "../../src/report/markdown/shares.ts";

it("gives everybody what they need where there is enough", () => {
  expect(shares([3, 0, 5], 10)).toEqual([3, 0, 5]);
});

it("gives what the modest leave to the others", () => {
  expect(shares([100, 2, 100], 22)).toEqual([10, 2, 10]);
});

it("never gives more than there is, nor more than is needed, and leaves nothing lying about", () => {
  const needs = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(needs, fc.integer({ min: 0, max: 10_000 }), (wanted, total) => {
      const given = shares(wanted, total);
      const sum = given.reduce((one, other) => one + other, 0);
      const needed = wanted.reduce((one, other) => one + other, 0);
      expect(given.every((share, at) => share <= (wanted[at] ?? 0))).toBe(true);
      expect(sum).toBe(Math.min(total, needed));
    }),
  );
});
