import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { markOf } from "../../src/host/owner.ts";
import { openState } from "../../src/state/state.ts";
import { createMemory } from "../../src/state/stored-memory.ts";
import { putImage, temporary } from "./crafted.ts";

describe("the state folder", () => {
  it("is waited for while another run uses it", async () => {
    using place = temporary();
    const first = await openState(place.host, place.folder);
    let isOpen = false;
    const second = openState(place.host, place.folder).then((state) => {
      isOpen = true;
      return state;
    });
    await place.host.clock.sleep(400);
    expect(isOpen).toBe(false);
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();
  });

  it("is done without where others use it for too long, and nothing of that is left", async () => {
    using place = temporary();
    const lines: string[] = [];
    const log = { ...place.host.log, info: (line: string) => void lines.push(line) };
    await using _held = await openState(place.host, place.folder);
    const before = await readdir(place.folder);
    const own = await openState({ ...place.host, log }, place.folder, 0);
    expect(own.note).toContain(`Other runs have used ${place.folder} for 0 minutes`);
    expect(lines).toContain(own.note);
    const digest = await putImage(own.layout, "one");
    await own.layout.addImage(digest, "app/a");
    await own.memory.remember("layers", "key", Buffer.from("text"));
    expect(String(await own.memory.recall("layers", "key"))).toBe("text");
    const apart = [own.layout.folder, own.toolsFolder, own.trivyCacheFolder].map(
      (path) => relative(place.folder, path).split("/")[0],
    );
    expect(new Set(apart)).toEqual(new Set([expect.stringMatching(/^weighbridge-.+-state-/)]));
    const out = join(place.folder, "out");
    await own.layout.listIn(out, true);
    await own[Symbol.asyncDispose]();
    expect(await readFile(join(out, "blobs", ...digest.split(":")), "utf8")).toContain("layers");
    expect(await readdir(place.folder)).toEqual([...before, "out"].toSorted());
  });

  it("is taken over from a process that is gone", async () => {
    using place = temporary();
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const gone = { token: "x", process: pid, machine: hostname(), owner: markOf(pid) };
    await writeFile(join(place.folder, "lock"), JSON.stringify(gone));
    await using state = await openState(place.host, place.folder);
    expect(state.layout.entries()).toEqual([]);
  });

  it("keeps a run's images for the next one", async () => {
    using place = temporary();
    let digest = "";
    {
      await using state = await openState(place.host, place.folder);
      digest = await putImage(state.layout, "one");
      await state.layout.addImage(digest, "app/a");
    }
    await using state = await openState(place.host, place.folder);
    expect(await state.layout.hasImage(digest)).toBe(true);
  });

  it("fails no run that cannot keep its layout for the next one", async () => {
    using place = temporary();
    const state = await openState(place.host, place.folder);
    await mkdir(join(place.folder, "layout", "index.json"));
    await state[Symbol.asyncDispose]();
    await rm(join(place.folder, "layout", "index.json"), { recursive: true });
    await using next = await openState(place.host, place.folder);
    expect(next.layout.entries()).toEqual([]);
  });

  it.each(["memory", "tools", "trivy"])("has a folder where %s has become a file", async (name) => {
    using place = temporary();
    await writeFile(join(place.folder, name), "");
    await using state = await openState(place.host, place.folder);
    await state.memory.remember("layers", "key", Buffer.from("text"));
    expect(String(await state.memory.recall("layers", "key"))).toBe("text");
    expect(await place.host.files.stat(join(place.folder, name))).toEqual(
      name === "memory" ? expect.objectContaining({ kind: "folder" }) : undefined,
    );
  });

  it("keeps no blob that no image needs", async () => {
    using place = temporary();
    let digest = "";
    {
      await using state = await openState(place.host, place.folder);
      digest = await putImage(state.layout, "never listed");
    }
    await using state = await openState(place.host, place.folder);
    expect(await state.layout.blobBytes(digest)).toBeUndefined();
  });
});

describe("memory", () => {
  it("recalls what was remembered, by kind and key", async () => {
    using place = temporary();
    const memory = createMemory(place.host, place.folder);
    await memory.remember("layers", "a/../b", Buffer.from("text"));
    expect(String(await memory.recall("layers", "a/../b"))).toBe("text");
    expect(await memory.recall("scans", "a/../b")).toBeUndefined();
  });

  it("recalls nothing of what was damaged", async () => {
    using place = temporary();
    const memory = createMemory(place.host, place.folder);
    await memory.remember("layers", "key", Buffer.from("text"));
    const [name = ""] = await place.host.files.list(join(place.folder, "layers"));
    await writeFile(join(place.folder, "layers", name), "something else altogether");
    expect(await memory.recall("layers", "key")).toBeUndefined();
  });

  it("does not fail where it cannot write", async () => {
    using place = temporary();
    await writeFile(join(place.folder, "file"), "");
    const memory = createMemory(place.host, join(place.folder, "file"));
    await memory.remember("layers", "key", Buffer.from("text"));
    expect(await memory.recall("layers", "key")).toBeUndefined();
  });
});
