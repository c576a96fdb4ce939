import { join } from "node:path";
import { expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { ScanInputs } from "../../src/model/inputs.ts";
import type { Memory } from "../../src/state/memory.ts";
import { makeDigest } from "../make.ts";
import { openWorkshop } from "../tools/workshop.ts";
import { createMemory, FINDING, openScanner, SAYS_REPORT, scansOf } from "./stand-in.ts";

test("an image's findings are there, those below the severity to report included", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, SAYS_REPORT);
  expect(await scanner.scan("1")).toEqual({ kind: "checked", findings: [FINDING], notes: [] });
});

test("Trivy is asked for JSON of one digest, without looking for a database of its own", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, SAYS_REPORT);
  await scanner.scan("1");
  const [args = ""] = await scansOf(workshop);
  expect(args).toContain(
    `image --input layout@${makeDigest("1")} --format json --list-all-pkgs=false --scanners vuln,secret --skip-db-update --java-db-repository mirror.gcr.io/aquasec/trivy-java-db:1 --cache-dir `,
  );
  expect(args).toMatch(/ --quiet --skip-version-check --disable-telemetry$/);
  expect(args).not.toContain("--severity");
});

test("what the inputs ask for reaches Trivy", async () => {
  await using workshop = await openWorkshop();
  await workshop.write("ignored.yaml", "");
  const inputs = {
    ignoreUnfixed: true,
    trivyIgnoreFile: "ignored.yaml",
    scanners: ["misconfig"] as const,
  };
  const scanner = await openScanner(workshop, SAYS_REPORT, { inputs });
  await scanner.scan("1");
  const [args = ""] = await scansOf(workshop);
  expect(args).toContain(" --scanners misconfig ");
  expect(args).toContain(
    ` --ignore-unfixed --ignorefile ${workshop.workspace}/ignored.yaml --show-suppressed `,
  );
});

test("Trivy runs in a folder of its own that holds the layout alone", async () => {
  await using workshop = await openWorkshop();
  const scan = `test "$(ls -A)" = layout -a "$PWD" != '${workshop.workspace}' && ${SAYS_REPORT}`;
  const scanner = await openScanner(workshop, scan);
  expect(await scanner.scan("1")).toMatchObject({ kind: "checked" });
});

test("Trivy sees none of the job's variables but those of proxies and credentials", async () => {
  const env = {
    TRIVY_SEVERITY: "CRITICAL",
    GITHUB_TOKEN: "t",
    HTTPS_PROXY: "http://proxy",
    DOCKER_CONFIG: "/docker",
  };
  await using workshop = await openWorkshop(env);
  const scan = `
    test -z "$TRIVY_SEVERITY$GITHUB_TOKEN" || exit 2
    test "$HTTPS_PROXY$DOCKER_CONFIG" = http://proxy/docker || exit 3
    ${SAYS_REPORT}`;
  expect(await (await openScanner(workshop, scan)).scan("1")).toMatchObject({ kind: "checked" });
});

test("what Trivy leaves in its temporary folder goes, be it where the system or TMPDIR says", async () => {
  await using workshop = await openWorkshop();
  const place = join(workshop.outside, "big");
  for (const env of [{ RUNNER_TEMP: place }, { RUNNER_TEMP: workshop.outside, TMPDIR: place }]) {
    await using other = await openWorkshop(env);
    const scan = `
      case "$TMPDIR" in ${place}/weighbridge-*-trivy-files-*) ;; *) exit 2;; esac
      test -d "$TMPDIR" && mkdir "$TMPDIR/trivy-123" && ${SAYS_REPORT}`;
    expect(await (await openScanner(other, scan)).scan("1")).toMatchObject({ kind: "checked" });
    expect(await other.host.files.list(place)).toEqual([]);
  }
});

test("scans run one after another, however many are asked for at once", async () => {
  await using workshop = await openWorkshop();
  const lock = join(workshop.outside, "lock");
  const scan = `mkdir ${lock} || exit 1; sleep 0.05; rmdir ${lock}; ${SAYS_REPORT}`;
  const scanner = await openScanner(workshop, scan);
  const checks = await Promise.all(["1", "2", "3", "4"].map((digit) => scanner.scan(digit)));
  expect(checks.map(({ kind }) => kind)).toEqual(["checked", "checked", "checked", "checked"]);
});

test("a scan begins when it is asked for, not when all are", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, SAYS_REPORT);
  expect(await scanner.scan("1")).toMatchObject({ kind: "checked" });
  expect(await scanner.scan("2")).toMatchObject({ kind: "checked" });
});

test("the same digest is scanned once", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, SAYS_REPORT);
  const [first, second] = await Promise.all([scanner.scan("1"), scanner.scan("1")]);
  expect(second).toEqual(first);
  expect(await scansOf(workshop)).toHaveLength(1);
});

test("what an earlier run found is not looked for again", async () => {
  await using workshop = await openWorkshop();
  const memory = createMemory();
  const first = await (await openScanner(workshop, SAYS_REPORT, { memory })).scan("1");
  const second = await (await openScanner(workshop, "exit 1", { memory })).scan("1");
  expect(second).toEqual(first);
  expect(await scansOf(workshop)).toHaveLength(1);
});

test("what an ignore file lists of it is remembered too", async () => {
  await using workshop = await openWorkshop();
  const memory = createMemory();
  const ignored = { Status: "ignored", Finding: { VulnerabilityID: "CVE-1" } };
  const results = [{ Target: "t", ExperimentalModifiedFindings: [ignored] }];
  const report = { SchemaVersion: 2, ArtifactType: "container_image", Results: results };
  const says = `echo '${JSON.stringify(report)}'`;
  const first = await (await openScanner(workshop, says, { memory })).scan("1");
  expect(first).toHaveProperty("ignored", ["CVE-1"]);
  expect(await (await openScanner(workshop, "exit 1", { memory })).scan("1")).toEqual(first);
});

test.each<[string, Partial<ScanInputs>]>([
  ["other scanners", { scanners: ["vuln"] }],
  ["ignoring what has no fix", { ignoreUnfixed: true }],
  ["an ignore file", { trivyIgnoreFile: ".trivyignore" }],
  ["a database from elsewhere", { trivyDbRepository: ["other.test/trivy-db:2"] }],
])("%s make an image worth another scan", async (_, inputs) => {
  await using workshop = await openWorkshop();
  await workshop.write(".trivyignore", "CVE-2024-1\n");
  const memory = createMemory();
  await (await openScanner(workshop, SAYS_REPORT, { memory })).scan("1");
  await (await openScanner(workshop, SAYS_REPORT, { memory, inputs })).scan("1");
  expect(await scansOf(workshop)).toHaveLength(2);
});

test("another text in the ignore file makes an image worth another scan", async () => {
  await using workshop = await openWorkshop();
  const memory = createMemory();
  const inputs = { trivyIgnoreFile: ".trivyignore" };
  for (const text of ["CVE-2024-1\n", "CVE-2024-2\n"]) {
    await workshop.write(".trivyignore", text);
    await (await openScanner(workshop, SAYS_REPORT, { memory, inputs })).scan("1");
  }
  expect(await scansOf(workshop)).toHaveLength(2);
});

test("another severity to report is no reason to scan again", async () => {
  await using workshop = await openWorkshop();
  const memory = createMemory();
  const inputs = { severity: ["low"] as const };
  await (await openScanner(workshop, SAYS_REPORT, { memory })).scan("1");
  await (await openScanner(workshop, SAYS_REPORT, { memory, inputs })).scan("1");
  expect(await scansOf(workshop)).toHaveLength(1);
});

test("a memory that does not fit is as good as none", async () => {
  await using workshop = await openWorkshop();
  for (const text of ["{", '{"findings":[{"tool":"hadolint"}],"notes":[]}', "null"]) {
    const memory: Memory = { recall: async () => Buffer.from(text), remember: async () => {} };
    const scanner = await openScanner(workshop, SAYS_REPORT, { memory });
    expect(await scanner.scan("1")).toMatchObject({ kind: "checked", findings: [FINDING] });
  }
});

test.each([
  [
    "crashes",
    "echo 'Fatal error	run error: scan error: one: two: three' >&2; exit 1",
    "ended with exit code 1: one: two: three",
  ],
  ["breaks a rule of the system", "kill -SEGV $$", "crashed (SIGSEGV)"],
  ["is killed, as when memory runs out", "kill -9 $$", "was killed: out of memory"],
  ["writes half a report", 'printf \'{"SchemaVersion":2,"Resu\'', "are not JSON"],
  ["writes nothing", "exit 0", "wrote nothing"],
])("a Trivy that %s leaves the image unchecked", async (_, scan, reason) => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, scan);
  expect(await scanner.scan("1")).toEqual({
    kind: "unavailable",
    tool: "trivy",
    reason: expect.stringContaining(reason),
  });
});

test("one image's failure does not keep the next from being scanned", async () => {
  await using workshop = await openWorkshop();
  const scan = `case "$*" in *${makeDigest("1")}*) exit 1;; esac; ${SAYS_REPORT}`;
  const scanner = await openScanner(workshop, scan);
  const [first, second] = await Promise.all([scanner.scan("1"), scanner.scan("2")]);
  expect([first.kind, second.kind]).toEqual(["unavailable", "checked"]);
});

test("a failure is not remembered", async () => {
  await using workshop = await openWorkshop();
  const memory = createMemory();
  await (await openScanner(workshop, "exit 1", { memory })).scan("1");
  const second = await (await openScanner(workshop, SAYS_REPORT, { memory })).scan("1");
  expect(second).toMatchObject({ kind: "checked" });
});

test("without a database nothing is scanned, and every image says why", async () => {
  await using workshop = await openWorkshop();
  const path = await workshop.program("no-network", "echo no such host >&2; exit 1");
  const trivy = { kind: "found", name: "trivy", version: "0.73.0", sha256: "a1", path } as const;
  const scanner = await openScanner(workshop, SAYS_REPORT, { trivy });
  expect(await scanner.scan("1")).toEqual({
    kind: "unavailable",
    tool: "trivy",
    reason: "registry.test/trivy-db:2: trivy 0.73.0 ended with exit code 1: no such host",
  });
});

test("the database's date is told before any scan", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, SAYS_REPORT);
  expect(await scanner.prepare()).toMatchObject({
    kind: "ready",
    databaseUpdatedAt: "2026-11-22T00:00:00Z",
  });
  expect(await scansOf(workshop)).toEqual([]);
});

test("without the scanner for vulnerabilities no database is needed", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, SAYS_REPORT, { inputs: { scanners: ["secret"] } });
  expect(await scanner.prepare()).not.toHaveProperty("databaseUpdatedAt");
  expect(await workshop.host.files.list(join(workshop.outside, "cache"))).toEqual([]);
});

test("without Trivy nothing is checked, with the reason", async () => {
  await using workshop = await openWorkshop();
  const trivy = { kind: "missing", name: "trivy", reason: "there is no trivy" } as const;
  const scanner = await openScanner(workshop, SAYS_REPORT, { trivy });
  const reason = "there is no trivy";
  expect(await scanner.prepare()).toEqual({ kind: "unavailable", reason });
  expect(await scanner.scan("1")).toEqual({ kind: "unavailable", tool: "trivy", reason });
});

test("without scanners it is off", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, SAYS_REPORT, { inputs: { scanners: [] } });
  expect(await scanner.scan("1")).toEqual({ kind: "off" });
});

test("an ignore file that is not there is the user's to change", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, SAYS_REPORT, { inputs: { trivyIgnoreFile: "no" } });
  await expect(scanner.prepare()).rejects.toThrow(UserError);
  await expect(scanner.scan("1")).rejects.toThrow('input trivy-ignore-file: "no" is not a file');
});

test("files of the repository that would steer Trivy are told to have no say", async () => {
  await using workshop = await openWorkshop();
  await workshop.write(".trivyignore", "CVE-2024-1\n");
  await workshop.write("trivy.yaml", "");
  const scanner = await openScanner(workshop, SAYS_REPORT);
  expect(await scanner.scan("1")).toHaveProperty("notes", [
    "The repository's .trivyignore was not used: name it in trivy-ignore-file to use it.",
    "The repository's trivy.yaml was not used: only the inputs steer Trivy.",
  ]);
});

test("the ignore file that is named is not told to have no say", async () => {
  await using workshop = await openWorkshop();
  await workshop.write(".trivyignore", "CVE-2024-1\n");
  const scanner = await openScanner(workshop, SAYS_REPORT, {
    inputs: { trivyIgnoreFile: ".trivyignore" },
  });
  expect(await scanner.scan("1")).toHaveProperty("notes", []);
});

test("a report of more than what is kept of other programs is read", async () => {
  await using workshop = await openWorkshop();
  const scan = `head -c 70000000 /dev/zero | tr '\\0' ' '; ${SAYS_REPORT}`;
  expect(await (await openScanner(workshop, scan)).scan("1")).toMatchObject({ kind: "checked" });
});
