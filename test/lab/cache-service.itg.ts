import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CacheService, startCacheService } from "../../scripts/lab/cache/service.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";

// GitHub's own client. It reads its variables whenever it is called.
const client = await import("@actions/cache");

let service: CacheService;
let folder: string;

beforeAll(async () => {
  service = await startCacheService((await labParts(["blobs"])).blobs);
  folder = await mkdtemp(join(tmpdir(), "cache-"));
  process.env.RUNNER_TEMP = folder;
  process.env.GITHUB_WORKSPACE = folder;
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function be(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}

const MAIN = { ref: "refs/heads/main", may: "write" } as const;
const CHANGE = { ref: "refs/pull/7/merge", may: "write" } as const;
const BASE = { ref: "refs/heads/main", may: "read" } as const;

async function save(key: string, content: string): Promise<number> {
  const file = join(folder, "kept.txt");
  await writeFile(file, content);
  return await client.saveCache([file], key);
}

async function restore(key: string, ...others: string[]): Promise<string | undefined> {
  const file = join(folder, "kept.txt");
  await rm(file, { force: true });
  const found = await client.restoreCache([file], key, others);
  return found === undefined ? undefined : `${found}: ${await readFile(file, "utf8")}`;
}

describe("the cache service", () => {
  it("gives GitHub's own client back what it took", async () => {
    be(service.variables([MAIN]));
    expect(await save("tools-1", "first")).toBeGreaterThan(0);
    expect(await restore("tools-1")).toBe("tools-1: first");
  });

  it("finds the newest entry whose key begins so", async () => {
    be(service.variables([MAIN]));
    await save("database-1", "old");
    await save("database-2", "new");
    expect(await restore("database-3", "database-")).toBe("database-2: new");
  });

  it("shows a pull request what its base has, and the base nothing of the pull request", async () => {
    be(service.variables([CHANGE, BASE]));
    expect(await restore("tools-1")).toBe("tools-1: first");
    await save("change-1", "of the change");
    be(service.variables([MAIN]));
    expect(await restore("change-1")).toBeUndefined();
  });

  it("takes nothing from a token that may only read", async () => {
    be(service.variables([BASE]));
    expect(await save("read-only-1", "no")).toBe(-1);
    expect(service.entries().map(({ key }) => key)).not.toContain("read-only-1");
  });
});
