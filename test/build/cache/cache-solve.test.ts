import { expect, test } from "vitest";
import { cacheNote } from "../../../src/build/cache/cache-solve.ts";

test("of a long reason why a cache could not be written the cause is told, which stands last", () => {
  const folder = `/cache/ingest/${"5b47c30".repeat(40)}`;
  const message = `failed to send write: rpc error: code = Unknown desc = write ${folder}: no space left on device`;
  const note = cacheNote({ conceal: (text) => text }, { what: "written", message });
  expect(note).toMatch(
    /^The build cache could not be written, the next run is slower: failed to send write: rpc error/,
  );
  expect(note).toMatch(/…[5b47c30]+: no space left on device$/);
});
