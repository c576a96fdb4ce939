import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import type { Checked, ImageFinding } from "../../src/model/finding.ts";
import type { ScanInputs } from "../../src/model/inputs.ts";
import { seal } from "../../src/scan/seal.ts";
import { examineTool, type FoundTool } from "../../src/tools/find-tool.ts";
import { openWorkshop, type Workshop } from "../tools/workshop.ts";
import { type ByHand, linesOf, ourLines } from "./finding-lines.ts";
import { type LayerFiles, type OciImage, writeImage } from "./oci-image.ts";
import { openRealScanner } from "./real-scanner.ts";
import { EMPTY_LAYERS, OUTDATED_LAYERS, SECRETS, VULNERABLE_LAYERS } from "./vulnerable-image.ts";

let trivy: FoundTool;
let repository: string;

beforeAll(async () => {
  const { tools, database } = await labParts(["tools", "database"]);
  repository = database.repository;
  await using workshop = await openWorkshop();
  const tool = await examineTool(workshop.host, "trivy", tools.trivy);
  if (tool.kind === "missing") throw new Error(tool.reason);
  trivy = tool;
});

function openScanner(workshop: Workshop, inputs: Partial<ScanInputs> = {}) {
  return openRealScanner(workshop, trivy, { trivyDbRepository: [repository], ...inputs });
}

/** An image in a layout whose path Trivy alone could not take. */
async function makeImage(
  workshop: Workshop,
  layers: readonly LayerFiles[] = VULNERABLE_LAYERS,
): Promise<OciImage & { readonly layout: string }> {
  const layout = join(workshop.outside, `me@home of ${layers.length}`, "layout");
  await mkdir(layout, { recursive: true });
  return { layout, ...(await writeImage(layout, layers)) };
}

async function scan(
  workshop: Workshop,
  inputs: Partial<ScanInputs> = {},
  layers: readonly LayerFiles[] = VULNERABLE_LAYERS,
): Promise<Checked<ImageFinding>> {
  const { layout, digest } = await makeImage(workshop, layers);
  return await openScanner(workshop, inputs).scan(layout, digest);
}

/** What Trivy itself writes, run by hand on the same image. */
async function runByHand(workshop: Workshop, args: readonly string[] = []) {
  await makeImage(workshop);
  const folder = join(workshop.outside, `me@home of ${VULNERABLE_LAYERS.length}`);
  const cache = join(workshop.outside, "cache by hand");
  const { stdout } = await promisify(execFile)(
    trivy.path,
    [
      "image",
      "--input",
      "layout",
      "--format",
      "json",
      "--db-repository",
      repository,
      "--cache-dir",
      cache,
      ...args,
    ],
    { cwd: folder, maxBuffer: 2 ** 26 },
  );
  const report: { Results: readonly ByHand[] } = JSON.parse(stdout);
  return report.Results;
}

test("findings equal Trivy's own, run by hand on the same bytes", async () => {
  await using workshop = await openWorkshop();
  const expected = linesOf(await runByHand(workshop));
  expect(expected.length).toBeGreaterThan(10);
  expect(ourLines(await scan(workshop))).toEqual(expected);
});

test("leaving out what has no fix leaves out what Trivy leaves out", async () => {
  await using workshop = await openWorkshop();
  const expected = linesOf(await runByHand(workshop, ["--ignore-unfixed"]));
  const check = await scan(workshop, { ignoreUnfixed: true });
  expect(ourLines(check)).toEqual(expected);
  expect(ourLines(check).join()).not.toContain("CVE-2023-45853");
});

test("misconfigurations and licenses are found where they are asked for", async () => {
  await using workshop = await openWorkshop();
  const lines = ourLines(await scan(workshop, { scanners: ["misconfig", "license"] })).join("\n");
  expect(lines).toMatch(/^KSV-?0*17 high \/app\/pod.yaml /im);
  expect(lines).toContain("GPL-3.0-only high requests");
  expect(lines).not.toContain("CVE-");
});

test("each finding names the layer that brought it in", async () => {
  await using workshop = await openWorkshop();
  const { diffIds } = await makeImage(workshop);
  const check = await scan(workshop);
  const layers = check.kind === "checked" ? check.findings.map((found) => found.layerDiffId) : [];
  expect(new Set(layers)).toEqual(new Set(diffIds));
});

test("a secret is that of the layer that brought it, and what hides it is named", async () => {
  await using workshop = await openWorkshop();
  const {
    layers: [key = {}],
  } = { layers: VULNERABLE_LAYERS.slice(-1) };
  const { diffIds, ...image } = await makeImage(workshop, [
    { "etc/motd": "hello\n" },
    key,
    // As chmod leaves it: the same bytes once more.
    key,
    { "app/.wh.settings.env": "" },
  ]);
  const check = await openScanner(workshop).scan(image.layout, image.digest);
  const findings = check.kind === "checked" ? check.findings : [];
  const secrets = findings.filter(({ path }) => path === "/app/settings.env");
  expect(secrets.length).toBeGreaterThan(0);
  for (const secret of secrets) {
    expect(secret).toMatchObject({ layerDiffId: diffIds[1], killedByLayer: 3 });
  }
});

test("neither a secret nor the text around it comes out", async () => {
  await using workshop = await openWorkshop();
  const text = JSON.stringify(await scan(workshop));
  expect(text).toContain("AWS Access Key ID in /app/settings.env, at line 2 of that file.");
  for (const secret of [...SECRETS, "blue team"]) expect(text).not.toContain(secret);
});

test("the job's variables do not steer it", async () => {
  await using plain = await openWorkshop();
  const expected = ourLines(await scan(plain));
  await using workshop = await openWorkshop({
    TRIVY_SEVERITY: "CRITICAL",
    TRIVY_IGNORE_UNFIXED: "true",
    TRIVY_DB_REPOSITORY: "127.0.0.1:9/evil/trivy-db:2",
    TRIVY_SKIP_FILES: "**/*",
    TRIVY_OFFLINE_SCAN: "true",
    TRIVY_FORMAT: "table",
    TRIVY_OUTPUT: "/dev/null",
  });
  expect(ourLines(await scan(workshop))).toEqual(expected);
});

test("no file of the repository or of the user steers it, least of all to another database", async () => {
  await using plain = await openWorkshop();
  const expected = ourLines(await scan(plain));
  await using workshop = await openWorkshop();
  const configuration = [
    "severity: [CRITICAL]",
    "format: table",
    "db: { repository: ['127.0.0.1:9/evil/trivy-db:2'], no-progress: false }",
    "scan: { scanners: [license] }",
    "",
  ].join("\n");
  await workshop.write("trivy.yaml", configuration);
  await workshop.write(".trivyignore", "CVE-2024-6119\naws-access-key-id\n");
  await workshop.write("trivy-secret.yaml", "disable-rules: [aws-access-key-id]\n");
  await writeFile(join(workshop.outside, "trivy.yaml"), configuration);
  const check = await scan(workshop);
  expect(ourLines(check)).toEqual(expected);
  expect(check).toHaveProperty("notes.length", 3);
});

test.each([
  ["ignored.txt", "CVE-2024-6119 exp:2999-01-01\naws-access-key-id\n"],
  [
    "ignored.yaml",
    "vulnerabilities: [{ id: CVE-2024-6119 }]\nsecrets: [{ id: aws-access-key-id }]\n",
  ],
])("the ignore file that the inputs name is used: %s", async (name, text) => {
  await using workshop = await openWorkshop();
  const all = ourLines(await scan(workshop));
  await workshop.write(name, text);
  const check = await scan(workshop, { trivyIgnoreFile: name });
  const rest = ourLines(check);
  expect(rest).toEqual(all.filter((line) => !/^(CVE-2024-6119|aws-access-key-id) /.test(line)));
  expect(rest).toHaveLength(all.length - 2);
  const ignored = check.kind === "checked" ? check.ignored?.toSorted() : [];
  expect(ignored).toEqual(["CVE-2024-6119", "aws-access-key-id"]);
});

test("images that are asked for at once are all scanned, on one cache", async () => {
  await using workshop = await openWorkshop();
  const images = [
    await makeImage(workshop, VULNERABLE_LAYERS),
    await makeImage(workshop, VULNERABLE_LAYERS.slice(0, 3)),
    await makeImage(workshop, VULNERABLE_LAYERS.slice(0, 2)),
    await makeImage(workshop, VULNERABLE_LAYERS.slice(0, 1)),
  ];
  const scanner = openScanner(workshop);
  const checks = await Promise.all(
    images.map(({ layout, digest }) => scanner.scan(layout, digest)),
  );
  expect(checks.map((check) => ourLines(check).length)).toEqual([13, 11, 9, 3]);
});

test("an image with neither an operating system nor a package is checked", async () => {
  await using workshop = await openWorkshop();
  expect(await scan(workshop, {}, EMPTY_LAYERS)).toEqual({
    kind: "checked",
    findings: [],
    notes: [],
  });
});

test("an operating system past its end of life is noted", async () => {
  await using workshop = await openWorkshop();
  expect(await scan(workshop, {}, OUTDATED_LAYERS)).toHaveProperty("notes", [
    "debian 9.13 is past its end of life: newer vulnerabilities of its packages are not known.",
  ]);
});

test("a digest that the layout does not list is unchecked", async () => {
  await using workshop = await openWorkshop();
  const { layout } = await makeImage(workshop);
  const check = await openScanner(workshop).scan(layout, `sha256:${"0".repeat(64)}`);
  expect(check).toMatchObject({
    kind: "unavailable",
    reason: `trivy ${trivy.version} ended with exit code 1: invalid OCI image ref`,
  });
});

test("a layer that is damaged leaves the image unchecked", async () => {
  await using workshop = await openWorkshop();
  const { layout, digest, diffIds } = await makeImage(workshop);
  const [layer = ""] = diffIds;
  await truncate(join(layout, "blobs", layer.replace(":", "/")), 700);
  expect(await openScanner(workshop).scan(layout, digest)).toMatchObject({ kind: "unavailable" });
});

test("a database that nobody has leaves the image unchecked, with the source and the reason", async () => {
  await using workshop = await openWorkshop();
  const missing = repository.replace("trivy-db", "no-such-db");
  expect(await scan(workshop, { trivyDbRepository: [missing] })).toMatchObject({
    kind: "unavailable",
    reason: expect.stringMatching(
      /no-such-db:2: trivy .* ended with exit code 1: .*MANIFEST_UNKNOWN/,
    ),
  });
});

test("a source that cannot be reached is followed by the next", async () => {
  await using workshop = await openWorkshop();
  const sources = ["127.0.0.1:9/nobody/trivy-db:2", repository];
  expect(await scan(workshop, { trivyDbRepository: sources })).toMatchObject({ kind: "checked" });
});

test("where no source can be reached, the cached database of the last days is used", async () => {
  await using workshop = await openWorkshop();
  const nobody = { trivyDbRepository: ["127.0.0.1:9/nobody/trivy-db:2"] };
  const { layout, digest } = await makeImage(workshop);
  const scanner = openScanner(workshop, nobody);
  const folder = await putDatabase(workshop, nobody.trivyDbRepository);
  const metadata: object = JSON.parse(await readFile(join(folder, "metadata.json"), "utf8"));
  const stale = {
    ...metadata,
    UpdatedAt: "2026-11-20T06:00:00Z",
    DownloadedAt: "2026-11-20T07:00:00Z",
    NextUpdate: "2026-11-20T12:00:00Z",
  };
  await writeFile(join(folder, "metadata.json"), JSON.stringify(stale));
  await seal(workshop.host, folder);
  const check = await scanner.scan(layout, digest);
  expect(ourLines(check)).toHaveLength(13);
  expect(check).toHaveProperty("notes", [
    expect.stringContaining(
      "the one of 2026-11-20T06:00:00Z was used, 2 days old: 127.0.0.1:9/nobody",
    ),
  ]);
});

type Damage = (path: string) => Promise<void>;

/** After them Trivy cannot read a file. */
const BREAKS: readonly (readonly [string, Damage])[] = [
  ["emptied", (path) => truncate(path, 0)],
  ["cut in half", async (path) => truncate(path, (await stat(path)).size / 2)],
  ["overwritten", async (path) => writeFile(path, randomBytes((await stat(path)).size))],
];

/** After the last it can, and finds less. */
const DAMAGES: typeof BREAKS = [
  ...BREAKS,
  [
    "changed in a few bytes",
    async (path) => {
      const bytes = await readFile(path, "latin1");
      expect(bytes).toContain("zlib");
      await writeFile(path, bytes.replaceAll("zlib", "bliz"), "latin1");
    },
  ],
];

describe.each(["db/trivy.db", "fanal/fanal.db"])("the scanner's %s that was", (file) => {
  const fileOf = (workshop: Workshop) => join(cacheOf(workshop, [repository]), file);

  test.each(DAMAGES)("%s between runs is made anew", async (_, damage) => {
    await using workshop = await openWorkshop();
    const expected = ourLines(await scan(workshop));
    await damage(fileOf(workshop));
    expect(ourLines(await scan(workshop))).toEqual(expected);
  });

  test.each(BREAKS)("%s in the middle of a run is made anew", async (_, damage) => {
    await using workshop = await openWorkshop();
    const expected = ourLines(await scan(workshop));
    const { layout, digest } = await makeImage(workshop);
    const scanner = openScanner(workshop);
    await scanner.prepare();
    await damage(fileOf(workshop));
    expect(ourLines(await scanner.scan(layout, digest))).toEqual(expected);
  });
});

/** Puts the lab's database where a scanner with these sources keeps its own. */
async function putDatabase(workshop: Workshop, sources: readonly string[]): Promise<string> {
  const cache = cacheOf(workshop, sources);
  const args = ["image", "--download-db-only", "--db-repository", repository, "--cache-dir", cache];
  await promisify(execFile)(trivy.path, args, { cwd: workshop.outside });
  return join(cache, "db");
}

/** Where a scanner with these sources has Trivy's cache. */
function cacheOf(workshop: Workshop, sources: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(sources)).digest("hex");
  return join(workshop.outside, "cache", `from-${hash.slice(0, 16)}`);
}
