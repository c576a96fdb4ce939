import { describe, expect, it } from "vitest";
import { parseSize } from "../../src/inputs/sizes.ts";

describe("a size that is understood", () => {
  it.each([
    ["150MB", 150_000_000],
    ["150 MB", 150_000_000],
    ["1.5GB", 1_500_000_000],
    ["1.1GB", 1_100_000_000],
    ["1.005GB", 1_005_000_000],
    ["12kB", 12_000],
    ["2TB", 2_000_000_000_000],
    ["1KiB", 1_024],
    ["1.5MiB", 1_572_864],
    ["1GiB", 1_073_741_824],
    ["1TiB", 1_099_511_627_776],
    ["512B", 512],
    ["1024", 1_024],
    ["0", 0],
  ])("reads %s as %d bytes", (text, bytes) => {
    expect(parseSize(text)).toEqual({ kind: "ok", value: bytes });
  });
});

const ALLOWED = "a size is a number and B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as 150MB";

describe("a size that is not understood", () => {
  it("says that Mb is bits, and what was probably meant", () => {
    expect(parseSize("150 Mb")).toEqual({
      kind: "problem",
      what: `"150 Mb" is not a size: Mb means bits, not bytes; ${ALLOWED}; did you mean 150MB?`,
    });
  });

  it.each([
    ["150mb", "150MB"],
    ["150MIB", "150MiB"],
    ["150mib", "150MiB"],
    ["150KB", "150kB"],
    ["150M", "150MB"],
    ["1.5g", "1.5GB"],
    ["150Mi", "150MiB"],
  ])("offers for %s the unit %s", (text, instead) => {
    expect(parseSize(text)).toMatchObject({
      kind: "problem",
      what: expect.stringMatching(new RegExp(`did you mean ${instead}\\?$`)),
    });
  });

  it("offers nothing for a unit that is like no other", () => {
    expect(parseSize("150 parsecs")).toEqual({
      kind: "problem",
      what: `"150 parsecs" is not a size: "parsecs" is not a unit; ${ALLOWED}`,
    });
  });

  it.each([
    "",
    " ",
    "MB",
    "-1MB",
    "+1MB",
    "1e3",
    "1,5GB",
    "1.GB",
    ".5GB",
    "0x10",
    "150MB ",
    "150  MB",
    "150 ",
  ])("refuses %j as no size at all", (text) => {
    expect(parseSize(text)).toMatchObject({
      kind: "problem",
      what: expect.stringContaining("is not a size"),
    });
  });

  it("refuses a fraction of a byte", () => {
    expect(parseSize("1.5")).toEqual({
      kind: "problem",
      what: `"1.5" is not a whole number of bytes; ${ALLOWED}`,
    });
  });

  it("refuses more bytes than a number can count exactly", () => {
    expect(parseSize("9999999999TB")).toEqual({
      kind: "problem",
      what: '"9999999999TB" is too large for a size',
    });
  });
});
