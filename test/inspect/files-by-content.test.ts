// Files are found by their content, whatever that is.

import { describe, expect, it } from "vitest";
import { FilesByContent } from "../../src/inspect/savings/files-by-content.ts";
import { FileLedger } from "../../src/inspect/tree/tree-files.ts";

/** Sizes that one multiplication makes alike in all bits that count, as who knows the constant can. */
function alikeSizes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => {
    const high = (number * 2 ** 17) >>> 0;
    const alike = (high ^ (high >>> 15)) >>> 0;
    return Math.imul(alike, inverseOf(0x85ebca6b)) >>> 0;
  });
}

function inverseOf(odd: number): number {
  let inverse = odd;
  for (let round = 0; round < 5; round++) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  return inverse;
}

describe("files by content", () => {
  it("are found soon, though all have one sum and sizes that are meant to collide", () => {
    const reads = { count: 0 };
    const files = new FileLedger();
    for (const bytes of alikeSizes(10_000)) {
      files.add({ bytes, layer: 0, path: 0, content: 1, mode: 0, owner: 0 });
    }
    const contents = {
      ...{ length: files.length },
      at: () => {
        reads.count++;
        return 1;
      },
    };
    const known = new FilesByContent({ ...columnsOf(files), contents }, false);
    for (let file = 0; file < files.length; file++) known.set(file);
    expect(known.get(9_999)).toBe(9_999);
    expect(reads.count).toBeLessThan(files.length * 20);
  });
});

function columnsOf(files: FileLedger) {
  return { ...files, length: files.length };
}
