import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { narrowed, WideningColumn } from "../../src/inspect/column.ts";

const anyNumber = fc.oneof(
  fc.nat(255),
  fc.nat(65_535),
  fc.maxSafeNat(),
  fc.constantFrom(0, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
);

describe("WideningColumn", () => {
  it("gives back what was put in, whatever its size", () => {
    fc.assert(
      fc.property(fc.array(anyNumber), (numbers) => {
        const column = new WideningColumn();
        for (const number of numbers) column.push(number);
        expect(numbers.map((_, at) => column.at(at))).toEqual(numbers);
        expect([...column.packed()]).toEqual(numbers);
      }),
    );
  });

  it("widens for a number that is set, and keeps the others", () => {
    const column = new WideningColumn();
    for (const number of [1, 2, 3]) column.push(number);
    column.set(1, 2 ** 40);
    expect([...column.packed()]).toEqual([1, 2 ** 40, 3]);
  });

  it("takes no more room than its largest number needs", () => {
    const column = new WideningColumn();
    for (let count = 0; count < 1000; count++) column.push(300);
    expect(column.packed().byteLength).toBe(2000);
  });
});

describe("narrowed", () => {
  it("gives the same numbers", () => {
    fc.assert(
      fc.property(fc.array(anyNumber), (numbers) => {
        expect([...narrowed(Float64Array.from(numbers))]).toEqual(numbers);
      }),
    );
  });

  it("leaves what is not whole as it is", () => {
    for (const odd of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect([...narrowed(Float64Array.of(1, odd))]).toEqual([1, odd]);
    }
  });
});
