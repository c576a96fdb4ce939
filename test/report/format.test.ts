import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatBytesApart,
  formatBytesBeside,
  formatCount,
  formatLimit,
  formatPercentBeside,
  formatSeconds,
  plural,
} from "../../src/report/format.ts";

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** The bytes that a reader takes from `148.2 MB`. */
function read(text: string): number {
  const [amount = "", unit = ""] = text.split(" ");
  return Math.round(Number(amount) * (UNITS[unit] ?? Number.NaN));
}

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1 kB"],
    [4_530, "4.53 kB"],
    [25_000_000, "25 MB"],
    [148_223_000, "148.2 MB"],
    [150_000_000, "150 MB"],
    [999_949, "999.9 kB"],
    [999_950, "1 MB"],
    [9_995_000, "10 MB"],
    [1_214_000_000, "1.21 GB"],
    [5_000_000_000_000_000, "5000 TB"],
    [-2_500_000, "-2.5 MB"],
  ])("writes %d as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("is never off by more than half a percent", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (bytes) => {
        expect(Math.abs(read(formatBytes(bytes)) - bytes) / bytes).toBeLessThanOrEqual(0.005);
      }),
    );
  });
});

describe("formatLimit", () => {
  it.each([
    [150_000_000, "150 MB"],
    [157_286_400, "157.2864 MB"],
    [1, "1 B"],
    [999_999, "0.999999 MB"],
  ])("writes %d with every digit: %s", (bytes, text) => {
    expect(formatLimit(bytes)).toBe(text);
  });

  it("is exact", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 49 }), (bytes) => {
        expect(read(formatLimit(bytes))).toBe(bytes);
      }),
    );
  });
});

describe("formatBytesBeside", () => {
  it.each([
    [162_300_000, 150_000_000, "162.3 MB"],
    [150_040_000, 150_000_000, "150.04 MB"],
    [150_000_001, 150_000_000, "150.000001 MB"],
    [149_999_999, 150_000_000, "150 MB"],
    [157_260_000, 157_286_400, "157.26 MB"],
    [150_000_000, 150_000_000, "150 MB"],
  ])("writes %d beside %d as %s", (bytes, limit, text) => {
    expect(formatBytesBeside(bytes, limit)).toBe(text);
  });

  it("reads as missed exactly where the goal is missed, be it the least or the most", () => {
    const near = fc
      .tuple(fc.integer({ min: 1, max: 2 ** 45 }), fc.integer({ min: -5_000, max: 5_000 }))
      .map(([limit, distance]) => [Math.max(0, limit + distance), limit] as const);
    fc.assert(
      fc.property(near, ([bytes, limit]) => {
        expect(read(formatBytesBeside(bytes, limit)) > limit).toBe(bytes > limit);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("formatBytesApart", () => {
  it.each([
    [12_960_000, 8_000_000, "12.96 MB"],
    [148_160_000, 150_000_000, "148.16 MB"],
    [167_123_456, 150_000_000, "167.1 MB"],
    [150_040_123, 150_000_000, "150.0401 MB"],
    [8_964_512, 8_964_511, "8.964512 MB"],
    [200_123_456, 157_286_400, "200.1 MB"],
    [150_000_000, 150_000_000, "150 MB"],
  ])("writes %d beside %d and the distance as %s", (bytes, limit, text) => {
    expect(formatBytesApart(bytes, limit)).toBe(text);
  });

  it("makes the difference come out for who reads it", () => {
    const pairs = fc.tuple(fc.integer({ min: 1, max: 2 ** 45 }), fc.double({ min: 0.5, max: 2 }));
    fc.assert(
      fc.property(pairs, ([limit, times]) => {
        const bytes = Math.round(limit * (Number.isNaN(times) ? 1 : times));
        const distance = Math.abs(read(formatBytesApart(bytes, limit)) - limit);
        expect(formatBytes(distance)).toBe(formatBytes(Math.abs(bytes - limit)));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("formatPercentBeside", () => {
  it.each([
    [70.4, 70, "70.4%"],
    [70, 70, "70%"],
    [69.97, 70, "69.97%"],
    [69.999999, 70, "69.999999%"],
    [70.04, 70.03, "70.04%"],
    [10.04, 10, "10.04%"],
    [10.000001, 10, "10.000001%"],
    [-3.14, 70, "-3.1%"],
    [-0.033334, 0, "-0.03%"],
  ])("writes %d beside %d as %s", (percent, limit, text) => {
    expect(formatPercentBeside(percent, limit)).toBe(text);
  });

  it("reads as missed exactly where the goal is missed, be it the least or the most", () => {
    const millionths = fc.integer({ min: 0, max: 100_000_000 });
    fc.assert(
      fc.property(millionths, fc.integer({ min: -200, max: 200 }), (limit, distance) => {
        const percent = (limit + distance) / 1e6;
        const text = formatPercentBeside(percent, limit / 1e6);
        const [read, wanted] = [Number(text.slice(0, -1)), limit / 1e6];
        expect([read < wanted, read > wanted]).toEqual([percent < wanted, percent > wanted]);
      }),
    );
  });
});

describe("formatSeconds", () => {
  it.each([
    [0, "0 s"],
    [0.04, "0 s"],
    [4.21, "4.2 s"],
    [9.94, "9.9 s"],
    [9.96, "10 s"],
    [42.4, "42 s"],
    [59.6, "1 m 00 s"],
    [63, "1 m 03 s"],
    [3599.7, "1 h 00 m"],
    [3725, "1 h 02 m"],
  ])("writes %d as %s", (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});

describe("plural", () => {
  it("has one of a thing and several of it", () => {
    expect(plural(1, "finding")).toBe("1 finding");
    expect(plural(0, "finding")).toBe("0 findings");
    expect(plural(2, "vulnerability", "vulnerabilities")).toBe("2 vulnerabilities");
    expect(plural(10_000, "finding")).toBe("10,000 findings");
  });

  it("separates thousands", () => {
    expect(formatCount(1_234_567)).toBe("1,234,567");
  });
});
