// What becomes of scans where the system refuses what has to be done with Trivy's cache.

import { stat, utimes } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Files } from "../../src/host/host.ts";
import { openWorkshop, type Workshop } from "../tools/workshop.ts";
import { cacheOf, openScanner, SAYS_REPORT } from "./stand-in.ts";

/** The workshop, with some of its files' calls refused in a folder. */
function refusing(
  workshop: Workshop,
  call: "list" | "remove" | "readText",
  { folder, code }: { readonly folder: string; readonly code: string },
): Workshop {
  const { host } = workshop;
  const refused: Files[typeof call] = async (path: string): Promise<never> => {
    const error = new Error(`${code}: refused, ${call} '${path}'`);
    throw Object.assign(error, { code, syscall: call });
  };
  const given = host.files[call];
  const files = {
    ...host.files,
    [call]: (path: string) => (path.includes(folder) ? refused(path) : given(path)),
  };
  return { ...workshop, host: { ...host, files } };
}

test.each([
  ["list", "db", "EACCES"],
  ["remove", "fanal", "EIO"],
  ["remove", "java-db", "EROFS"],
] as const)("leave images unchecked, with the reason: %s in %s, %s", async (call, name, code) => {
  await using workshop = await openWorkshop();
  const folder = `${cacheOf(workshop)}/${name}`;
  const { prepare, scan } = await openScanner(refusing(workshop, call, { folder, code }), "exit 1");
  const reason = `what Trivy needs cannot be read or written: ${code}: refused, ${call} '${folder}'`;
  expect(await prepare()).toEqual({ kind: "unavailable", reason });
  expect(await scan("a")).toEqual({ kind: "unavailable", tool: "trivy", reason });
});

test("a refusal in the middle of a scan leaves that image unchecked, and the next is scanned", async () => {
  await using workshop = await openWorkshop();
  const { host } = workshop;
  let reads = 0;
  const stat: Files["stat"] = async (path) => {
    if (!path.endsWith("/java-db/metadata.json") || ++reads > 1) return await host.files.stat(path);
    throw Object.assign(new Error("EIO: i/o error"), { code: "EIO", syscall: "stat" });
  };
  const broken = { ...workshop, host: { ...host, files: { ...host.files, stat } } };
  const { scan } = await openScanner(broken, SAYS_REPORT);
  expect(await scan("a")).toMatchObject({
    kind: "unavailable",
    reason: "what Trivy needs cannot be read or written: EIO: i/o error",
  });
  expect(await scan("b")).toMatchObject({ kind: "checked" });
});

test("what is damaged and cannot be thrown away leaves the image unchecked", async () => {
  await using workshop = await openWorkshop();
  const { host } = workshop;
  let isPrepared = false;
  const remove: Files["remove"] = async (path) => {
    if (!isPrepared) return await host.files.remove(path);
    throw Object.assign(new Error("EACCES: refused"), { code: "EACCES", syscall: "rm" });
  };
  const { prepare, scan } = await openScanner(
    { ...workshop, host: { ...host, files: { ...host.files, remove } } },
    'echo "Fatal error x: unable to open cache DB: invalid database" >&2; exit 1',
  );
  await prepare();
  isPrepared = true;
  const reason = expect.stringMatching(/invalid database$/);
  expect(await scan("a")).toMatchObject({ kind: "unavailable", reason });
});

test("a full disk is not the scanner's matter", async () => {
  await using workshop = await openWorkshop();
  const folder = `${cacheOf(workshop)}/fanal`;
  const full = refusing(workshop, "remove", { folder, code: "ENOSPC" });
  const { prepare, scan } = await openScanner(full, SAYS_REPORT);
  await expect(prepare()).rejects.toThrow("ENOSPC");
  await expect(scan("a")).rejects.toThrow("ENOSPC");
});

test("when a cache was used last can be told by its folder", async () => {
  await using workshop = await openWorkshop();
  const folder = cacheOf(workshop);
  await (await openScanner(workshop, SAYS_REPORT)).prepare();
  const longAgo = new Date("2026-01-01T00:00:00Z");
  await utimes(folder, longAgo, longAgo);
  await (await openScanner(workshop, SAYS_REPORT)).prepare();
  expect((await stat(folder)).mtimeMs).toBeGreaterThan(longAgo.getTime() + 1_000);
});
