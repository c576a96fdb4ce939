import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RemoteCache } from "../../src/host/host.ts";
import { prepareDatabase } from "../../src/scan/database.ts";
import { seal } from "../../src/scan/seal.ts";
import { openWorkshop, type Workshop } from "../tools/workshop.ts";

const NOW = "2026-11-22T12:00:00Z";

/** A stand-in for Trivy that writes a database of that date, wherever it comes from. */
const fetches = (updatedAt: string) => `
while [ "$1" != --cache-dir ]; do shift; done
mkdir -p "$2/db" && touch "$2/db/trivy.db"
echo '{"Version":2,"UpdatedAt":"${updatedAt}"}' > "$2/db/metadata.json"`;

/** One that reaches only this source. */
const reachesOnly = (source: string) => `
case "$*" in
  *'--db-repository ${source} '*) ${fetches(NOW)} ;;
  *) echo "2026-11-22T12:00:00Z	FATAL	Fatal error	run error: init error: DB error: dial tcp: lookup: no such host" >&2; exit 1 ;;
esac`;

const REACHES_NONE = reachesOnly("none");

interface Options {
  /** Gathers how long was slept. */
  readonly slept?: number[];
  readonly cache?: RemoteCache;
  readonly areNamed?: boolean;
}

async function prepare(workshop: Workshop, script: string, options: Options = {}) {
  const path = await workshop.program("trivy", script);
  const trivy = { kind: "found", name: "trivy", version: "0.73.0", sha256: "", path } as const;
  const clock = {
    now: () => Date.parse(NOW),
    sleep: async (milliseconds: number) => {
      options.slept?.push(milliseconds);
    },
  };
  return prepareDatabase(
    { ...workshop.host, clock, cache: options.cache },
    {
      trivy,
      cacheFolder: join(workshop.outside, "cache"),
      repositories: ["first:2", "second:2"],
      areNamed: options.areNamed ?? false,
    },
  );
}

/** A cache that has a database of that date, or none, and notes what it is asked. */
function fakeCache(workshop: Workshop, updatedAt?: string) {
  const asked: string[] = [];
  const cache: RemoteCache = {
    async restore(name, folder) {
      asked.push(`restore ${name.slice(0, 9)} ${folder.slice(workshop.outside.length)}`);
      if (updatedAt !== undefined) await cacheDatabase(workshop, updatedAt);
      return updatedAt !== undefined;
    },
    async keep(name, version, folder) {
      asked.push(`keep ${name.slice(0, 9)} ${version} ${folder.slice(workshop.outside.length)}`);
    },
  };
  return { cache, asked };
}

/** Puts a database of that date into the cache, as an earlier run would have. */
async function cacheDatabase(workshop: Workshop, updatedAt: string): Promise<void> {
  const folder = join(workshop.outside, "cache", "db");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "trivy.db"), "");
  await writeFile(
    join(folder, "metadata.json"),
    JSON.stringify({ Version: 2, UpdatedAt: updatedAt }),
  );
  await seal(workshop.host, folder);
}

/** What a later run must not use. */
const CHANGES: readonly (readonly [string, (folder: string) => Promise<void>])[] = [
  ["changed", (folder) => writeFile(join(folder, "trivy.db"), "changed")],
  ["given another date", (folder) => writeFile(join(folder, "metadata.json"), METADATA)],
  ["left without its hash", (folder) => rm(join(folder, "weighbridge.sha256"))],
];

const METADATA = JSON.stringify({ Version: 2, UpdatedAt: "2026-11-22T11:00:00Z" });

test("the database comes from the first source that can be reached", async () => {
  await using workshop = await openWorkshop();
  for (const source of ["first:2", "second:2"]) {
    const state = await prepare(workshop, reachesOnly(source));
    expect(state).toEqual({ kind: "ready", updatedAt: NOW, notes: [] });
  }
});

test("a source behind the first that works is not asked", async () => {
  await using workshop = await openWorkshop();
  const asked = join(workshop.outside, "asked");
  await prepare(workshop, `echo "$*" | grep -o 'first:2\\|second:2' >> ${asked}; ${fetches(NOW)}`);
  expect(await workshop.host.files.readText(asked)).toBe("first:2\n");
});

test("without a database, what every source says is the reason", async () => {
  await using workshop = await openWorkshop();
  const failure = "trivy 0.73.0 ended with exit code 1: dial tcp: lookup: no such host";
  expect(await prepare(workshop, REACHES_NONE)).toEqual({
    kind: "unavailable",
    reason: `first:2: ${failure}; second:2: ${failure}`,
  });
});

test("where no source can be reached, a database of the last days is used, and its age told", async () => {
  await using workshop = await openWorkshop();
  await cacheDatabase(workshop, "2026-11-20T11:00:00Z");
  const state = await prepare(workshop, REACHES_NONE);
  expect(state).toMatchObject({ kind: "ready", updatedAt: "2026-11-20T11:00:00Z" });
  expect(state.kind === "ready" ? state.notes : []).toEqual([
    expect.stringContaining(
      "could not be updated, so the one of 2026-11-20T11:00:00Z was used, 2 days old: ",
    ),
  ]);
});

test("where no source can be reached, a database of last week is not enough", async () => {
  await using workshop = await openWorkshop();
  await cacheDatabase(workshop, "2026-11-15T11:00:00Z");
  expect(await prepare(workshop, REACHES_NONE)).toMatchObject({
    kind: "unavailable",
    reason: expect.stringContaining("is 7 days old and could not be updated: "),
  });
});

test("a source that was named and only has an old database is believed, and the age told", async () => {
  await using workshop = await openWorkshop();
  const state = await prepare(workshop, fetches("2026-11-01T12:00:00Z"), { areNamed: true });
  expect(state).toMatchObject({ kind: "ready" });
  expect(state.kind === "ready" ? state.notes : []).toEqual([
    "Trivy's database is 21 days old, the newest that its source has: newer vulnerabilities are not in it.",
  ]);
});

test("an old database that nobody asked for is not enough", async () => {
  await using workshop = await openWorkshop();
  expect(await prepare(workshop, fetches("2026-11-15T12:00:00Z"))).toEqual({
    kind: "unavailable",
    reason: "Trivy's database is 7 days old, and none of its sources has a newer one",
  });
});

test("the age of the database is told in the log", async () => {
  await using workshop = await openWorkshop();
  const lines: string[] = [];
  const log = { ...workshop.host.log, info: (text: string) => lines.push(text) };
  const told = { ...workshop, host: { ...workshop.host, log } };
  await prepare(told, fetches("2026-11-22T09:30:00Z"));
  expect(lines).toEqual(["Trivy's database is of 2026-11-22T09:30:00Z, 2 hours old"]);
});

test("busy sources are asked again, twice, after a pause", async () => {
  await using workshop = await openWorkshop();
  const mark = join(workshop.outside, "asked");
  const script = `
    if [ "$(cat ${mark} 2>/dev/null | wc -l)" -ge 4 ]; then ${fetches(NOW)}; exit; fi
    echo >> ${mark}; echo 'TOOMANYREQUESTS: allowed: 44000/minute' >&2; exit 1`;
  const slept: number[] = [];
  expect(await prepare(workshop, script, { slept })).toMatchObject({ kind: "ready" });
  expect(slept).toEqual([5000, 20_000]);
});

test("where sources stay busy, a database of the last days is used, and its age told", async () => {
  await using workshop = await openWorkshop();
  await cacheDatabase(workshop, "2026-11-22T07:00:00Z");
  const state = await prepare(
    workshop,
    "echo 'TOOMANYREQUESTS: allowed: 44000/minute' >&2; exit 1",
  );
  expect(state.kind === "ready" ? state.notes : []).toEqual([
    expect.stringContaining("was used, 5 hours old: first:2: "),
  ]);
});

test("sources that cannot be reached are not waited for", async () => {
  await using workshop = await openWorkshop();
  const slept: number[] = [];
  await prepare(workshop, REACHES_NONE, { slept });
  expect(slept).toEqual([]);
});

test.each(['{"Version":2}', '{"Version":2,"UpdatedAt":"soon"}', "{"])(
  "a database that says %s of itself cannot be used",
  async (metadata) => {
    await using workshop = await openWorkshop();
    const script = `
      while [ "$1" != --cache-dir ]; do shift; done
      mkdir -p "$2/db" && touch "$2/db/trivy.db" && echo '${metadata}' > "$2/db/metadata.json"`;
    expect(await prepare(workshop, script)).toEqual({
      kind: "unavailable",
      reason: "Trivy's database has no date",
    });
  },
);

test("a machine without a database asks the cache first, and keeps there what is newer", async () => {
  await using workshop = await openWorkshop();
  const { cache, asked } = fakeCache(workshop, "2026-11-21T11:00:00Z");
  await prepare(workshop, fetches(NOW), { cache });
  expect(asked).toEqual([`restore trivy-db- /cache/db`, `keep trivy-db- ${NOW} /cache/db`]);
});

test("what came from the cache and is still fresh is not kept again", async () => {
  await using workshop = await openWorkshop();
  const { cache, asked } = fakeCache(workshop, NOW);
  expect(await prepare(workshop, "exit 0", { cache })).toMatchObject({ updatedAt: NOW });
  expect(asked).toEqual([`restore trivy-db- /cache/db`]);
});

test("where no source can be reached, the one from the cache is used", async () => {
  await using workshop = await openWorkshop();
  const { cache } = fakeCache(workshop, "2026-11-21T11:00:00Z");
  expect(await prepare(workshop, REACHES_NONE, { cache })).toMatchObject({
    kind: "ready",
    updatedAt: "2026-11-21T11:00:00Z",
  });
});

test("a machine that has a database does not ask the cache", async () => {
  await using workshop = await openWorkshop();
  await cacheDatabase(workshop, NOW);
  const { cache, asked } = fakeCache(workshop, "2026-11-21T11:00:00Z");
  await prepare(workshop, "exit 0", { cache });
  expect(asked).toEqual([]);
});

/** A stand-in for Trivy that fetches one only where there is none, as one that is fresh. */
const FETCHES_WHAT_IS_MISSING = `
while [ "$1" != --cache-dir ]; do shift; done
[ -e "$2/db/trivy.db" ] && exit 0
mkdir -p "$2/db" && echo right > "$2/db/trivy.db"
echo '{"Version":2,"UpdatedAt":"${NOW}"}' > "$2/db/metadata.json"`;

describe("a database that was", () => {
  test.each(CHANGES)("%s is fetched anew", async (_, change) => {
    await using workshop = await openWorkshop();
    const folder = join(workshop.outside, "cache", "db");
    await prepare(workshop, FETCHES_WHAT_IS_MISSING);
    await change(folder);
    expect(await prepare(workshop, FETCHES_WHAT_IS_MISSING)).toMatchObject({ updatedAt: NOW });
    expect(await workshop.host.files.readText(join(folder, "trivy.db"))).toBe("right\n");
  });

  test.each(CHANGES)("%s is not used, though no source can be reached", async (_, change) => {
    await using workshop = await openWorkshop();
    await cacheDatabase(workshop, NOW);
    await change(join(workshop.outside, "cache", "db"));
    expect(await prepare(workshop, REACHES_NONE)).toMatchObject({ kind: "unavailable" });
  });

  test.each(CHANGES)(
    "%s in GitHub's cache is fetched anew, and kept beside it",
    async (_, change) => {
      await using workshop = await openWorkshop();
      const folder = join(workshop.outside, "cache", "db");
      const { cache, asked } = fakeCache(workshop, NOW);
      const changed: RemoteCache = {
        ...cache,
        async restore(name, to) {
          const isThere = await cache.restore(name, to);
          await change(folder);
          return isThere;
        },
      };
      await prepare(workshop, FETCHES_WHAT_IS_MISSING, { cache: changed });
      expect(await workshop.host.files.readText(join(folder, "trivy.db"))).toBe("right\n");
      expect(asked.at(-1)).toBe(`keep trivy-db- ${NOW}-again /cache/db`);
    },
  );
});

test("a database that was kept is not fetched again", async () => {
  await using workshop = await openWorkshop();
  await prepare(workshop, fetches("2026-11-22T11:00:00Z"));
  expect(await prepare(workshop, FETCHES_WHAT_IS_MISSING)).toMatchObject({
    updatedAt: "2026-11-22T11:00:00Z",
  });
});
