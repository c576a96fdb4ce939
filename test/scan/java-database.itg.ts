import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { pushArtifact } from "../../scripts/lab/push.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import type { Checked, ImageFinding } from "../../src/model/finding.ts";
import { examineTool, type FoundTool } from "../../src/tools/find-tool.ts";
import { zip } from "../inspect/packages/zip-writer.ts";
import { openWorkshop } from "../tools/workshop.ts";
import { makeJavaDatabase } from "./java-database.ts";
import { writeImage } from "./oci-image.ts";
import { openRealScanner } from "./real-scanner.ts";

const ARCHIVE = zip({ "org/apache/Logger.class": "what the database knows by its hash" });
const NAME = "aquasecurity/trivy-java-db";

let trivy: FoundTool;
let databases: readonly string[];
let host: string;

beforeAll(async () => {
  const { tools, database, registry } = await labParts(["tools", "database", "registry"]);
  await using workshop = await openWorkshop();
  const tool = await examineTool(workshop.host, "trivy", tools.trivy);
  if (tool.kind === "missing") throw new Error(tool.reason);
  trivy = tool;
  databases = [database.repository];
  host = registry.host;
  const known = {
    groupId: "org.apache.logging.log4j",
    artifactId: "log4j-core",
    version: "2.14.1",
  };
  const folder = join(workshop.outside, "java");
  const artifact = await makeJavaDatabase(folder, { bytes: ARCHIVE, ...known });
  await pushArtifact(registry, NAME, ["1"], artifact);
});

/** Scans an image with a Java archive, with a database of these sources. */
async function scanArchive(sources: readonly string[]): Promise<Checked<ImageFinding>> {
  await using workshop = await openWorkshop();
  const layout = join(workshop.outside, "layout");
  await mkdir(layout, { recursive: true });
  const { digest } = await writeImage(layout, [{ "app/library.jar": ARCHIVE }]);
  const inputs = { trivyDbRepository: databases, trivyJavaDbRepository: sources };
  return await openRealScanner(workshop, trivy, inputs).scan(layout, digest);
}

test("an archive that says nothing of itself is known by the database that is named", async () => {
  expect(await scanArchive([`${host}/${NAME}:1`])).toMatchObject({
    kind: "checked",
    findings: [
      {
        rule: "CVE-2021-44228",
        severity: "critical",
        package: "org.apache.logging.log4j:log4j-core",
        installed: "2.14.1",
      },
    ],
  });
});

test("sources are asked in turn", async () => {
  const sources = [`${host}/nobody/has-it:1`, `${host}/${NAME}:1`];
  expect(await scanArchive(sources)).toMatchObject({ kind: "checked", findings: [{}] });
});

test("without it nothing in the image is checked, with the reason", async () => {
  expect(await scanArchive([`${host}/nobody/has-it:1`])).toMatchObject({
    kind: "unavailable",
    tool: "trivy",
    reason: expect.stringMatching(
      /^the Java database, .*: 127.0.0.1:\d+\/nobody\/has-it:1: trivy .*MANIFEST_UNKNOWN/,
    ),
  });
});
