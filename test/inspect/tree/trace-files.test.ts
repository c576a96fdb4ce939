import { describe, expect, it } from "vitest";
import { traceFiles } from "../../../src/inspect/tree/trace-files.ts";
import type { CraftedEntry } from "../../tar/tar-writer.ts";
import { craftTree } from "../craft-tree.ts";

const PATH = "/app/key.pem";
const FILE = { path: "app/key.pem", content: "secret" };

function trace(layer: number, ...layers: readonly (readonly CraftedEntry[])[]) {
  return traceFiles(craftTree(...layers), [{ path: PATH, layer }])[0];
}

describe("a file", () => {
  it("that nothing touches again is of the layer that has it", () => {
    expect(trace(0, [FILE], [{ path: "other" }])).toEqual({ broughtBy: 0 });
  });

  it("that is written again with the same content is of the first layer", () => {
    const layers = [[{ path: "base" }], [FILE], [{ ...FILE, mode: 0o600 }], [FILE]] as const;
    expect(trace(3, ...layers)).toEqual({ broughtBy: 1 });
    expect(trace(1, ...layers)).toEqual({ broughtBy: 1 });
  });

  it("that is written again with other content is of the later layer", () => {
    const layers = [[FILE], [{ ...FILE, content: "others" }]] as const;
    expect(trace(1, ...layers)).toEqual({ broughtBy: 1 });
    expect(trace(0, ...layers)).toEqual({ broughtBy: 0, killedBy: 1 });
  });

  it("that is deleted is told with the layer that did so, however often it was rewritten", () => {
    const gone = [{ path: "app/.wh.key.pem" }];
    expect(trace(1, [FILE], [FILE], gone)).toEqual({ broughtBy: 0, killedBy: 2 });
  });

  it("that comes again after it was deleted is another one", () => {
    const gone = [{ path: "app/.wh.key.pem" }];
    expect(trace(2, [FILE], gone, [FILE])).toEqual({ broughtBy: 2 });
    expect(trace(0, [FILE], gone, [FILE])).toEqual({ broughtBy: 0, killedBy: 1 });
  });

  it("that the layer does not have is not known", () => {
    expect(trace(1, [FILE], [{ path: "other" }])).toBeUndefined();
    expect(trace(-1, [FILE])).toBeUndefined();
  });

  it("is found by its whole path, whatever has the same last name", () => {
    const tree = craftTree([{ path: "old/key.pem" }], [FILE]);
    expect(traceFiles(tree, [{ path: PATH, layer: 1 }])).toEqual([{ broughtBy: 1 }]);
    expect(traceFiles(tree, [{ path: PATH, layer: 0 }])).toEqual([undefined]);
  });
});
