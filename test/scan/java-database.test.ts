import { expect, test } from "vitest";
import { openWorkshop } from "../tools/workshop.ts";
import { FINDING, openScanner, SAYS_REPORT, scansOf } from "./stand-in.ts";

const NO_JAVA =
  "printf 'Fatal error\\trun error: Unable to initialize the Java DB: OCI artifact error: 1 error:\\n\\t* dial tcp: no such host\\n' >&2; exit 1";

/** Asks by itself for nothing, and has these sources answer. */
const javaFrom = (answers: string, otherwise: string) =>
  `case "$*" in ${answers} *--java-db-repository*) ${NO_JAVA};; esac\n${otherwise}`;

/** Of every command, what it says of the database. */
const ASKED = /--skip-java-db-update|(?:--download-java-db-only )?--java-db-repository \S+/;

const inputs = { trivyJavaDbRepository: ["one.test/java:1", "two.test/java:1", "three.test/java"] };

test("all sources are asked in turn, once in a run, and then images are scanned with what there is", async () => {
  await using workshop = await openWorkshop();
  const answers = '*"--download-java-db-only --java-db-repository two.test"*) exit 0;;';
  const scanner = await openScanner(workshop, javaFrom(answers, SAYS_REPORT), { inputs });
  const scans = [await scanner.scan("1"), await scanner.scan("2")];
  expect(scans).toEqual(scans.map(() => ({ kind: "checked", findings: [FINDING], notes: [] })));
  expect((await scansOf(workshop)).map((args) => ASKED.exec(args)?.[0])).toEqual([
    "--java-db-repository one.test/java:1",
    "--download-java-db-only --java-db-repository two.test/java:1",
    "--skip-java-db-update",
    "--skip-java-db-update",
  ]);
});

test("where no source answers an older one is used, which is told", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, javaFrom("", SAYS_REPORT), { inputs });
  expect(await scanner.scan("1")).toMatchObject({
    kind: "checked",
    notes: [
      expect.stringMatching(
        /^Trivy's Java database could not be updated, so an older one was used: two.test.*; three.test.*; one.test\/java:1: trivy 0.73.0 ended with exit code 1: dial tcp: no such host.$/,
      ),
    ],
  });
  // It may need none.
  expect(await scanner.scan("2")).toMatchObject({ kind: "checked", notes: [] });
});

test("where there is none the image is unchecked, and the next one that needs it asks nobody again", async () => {
  await using workshop = await openWorkshop();
  const scanner = await openScanner(workshop, javaFrom("", NO_JAVA), { inputs });
  for (const digit of ["1", "2"]) {
    expect(await scanner.scan(digit)).toMatchObject({
      kind: "unavailable",
      reason: expect.stringMatching(/^the Java database, .* cannot be fetched: two.test\/java:1: /),
    });
  }
  // One of Trivy's own, three sources, and one with what there is; then that alone.
  expect(await scansOf(workshop)).toHaveLength(1 + 3 + 1 + 1);
});
