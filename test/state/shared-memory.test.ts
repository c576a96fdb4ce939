import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openMemory, openState } from "../../src/state/state.ts";
import { MEMORY_BOUND } from "../../src/state/sweep.ts";
import { temporary } from "./crafted.ts";

const bytes = Buffer.from("what was read");

describe("the memory by itself", () => {
  it("is used while a run has the folder to itself, and is the same one", async () => {
    using place = temporary();
    await using state = await openState(place.host, place.folder);
    await using memory = openMemory(place.host, place.folder);
    await memory.remember("layers", "key", bytes);
    expect(await state.memory.recall("layers", "key")).toEqual(bytes);
  });

  it("makes room when it is let go", async () => {
    using place = temporary();
    {
      await using memory = openMemory(place.host, place.folder);
      await memory.remember("layers", "key", bytes);
      await memory.remember("images", "large", bytes);
      const folder = join(place.folder, "memory", "images");
      const [large = ""] = await place.host.files.list(folder);
      await truncate(join(folder, large), MEMORY_BOUND + 1);
    }
    expect(await place.host.files.list(join(place.folder, "memory", "images"))).toEqual([]);
  });
});
