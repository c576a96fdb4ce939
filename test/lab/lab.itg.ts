import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureLab, type Lab } from "../../scripts/lab/lab.ts";

const run = promisify(execFile);

let lab: Pick<Lab, "containerd" | "graph" | "images" | "builder" | "tools" | "database">;
let folder: string;

beforeAll(async () => {
  lab = await ensureLab(["containerd", "graph", "images", "builder", "tools", "database"]);
  folder = await mkdtemp(join(tmpdir(), "lab-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("the lab", () => {
  it("has an engine of each image store", () => {
    expect([lab.containerd.store, lab.graph.store]).toEqual(["containerd", "graph"]);
  });

  it("builds on a base image with the containerd store", async () => {
    expect(await build(lab.containerd.environment, "default")).toContain("BusyBox v1.35");
  });

  it("builds on a base image with the graph store", async () => {
    expect(await build(lab.graph.environment, "default")).toContain("BusyBox v1.35");
  });

  it("builds on a base image in the builder", async () => {
    expect(await build(lab.builder.environment, lab.builder.name)).toContain("BusyBox v1.35");
  });

  it("reaches the package registries from within a build", async () => {
    const dockerfile = `FROM python:3.11-slim-bookworm
RUN pip install --quiet --no-cache-dir --target /idna idna==3.6 && ls /idna
FROM node:22-bookworm-slim
WORKDIR /app
COPY --from=0 /idna /idna
RUN npm install --silent minimist@1.2.0 && ls node_modules
`;
    const log = await build(lab.containerd.environment, "default", dockerfile);
    expect(log).toContain("idna-3.6.dist-info");
    expect(log).toMatch(/ minimist$/m);
  });

  it("gives Trivy a database that finds what is known of a package", async () => {
    await writeFile(join(folder, "requirements.txt"), "idna==3.6\n");
    const options = ["--quiet", "--format", "json", "--skip-version-check", "--scanners", "vuln"];
    const database = ["--db-repository", lab.database.repository];
    const cache = ["--cache-dir", join(folder, "trivy")];
    const args = ["filesystem", ...options, ...database, ...cache, folder];
    const { stdout } = await run(lab.tools.trivy, args);
    expect(stdout).toContain('"VulnerabilityID": "CVE-2024-3651"');
    expect(stdout).toContain('"FixedVersion": "3.7"');
  });

  it("has the Hadolint that it says", async () => {
    const { stdout } = await run(lab.tools.hadolint, ["--version"]);
    expect(stdout).toContain("2.15.1");
  });
});

async function build(
  environment: Readonly<Record<string, string>>,
  builder: string,
  dockerfile = "FROM busybox:1.35\nRUN busybox | head -n 1\n",
): Promise<string> {
  const context = await mkdtemp(join(folder, "context-"));
  await writeFile(join(context, "Dockerfile"), dockerfile);
  const options = ["--builder", builder, "--no-cache", "--progress", "plain", "--output"];
  const env = { ...process.env, ...environment };
  const args = ["buildx", "build", ...options, "type=cacheonly", context];
  return (await run("docker", args, { env })).stderr;
}
