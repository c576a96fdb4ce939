import { truncate, utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openMemory, openState } from "../../src/state/state.ts";
import { MEMORY_BOUND, TRIVY_BOUND } from "../../src/state/sweep.ts";
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

  it("forgets what was used longest ago, not what was remembered then", async () => {
    using place = temporary();
    const folder = join(place.folder, "memory", "layers");
    {
      await using memory = openMemory(place.host, place.folder);
      await memory.remember("layers", "used", bytes);
      await memory.remember("layers", "unused", bytes);
      const long = new Date(Date.now() - 1_000_000);
      for (const name of await place.host.files.list(folder)) {
        await truncate(join(folder, name), MEMORY_BOUND / 2);
        await utimes(join(folder, name), long, long);
      }
      await memory.recall("layers", "used");
      await memory.remember("layers", "new", bytes);
    }
    await using memory = openMemory(place.host, place.folder);
    expect(await memory.recall("layers", "new")).toEqual(bytes);
    expect(await place.host.files.list(folder)).toHaveLength(2);
  });
});

describe("Trivy's cache", () => {
  const names = ["a", "b", "c", "d"].map((letter) => `from-${letter}`);

  it("has what was found in layers thrown away where that is too large", async () => {
    using place = temporary();
    const path = join(place.folder, "trivy", "fanal", "fanal.db");
    for (const size of [TRIVY_BOUND, TRIVY_BOUND + 1]) {
      await using _state = await openState(place.host, place.folder);
      await place.host.files.writeText(path, "");
      await truncate(path, size);
    }
    expect(await place.host.files.stat(path)).toBeUndefined();
  });

  it("keeps databases of the last sources that were named, and that of Trivy's makers", async () => {
    using place = temporary();
    const folder = join(place.folder, "trivy");
    {
      await using _state = await openState(place.host, place.folder);
      for (const [at, name] of names.entries()) {
        await place.host.files.writeText(join(folder, name, "db", "trivy.db"), "");
        await utimes(join(folder, name), at, at);
      }
      await place.host.files.writeText(join(folder, "db", "trivy.db"), "");
    }
    expect(await place.host.files.list(folder)).toEqual(["db", ...names.slice(1)]);
  });
});
