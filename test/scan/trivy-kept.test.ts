import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openWorkshop } from "../tools/workshop.ts";
import { cacheOf, openScanner, SAYS_REPORT, scansOf } from "./stand-in.ts";

test("a cache that is damaged is made anew, once in a run", async () => {
  await using workshop = await openWorkshop();
  // The stand-in damages its cache with every scan.
  const damaged = `
while [ "$1" != --cache-dir ]; do shift; done
if [ -e "$2/fanal" ]; then echo "Fatal error x: unable to open cache DB: invalid database" >&2; exit 1; fi
mkdir "$2/fanal"
${SAYS_REPORT}`;
  const { scan } = await openScanner(workshop, damaged);
  expect(await scan("a")).toMatchObject({ kind: "checked" });
  expect(await scan("b")).toMatchObject({ kind: "checked" });
  expect(await scan("c")).toMatchObject({
    kind: "unavailable",
    reason: expect.stringMatching(/invalid database$/),
  });
  expect(await scansOf(workshop)).toHaveLength(4);
});

test.each([
  [
    "Fatal error	run error: DB error: failed to open db: write trivy.db: bad file descriptor",
    "db",
  ],
  ["Fatal error	run error: unable to open cache DB: invalid database", "fanal"],
  ["panic: invalid freelist page: 7\n\ngoroutine 1:\ngo.etcd.io/bbolt.Open()\n", "fanal"],
  [
    "panic: assertion failed: Page expected to be: 32\n\ngoroutine 1:\ngo.etcd.io/bbolt.x()\ngithub.com/aquasecurity/trivy-db/pkg/db.y()\n",
    "db",
  ],
])(
  "what is damaged is thrown away, and its image scanned once more: %j",
  async (words, damaged) => {
    await using workshop = await openWorkshop();
    await writeFile(join(workshop.outside, "words"), words);
    const damage = `
while [ "$1" != --cache-dir ]; do shift; done
if [ -e "$2/${damaged}/mark" ]; then cat ${workshop.outside}/words >&2; exit 2; fi
${SAYS_REPORT}`;
    const { prepare, scan } = await openScanner(workshop, damage);
    await prepare();
    const folder = join(cacheOf(workshop), damaged);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "mark"), "");
    expect(await scan("a")).toMatchObject({ kind: "checked" });
    expect(await scansOf(workshop)).toHaveLength(2);
  },
);

test("what Trivy found in layers is used again, unless it was changed since", async () => {
  await using workshop = await openWorkshop();
  const path = join(cacheOf(workshop), "fanal", "fanal.db");
  const remembers = `
while [ "$1" != --cache-dir ]; do shift; done
mkdir -p "$2/fanal" && echo layer >> "$2/fanal/fanal.db"
${SAYS_REPORT}`;
  const scan = async () => await (await openScanner(workshop, remembers)).scan("a");
  await scan();
  await scan();
  expect(await workshop.host.files.readText(path)).toBe("layer\nlayer\n");
  await writeFile(path, "lawyer\n");
  await scan();
  expect(await workshop.host.files.readText(path)).toBe("layer\n");
});

test("a crash elsewhere throws nothing away", async () => {
  await using workshop = await openWorkshop();
  const { scan } = await openScanner(workshop, "echo 'panic: nil map' >&2; exit 2");
  expect(await scan("a")).toMatchObject({ kind: "unavailable" });
  expect(await scansOf(workshop)).toHaveLength(1);
});

test("the Java database that a scan fetched is used again, unless it was changed since", async () => {
  await using workshop = await openWorkshop();
  const path = join(cacheOf(workshop), "java-db", "trivy-java.db");
  const fetches = `
while [ "$1" != --cache-dir ]; do shift; done
if [ ! -e "$2/java-db" ]; then
  mkdir "$2/java-db" && echo java >> "$2/java-db/trivy-java.db"
  echo '{"UpdatedAt":"2026-11-22T00:00:00Z"}' > "$2/java-db/metadata.json"
  echo fetched >> ${workshop.outside}/fetches
fi
${SAYS_REPORT}`;
  const fetchesUntilNow = async () => {
    await (await openScanner(workshop, fetches)).scan("a");
    return await workshop.host.files.readText(join(workshop.outside, "fetches"));
  };
  expect(await fetchesUntilNow()).toBe("fetched\n");
  expect(await fetchesUntilNow()).toBe("fetched\n");
  // Trivy would find less with it, and say nothing.
  await writeFile(path, "lava\n");
  expect(await fetchesUntilNow()).toBe("fetched\nfetched\n");
  expect(await workshop.host.files.readText(path)).toBe("java\n");
});
