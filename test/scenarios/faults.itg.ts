// Whatever can break beside us, broken on purpose: what is told is true, and no more is lost than has
// to be.

import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { Fault } from "../../scripts/lab/github/faults.ts";
import { insteadOfScan } from "./killing.ts";
import { stageOf, stagesOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

const DOCKERFILE = "FROM busybox:1.35 AS production\n";
const FILES = { Dockerfile: DOCKERFILE };

function said(step: StepResult, level: "error" | "warning" | "notice"): readonly string[] {
  return step.commands.filter(({ name }) => name === level).map(({ message }) => message);
}

describe("a Trivy", () => {
  it.each([
    {
      what: "crashes",
      script: "echo 'panic: runtime error: index out of range' >&2; exit 2",
      reason: /ended with exit code 2: panic: runtime error/,
    },
    { what: "breaks a rule of the system", script: "kill -SEGV $$", reason: /crashed \(SIGSEGV\)/ },
    {
      what: "runs out of memory",
      script: "echo 'fatal error: runtime: out of memory' >&2; exit 2",
      reason: /out of memory/,
    },
    { what: "is ended for its memory", script: "kill -KILL $$", reason: /out of memory/ },
    {
      what: "prints half a JSON",
      script: `printf '{"SchemaVersion":2,"Results":[{"Target":'; exit 0`,
      reason: /trivy 0\.73\.0/,
    },
  ])("that $what leaves the stage unchecked, and its goal unknown", async ({ script, reason }) => {
    await using scenario = await Scenario.start({ files: FILES });
    const { path } = await insteadOfScan(scenario, script);
    const goals = "production: {fail-on-severity: high}";
    const step = await scenario.run({ inputs: { "trivy-path": path, goals } });
    expect([step.exitCode, step.outputs.verdict], step.log).toEqual([1, "unknown"]);
    const { scan, findings } = stageOf(step, "production");
    expect([scan.status, findings.filter(({ tool }) => tool === "trivy")]).toEqual([
      "unavailable",
      [],
    ]);
    expect(scan.reason).toMatch(reason);
    expect(scenario.comments()[0]).toMatch(/not scanned|not checked/);
    expect(scenario.categories()).toEqual([
      "weighbridge/Dockerfile/buildkit",
      "weighbridge/Dockerfile/hadolint",
    ]);
    expect(step.log).not.toMatch(/^ +at /m);
  });
});

/** With how much noise something is told, and in which words. */
type Told = readonly ["warning" | "notice", RegExp];

const MAY_NOT: Told = ["notice", /the token may not .* the job needs `permissions: /];

/** What GitHub does to every request, and what is told of that. */
const MISBEHAVING: readonly (readonly [string, Fault, ...Told])[] = [
  ["answers 401", answering(401), "warning", /GitHub does not accept the token/],
  ["answers 403", answering(403), ...MAY_NOT],
  ["answers 404", answering(404), ...MAY_NOT],
  ["answers 422", answering(422), "warning", /GitHub answers 422: Validation Failed/],
  ["answers 429", answering(429), "warning", /GitHub answers 429: Too many requests/],
  ["answers 500", answering(500), "warning", /GitHub answers 500: Server Error/],
  ["breaks off each answer", { kind: "half a reply" }, "warning", /the answer was not whole/],
  ["says nothing", { kind: "silence" }, "warning", /not be reached: no answer within 20 s/],
];

function answering(status: number): Fault {
  return { kind: "status", status };
}

/** Milliseconds: three tries of a third of a minute each, all parts at once, and the run itself. */
const LONGEST_WAIT = 120_000;

describe("a GitHub", () => {
  // They wait more than they work, so all of them wait together.
  it.concurrent.each(MISBEHAVING)(
    "that %s is told of once a part",
    async (_what, fault, level, reason) => {
      await using scenario = await Scenario.start({ files: FILES });
      scenario.github.misbehave({ times: 99, with: fault });
      const start = performance.now();
      const step = await scenario.run();
      expect(performance.now() - start).toBeLessThan(LONGEST_WAIT);
      expect([step.exitCode, step.outputs.verdict], step.log).toEqual([0, "pass"]);
      expect(said(step, level).toSorted()).toEqual([
        expect.stringMatching(new RegExp(`^No comment on the pull request: .*${reason.source}`)),
        expect.stringMatching(new RegExp(`^SARIF is not uploaded: .*${reason.source}`)),
      ]);
      expect(step.summary).toContain("`production`");
      expect(step.log).not.toMatch(/^ +at /m);
    },
  );

  it("where the comment is deleted between reading and writing gets a new one", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    await scenario.run();
    const { comments } = scenario.repository();
    // The list is sent late enough for the comment to be gone before it arrives.
    const late = { kind: "slow", milliseconds: 500 } as const;
    scenario.github.misbehave({ operation: "issues/list-comments", with: late });
    const isListed = () => scenario.github.exchanges.some(({ fault }) => fault === "slow");
    const deletion = setInterval(() => {
      if (isListed()) comments.splice(0);
    }, 20);
    const step = await scenario.run({ runId: 101 });
    clearInterval(deletion);
    expect(step.exitCode, step.log).toBe(0);
    const updates = scenario.github.exchanges.filter(
      ({ operation }) => operation === "issues/update-comment",
    );
    expect(updates.map(({ status }) => status)).toEqual([404]);
    expect(step.outputs["comment-url"]).toContain("#issuecomment-");
    expect([...said(step, "notice"), ...said(step, "warning")]).toEqual([]);
  });
});

/** A registry with one image of one layer, which breaks off in the middle of the layer. */
class BreakingRegistry implements AsyncDisposable {
  isWell = false;
  /** Nobody ever gets to unpack it. */
  readonly #layer = randomBytes(2_000_000);
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request.url ?? "", response));
  }

  static async start(): Promise<BreakingRegistry> {
    const registry = new BreakingRegistry();
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** What a Dockerfile calls the image. */
  get image(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `127.0.0.1:${address.port}/base:1`;
  }

  #answer(path: string, response: ServerResponse): void {
    const config = JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: [digestOf("unpacked")] },
    });
    const type = "application/vnd.oci.image";
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: `${type}.manifest.v1+json`,
      config: { mediaType: `${type}.config.v1+json`, ...describeBlob(config) },
      layers: [{ mediaType: `${type}.layer.v1.tar+gzip`, ...describeBlob(this.#layer) }],
    });
    const send = (body: string | Buffer, mediaType: string) =>
      response
        .writeHead(200, {
          "content-type": mediaType,
          "content-length": String(Buffer.byteLength(body)),
          "docker-content-digest": digestOf(body),
        })
        .end(body);
    if (path === "/v2/") return void response.writeHead(200).end("{}");
    if (path.includes("/manifests/")) return void send(manifest, `${type}.manifest.v1+json`);
    if (path.endsWith(digestOf(config))) return void send(config, "application/octet-stream");
    response.writeHead(200, { "content-length": String(this.#layer.length) });
    response.write(this.#layer.subarray(0, 100_000), () => response.destroy());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function digestOf(bytes: string | Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function describeBlob(bytes: string | Buffer) {
  return { digest: digestOf(bytes), size: Buffer.byteLength(bytes) };
}

describe("a registry that breaks off", () => {
  it("fails the stages that need it, with the reason, and no others", async () => {
    await using registry = await BreakingRegistry.start();
    const { image } = registry;
    const dockerfile = `FROM ${image} AS far\nFROM far AS further\nFROM busybox:1.35 AS near\n`;
    await using scenario = await Scenario.start({ files: { Dockerfile: dockerfile } });
    const step = await scenario.run();
    expect([step.exitCode, step.outputs.verdict], step.log).toEqual([1, "fail"]);
    expect(stagesOf(step).map(({ name, status }) => [name, status])).toEqual([
      ["far", "failed"],
      ["further", expect.stringMatching(/failed|skipped/)],
      ["near", "built"],
    ]);
    expect(stageOf(step, "far").reason).toMatch(
      /short read: expected 2000000 bytes|unexpected EOF/,
    );
    expect(scenario.comments()[0]).toContain("**`far` failed** at ");
  });
});

/** A file system of a certain size, in memory. Taking it away needs no care: it is gone with its run. */
class SmallDisk implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async mount(folder: string, kilobytes: number): Promise<SmallDisk> {
    await mkdir(folder, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "none", folder]);
    return new SmallDisk(folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    execFileSync("umount", [this.folder]);
  }
}

describe("a full disk", () => {
  it("under the state is told as such", async () => {
    const dockerfile = `FROM busybox:1.35\nRUN head -c 9000000 /dev/urandom > /lot\n`;
    await using scenario = await Scenario.start({ files: { Dockerfile: dockerfile } });
    await using disk = await SmallDisk.mount(scenario.folder("state"), 6_000);
    const step = await scenario.run({ inputs: { state: disk.folder } });
    expect([step.exitCode, step.outputs], step.log).toEqual([1, {}]);
    const [error, ...others] = said(step, "error");
    expect(others).toEqual([]);
    expect(error).toMatch(/^The disk is full: ENOSPC: no space left on device, write '.*\/state\//);
    expect(step.log).not.toMatch(/^ +at |bug of weighbridge/m);
    await scenario.write(FILES);
    const next = await scenario.run({ inputs: { state: disk.folder, scanners: "none" } });
    expect(next.exitCode, next.log).toBe(0);
  });

  it("under the temporary folder is not blamed on the stages", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    await using disk = await SmallDisk.mount(scenario.folder("temporary"), 8);
    const args = [...scenario.labOptions(), "--no-lint", "--scanners", "none"];
    const out = ["--out", scenario.folder("out")];
    const env = { TMPDIR: disk.folder };
    const result = await scenario.command([...args, ...out], { env });
    expect([result.exitCode, result.stdout]).toEqual([3, ""]);
    expect(result.stderr).toMatch(/^error: The disk is full: write .*no space left on device/m);
  });
});

describe("a folder for the report that cannot be one", () => {
  it("is told with all else that is wrong, and nothing is built", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    await scenario.write({ out: "a file" });
    const result = await scenario.command(["--out", "out", "--targets", "prodction"]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("2 things have to be put right; nothing was built:");
    expect(result.stderr).toMatch(/ {2}--out: ".*\/workspace\/out" is not a folder\n/);
  });
});

describe("two runs of the same job at once on one machine", () => {
  it("wait for each other, are both right, and leave one comment", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    // Of two runners: each has a folder for temporary files, and so for reports, of its own.
    const inputs = { state: scenario.folder("state") };
    const runs = [100, 101].map((runId) => ({ runId, machine: `of-${runId}`, inputs }));
    const steps = await Promise.all(runs.map((options) => scenario.run(options)));
    expect(steps.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const [one, other] = steps.map((step) => stagesOf(step).map(({ digest }) => digest));
    expect(one).toEqual(other);
    expect(scenario.comments()).toEqual([expect.stringContaining('"run":101,')]);
  });
});
