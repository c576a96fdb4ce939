import { expect, it } from "vitest";
import { readsAllItWrites } from "../../../src/build/cache/same-places.ts";
import { makePlannedImage } from "../../make.ts";

const FOLDER = { written: "/cache/app.next", replaced: "/cache/app" };

/** Whether it is so for these places, folder of ours included. */
function isSame(from: readonly string[], to: readonly string[]): boolean {
  const caches = { placesOf: () => ({ from, to }), foldersOf: () => [FOLDER] };
  return readsAllItWrites(caches, makePlannedImage());
}

it.each([
  ["type=gha,scope=a,timeout=15s", "type=gha,scope=a,timeout=30s,mode=max"],
  ["type=gha", "type=gha,scope=buildkit,mode=max"],
  ["type=registry,ref=ghcr.io/a/b:c", "mode=max,type=registry,ref=ghcr.io/a/b:c"],
  ["ghcr.io/a/b:c", "type=registry,ref=ghcr.io/a/b:c"],
  ["type=local,src=/old", "type=local,dest=/old"],
  ['type=local,"src=/a,b"', 'type=local,"dest=/a,b",mode=max'],
  ["type=local,src=/cache/app", "type=local,dest=/cache/app.next,mode=max"],
])("a cache that is read from %s is written there as %s", (from, to) => {
  expect(isSame([from], [to])).toBe(true);
});

it.each([
  ["type=gha,scope=a", "type=gha,scope=b"],
  ["type=gha", "type=registry,ref=ghcr.io/a/b:c"],
  ["type=registry,ref=ghcr.io/a/b:c", "type=registry,ref=ghcr.io/a/b:d"],
  ["type=local,src=/old", "type=local,dest=/new"],
  ["type=s3,bucket=a,name=b", "type=s3,bucket=a,name=b"],
])("a cache that is read from %s is written elsewhere as %s", (from, to) => {
  expect(isSame([from], [to])).toBe(false);
  expect(isSame([from, "type=gha,scope=c"], ["type=gha,scope=c", to])).toBe(false);
});

it("of caches that are read from two places neither is known to have it all", () => {
  const [one, other] = ["type=gha,scope=a", "type=gha,scope=b"];
  expect(isSame([one, other], [one, other])).toBe(false);
  expect(isSame([one, other], [one])).toBe(false);
  expect(isSame([one, `${one},timeout=15s`], [one])).toBe(true);
});
