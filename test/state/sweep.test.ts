import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openLayout } from "../../src/state/layout.ts";
import { sweep } from "../../src/state/sweep.ts";
import { putImage, temporary } from "./crafted.ts";

/** Images, the last used last, of which the first has a name; those that are left within a bound. */
async function leftWithin(bound: (bytesOfOne: number) => number): Promise<readonly string[]> {
  using place = temporary();
  let now = 0;
  const host = { ...place.host, clock: { ...place.host.clock, now: () => ++now } };
  const layout = await openLayout(host, join(place.folder, "layout"));
  const texts = ["named", "old", "young"];
  const digests = new Map<string, string>();
  for (const text of texts) {
    const digest = await putImage(layout, text.padEnd(100, "."));
    digests.set(digest, text);
    await layout.addImage(digest, text);
  }
  const again = await openLayout(host, layout.folder);
  await layout.save();
  const kept = await openLayout(host, layout.folder);
  const [named = ""] = [...digests.keys()];
  await kept.addImage(named, "named");
  const [layer] = (await kept.documents(named)).layers;
  expect(again.entries()).toEqual([]);
  const folders = { memoryFolder: join(place.folder, "m"), trivyFolder: join(place.folder, "t") };
  await sweep(host, { layout: kept, ...folders }, bound(layer?.size ?? 0));
  return kept.entries().map(({ digest }) => digests.get(digest) ?? "");
}

describe("images of earlier runs", () => {
  it("are kept as far as they are within the bound, those that were used last", async () => {
    expect(await leftWithin((one) => 3 * one)).toEqual(["named", "old", "young"]);
    expect(await leftWithin((one) => 2 * one)).toEqual(["named", "young"]);
  });

  it("are kept whatever they weigh where this run has named them", async () => {
    expect(await leftWithin(() => 0)).toEqual(["named"]);
  });
});
