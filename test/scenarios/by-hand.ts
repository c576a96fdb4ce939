// What others say of the same bytes: the tools run by hand, a registry, the graph store, and
// Microsoft's validator.

import { execFile, spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Finding } from "../../src/model/finding.ts";
import type { ReportImage, ReportStage } from "../../src/model/report.ts";
import { seenInContainer } from "../inspect/engine-images.ts";
import type { Seen } from "../inspect/listing.ts";
import { type EngineName, engineEnvironment, lab } from "./engines.ts";
import { blobPath } from "./reading.ts";

const run = promisify(execFile);
const LARGE = { maxBuffer: 1e9 };

/** A finding in the words that all tools share. */
export type PlainFinding = readonly (string | undefined)[];

/** What Trivy finds in an image of a layout. */
export async function trivyByHand(
  layout: string,
  digest: string,
  { cache, options = [] }: { readonly cache: string; readonly options?: readonly string[] },
): Promise<readonly PlainFinding[]> {
  const database = ["--db-repository", lab.database.repository, "--cache-dir", cache];
  const image = ["--input", `${layout}@${digest}`, "--scanners", "vuln,secret"];
  const args = ["image", ...image, ...database, ...options, "--format", "json", "--quiet"];
  const { stdout } = await run(lab.tools.trivy, args, { ...LARGE, cwd: "/" });
  const results: readonly TrivyResult[] = JSON.parse(stdout).Results ?? [];
  return results
    .flatMap(({ Target, Vulnerabilities = [], Secrets = [] }) => [
      ...Vulnerabilities.map((found) => [
        found.VulnerabilityID,
        found.Severity.toLowerCase(),
        found.PkgName,
        found.InstalledVersion,
        found.FixedVersion,
      ]),
      ...Secrets.map(({ RuleID, Severity }) => [RuleID, Severity.toLowerCase(), Target]),
    ])
    .toSorted(byText);
}

interface TrivyResult {
  readonly Target: string;
  readonly Vulnerabilities?: readonly {
    readonly VulnerabilityID: string;
    readonly Severity: string;
    readonly PkgName: string;
    readonly InstalledVersion: string;
    readonly FixedVersion?: string;
  }[];
  readonly Secrets?: readonly { readonly RuleID: string; readonly Severity: string }[];
}

/** What the report says that Trivy has found in a stage. */
export function trivyInReport({ findings }: ReportStage): readonly PlainFinding[] {
  return findings
    .filter(({ tool }) => tool === "trivy")
    .map((finding) => {
      const { rule, severity, package: name, installed, fixed, path } = finding;
      return name === undefined ? [rule, severity, path] : [rule, severity, name, installed, fixed];
    })
    .toSorted(byText);
}

/** What Hadolint says of a Dockerfile. */
export async function hadolintByHand(dockerfile: string): Promise<readonly PlainFinding[]> {
  const args = ["--format", "json", "--no-fail", "--no-color", basename(dockerfile)];
  const { stdout } = await run(lab.tools.hadolint, args, { cwd: join(dockerfile, "..") });
  const found: readonly { code: string; level: string; line: number }[] = JSON.parse(stdout);
  return found.map(({ code, level, line }) => [code, level, String(line)]).toSorted(byText);
}

/** What the report says that Hadolint has found in a Dockerfile. */
export function hadolintInReport({ findings, stages }: ReportImage): readonly PlainFinding[] {
  const all: readonly Finding[] = [...findings, ...stages.flatMap((stage) => stage.findings)];
  return all
    .filter(({ tool }) => tool === "hadolint")
    .map(({ rule, severity, line }) => [rule, severity, String(line)])
    .toSorted(byText);
}

function byText(one: PlainFinding, other: PlainFinding): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

/** A stage and what it takes to build it by hand. */
export interface BuiltByHand {
  readonly stage: ReportStage;
  /** Absolute paths. */
  readonly context: string;
  readonly dockerfile: string;
}

/** Bytes that the lab's registry stores of each stage once it is pushed, by its digest. */
export async function pushedBytes(
  folder: string,
  engine: EngineName,
  stages: readonly BuiltByHand[],
): Promise<ReadonlyMap<string, number>> {
  const definition = join(folder, "push.json");
  const named = stages.map((stage, at) => ({
    ...stage,
    tag: `${repositoryOf(engine)}:stage-${at}`,
  }));
  const target = Object.fromEntries(
    named.map(({ stage, context, dockerfile, tag }, at) => [
      `stage-${at}`,
      {
        ...{ context, dockerfile, target: stage.name },
        output: [`type=image,name=${tag},push=true,store=false`],
      },
    ]),
  );
  await writeFile(definition, JSON.stringify({ target }));
  const builder = engine === "builder" ? ["--builder", lab.builder.name] : [];
  const options = [...builder, "--file", definition, "--allow", "fs=*"];
  const env = {
    ...process.env,
    ...engineEnvironment(engine),
    BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
  };
  // In turn, as the registry can refuse a layer that several images bring at once.
  for (const name of Object.keys(target)) {
    await run("docker", ["buildx", "bake", ...options, name], { ...LARGE, env });
  }
  const sizes = named.map(async ({ stage, tag }) => [stage.digest ?? "", await storedBytes(tag)]);
  return new Map((await Promise.all(sizes)) as [string, number][]);
}

function repositoryOf(engine: EngineName): string {
  return `${lab.registry.host}/weighbridge-scenarios/${engine}`;
}

/** The configuration and the layers, as the registry tells their lengths. */
async function storedBytes(reference: string): Promise<number> {
  const [, host = "", name = "", tag = ""] = /^([^/]+)\/(.+):(.+)$/.exec(reference) ?? [];
  const repository = `http://${host}/v2/${name}`;
  const accept = [
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
  ].join(", ");
  const reply = await fetch(`${repository}/manifests/${tag}`, { headers: { accept } });
  const manifest = (await reply.json()) as Manifest;
  let bytes = 0;
  for (const { digest } of [manifest.config, ...manifest.layers]) {
    const { headers } = await fetch(`${repository}/blobs/${digest}`, { method: "HEAD" });
    bytes += Number(headers.get("content-length"));
  }
  return bytes;
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

/** What the graph store has of an image. */
export interface Stored {
  /** What it says that the image weighs. */
  readonly size: number;
  /** What a container of it sees. */
  readonly seen: Seen | "refused";
}

/** What the graph store makes of the images of a layout, by digest. */
export async function inGraphStore(
  layout: string,
  folder: string,
  stages: readonly ReportStage[],
): Promise<ReadonlyMap<string, Stored>> {
  const env = { ...process.env, ...lab.graph.environment };
  const digests = [...new Set(stages.flatMap(({ digest }) => digest ?? []))];
  const tagOf = (digest: string) => `weighbridge-scenario:${digest.slice("sha256:".length)}`;
  await mkdir(folder, { recursive: true });
  const images = digests.map(async (digest) => {
    const manifest: Manifest = JSON.parse(await readFile(blobPath(layout, digest), "utf8"));
    const path = (blob: { readonly digest: string }) => blobPath(".", blob.digest);
    const { config, layers } = manifest;
    return { Config: path(config), RepoTags: [tagOf(digest)], Layers: layers.map(path) };
  });
  await writeFile(join(folder, "manifest.json"), JSON.stringify(await Promise.all(images)));
  // An OCI layout with this one file is what `docker load` has always read.
  const pack = 'tar -cf - -C "$0" blobs -C "$1" manifest.json | docker load --quiet';
  const loaded = spawnSync("bash", ["-o", "pipefail", "-c", pack, layout, folder], { env });
  if (loaded.status !== 0) throw new Error(loaded.stderr.toString());
  const tags = digests.map(tagOf);
  const inspect = ["image", "inspect", "--format", "{{.Size}}", ...tags];
  const { stdout } = await run("docker", inspect, { env });
  const sizes = stdout.trim().split("\n").map(Number);
  const stored = new Map<string, Stored>();
  for (const [at, digest] of digests.entries()) {
    const seen = await seenInContainer(lab.graph, tagOf(digest));
    stored.set(digest, { size: sizes[at] ?? Number.NaN, seen });
  }
  await run("docker", ["image", "rm", ...tags], { env });
  return stored;
}

// The package's main module is the path of its program for this machine.
const validator: unknown = createRequire(import.meta.url)("@microsoft/sarif-multitool");

/** Documents that it had nothing against: on another engine they are often the same. */
const flawless = new Set<string>();

/** What Microsoft's validator, with GitHub's rules, has against the documents in a folder. */
export async function sarifComplaints(folder: string): Promise<readonly string[]> {
  const documents = (await readdir(folder)).map(async (name) => {
    const path = join(folder, name);
    return { path, text: await readFile(path, "utf8") };
  });
  const unknown = (await Promise.all(documents)).filter(({ text }) => !flawless.has(text));
  const complaints = complaintsOf(unknown.map(({ path }) => path));
  if (complaints.length === 0) for (const { text } of unknown) flawless.add(text);
  return complaints;
}

function complaintsOf(files: readonly string[]): readonly string[] {
  if (files.length === 0) return [];
  const rules = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
  const { stdout } = spawnSync(String(validator), ["validate", ...files, ...rules], {
    encoding: "utf8",
  });
  if (!stdout.includes(`${files.length} files scanned`)) throw new Error(stdout);
  return stdout.split("\n").filter((line) => /: (error|warning) /.test(line));
}
