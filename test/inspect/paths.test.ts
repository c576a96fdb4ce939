import { describe, expect, it } from "vitest";
import { ArchivePaths } from "../../src/inspect/layer/archive-paths.ts";
import { PathTable } from "../../src/inspect/paths.ts";
import { growth, LINEAR } from "../growth.ts";

/** A path as it is told of an archive that has these bytes. */
function told(path: string | Uint8Array): string {
  const table = new PathTable();
  return table.textOf(new ArchivePaths(table).resolve(Buffer.from(path)));
}

describe("a path as text", () => {
  it.each([
    ["", "/"],
    ["./usr//bin/", "/usr/bin"],
    ["süß/\u{1F4E6}", "/süß/\u{1F4E6}"],
  ])("begins with / and has each name once: %j", (path, text) => {
    expect(told(path)).toBe(text);
  });

  it("shows as numbers the bytes of those names alone that are not UTF-8", () => {
    const path = Buffer.concat([Buffer.from("ü\\/x\\"), Buffer.from([0xe9]), Buffer.from("/b\\c")]);
    expect(told(path)).toBe("/ü\\/x\\\\\\xE9/b\\c");
  });

  it("takes little time, of however many names that are no text", () => {
    const path = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at % 2 ? 0x2f : 0xe9)));
    expect(growth(path.length, (length) => told(path.subarray(0, length)))).toBeLessThan(LINEAR);
  });
});
