import { describe, expect, it } from "vitest";
import {
  BUILDKIT_IMAGE,
  provideOwnBuilder,
  removeDeadBuilders,
  removeJobBuilders,
} from "../../../src/build/builder/own-builder.ts";
import { type BuilderEngineOptions, builderEngine } from "../engine-with-builders.ts";

const JOB = { RUNNER_NAME: "one", RUNNER_TEMP: "/temp", GITHUB_RUN_ID: "1", GITHUB_JOB: "build" };
const NEXT_JOB = { ...JOB, GITHUB_RUN_ID: "2" };

async function provide(engine: ReturnType<typeof builderEngine>, images: readonly string[] = []) {
  const search = await provideOwnBuilder(engine.host, { images });
  if (search.kind === "problem") throw new Error(search.what);
  return search.own;
}

/** The name of the builder of a job. */
async function builderOf(env: Readonly<Record<string, string>>, place?: string): Promise<string> {
  const engine = builderEngine({ env, ...(place !== undefined && { place }) });
  await provide(engine);
  return [...engine.builders].join();
}

const created = (commands: readonly string[]) =>
  commands.filter((line) => line.startsWith("buildx create"));

it("is made of an image of one version, by its digest", () => {
  expect(BUILDKIT_IMAGE).toMatch(/^moby\/buildkit:v\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/);
});

describe("on a runner, a builder of our own", () => {
  it("is shared by the steps of a job, and not removed by any of them", async () => {
    const engine = builderEngine({ env: JOB });
    for (const _step of ["first", "second"]) await (await provide(engine))[Symbol.asyncDispose]();
    expect(created(engine.commands)).toHaveLength(1);
    expect(engine.builders.size).toBe(1);
  });

  it("is another one for another image", async () => {
    const engine = builderEngine({ env: JOB });
    await provide(engine);
    await provideOwnBuilder(engine.host, { image: "moby/buildkit:latest", images: [] });
    expect(created(engine.commands)).toHaveLength(2);
    await removeDeadBuilders(engine.host);
    expect(engine.builders.size).toBe(2);
  });

  it("is another one where it has to reach other registries", async () => {
    const engine = builderEngine({
      env: JOB,
      registries: { InsecureRegistryCIDRs: ["10.0.0.0/8"] },
    });
    for (const image of ["busybox", "alpine", "10.0.0.1:5000/app"]) await provide(engine, [image]);
    expect(created(engine.commands)).toHaveLength(2);
  });

  it("trusts the certificates that the engine has of a registry", async () => {
    const folder = "/etc/docker/certs.d/registry.corp:5000";
    const folders = { [folder]: ["ca.crt", "client.cert", "client.key", "alone.cert"] };
    const engine = builderEngine({ env: JOB, folders });
    await provide(engine, ["registry.corp:5000/app", "busybox"]);
    expect(engine.configs).toEqual([
      `[registry."registry.corp:5000"]
  ca = ["${folder}/ca.crt"]
[[registry."registry.corp:5000".keypair]]
  key = "${folder}/client.key"
  cert = "${folder}/client.cert"
`,
    ]);
  });

  it("is removed by the post step, and nobody else's is", async () => {
    const own = await builderOf(JOB);
    const others = [await builderOf({ ...JOB, RUNNER_NAME: "two" }), "weighbridge-lab"];
    const engine = builderEngine({ env: JOB, builders: [own, ...others] });
    await removeJobBuilders(engine.host);
    expect([...engine.builders]).toEqual(others);
  });

  it("is not that of a runner in another container, though all its variables are the same", async () => {
    const others = [await builderOf(JOB, "a1b2c3d4"), await builderOf(NEXT_JOB, "a1b2c3d4")];
    const engine = builderEngine({ env: JOB, builders: others });
    await removeDeadBuilders(engine.host);
    await removeJobBuilders(engine.host);
    expect([...engine.builders]).toEqual(others);
    await provide(engine);
    expect(engine.builders.size).toBe(3);
  });

  it("is removed by the next job, if the runner was killed", async () => {
    const [dead, own] = [await builderOf(JOB), await builderOf(NEXT_JOB)];
    const other = await builderOf({ ...JOB, RUNNER_NAME: "two" });
    const engine = builderEngine({ env: NEXT_JOB, builders: [dead, own, other] });
    await removeDeadBuilders(engine.host);
    expect([...engine.builders]).toEqual([own, other]);
  });
});

describe("on a laptop, a builder of our own", () => {
  it("carries the mark of its run, and goes with it", async () => {
    const engine = builderEngine({ kind: "local" });
    const own = await provide(engine);
    expect([...engine.builders]).toEqual(["weighbridge-run-1-0000abcd-1"]);
    await own[Symbol.asyncDispose]();
    expect([...engine.builders]).toEqual([]);
  });

  it("is removed by the next run if its own was killed, and left while that goes on", async () => {
    const [dead, alive] = ["weighbridge-run-9-0000abcd-1", "weighbridge-run-2-0000abcd-1"];
    const engine = builderEngine({ kind: "local", builders: [dead, alive, "weighbridge-lab"] });
    await removeDeadBuilders(engine.host);
    expect([...engine.builders]).toEqual([alive, "weighbridge-lab"]);
  });

  it("leaves those of jobs alone", async () => {
    const engine = builderEngine({
      kind: "local",
      env: NEXT_JOB,
      builders: [await builderOf(JOB)],
    });
    await removeDeadBuilders(engine.host);
    expect(engine.builders.size).toBe(1);
  });
});

describe("a builder that was made in a container, which is gone", () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000);

  it.each(["actions", "local"] as const)(
    "is removed by whoever comes next, once no job can go on that made it: %s",
    async (kind) => {
      const [old, young] = ["weighbridge-run-2-a1b2c3d4-1", "weighbridge-run-3-a1b2c3d4-1"];
      const [oldJob, youngJob] = [
        await builderOf(JOB, "a1b2c3d4"),
        await builderOf(NEXT_JOB, "a1b2c3d4"),
      ];
      const unknown = "weighbridge-run-4-a1b2c3d4-1";
      const made = {
        [old]: daysAgo(5.1),
        [young]: daysAgo(4.9),
        [oldJob]: daysAgo(5.1),
        [youngJob]: daysAgo(4.9),
      };
      const builders = [old, young, oldJob, youngJob, unknown];
      const engine = builderEngine({ kind, env: JOB, builders, made });
      await removeDeadBuilders(engine.host);
      expect([...engine.builders]).toEqual([young, youngJob, unknown]);
    },
  );

  it("is told from one of a run that goes on here, and of this job, however old", async () => {
    const builders = ["weighbridge-run-2-0000abcd-1", await builderOf(JOB)];
    const made = Object.fromEntries(builders.map((name) => [name, daysAgo(9)]));
    const engine = builderEngine({ env: JOB, builders, made });
    await removeDeadBuilders(engine.host);
    expect([...engine.builders]).toEqual(builders);
  });
});

describe("a builder that cannot be made", () => {
  it("leaves nothing, and a reason", async () => {
    const engine = builderEngine({ createExitCode: 1 });
    const search = await provideOwnBuilder(engine.host, { images: [] });
    expect(search).toEqual({ kind: "problem", what: "ERROR: no such thing" });
    expect(engine.builders.size).toBe(0);
  });

  it("in time is given up", async () => {
    const engine = builderEngine({ createExitCode: undefined });
    const search = await provideOwnBuilder(engine.host, { images: [] });
    expect(search).toEqual({ kind: "problem", what: "not within 180 s" });
  });

  it("because the run is cancelled ends the run, and leaves nothing", async () => {
    const signal = AbortSignal.abort(new Error("cancelled by SIGINT"));
    const engine = builderEngine({ kind: "local", createExitCode: undefined, signal });
    const providing = provideOwnBuilder(engine.host, { images: [] });
    await expect(providing).rejects.toThrow("cancelled by SIGINT");
    expect(engine.builders.size).toBe(0);
  });
});

describe("a builder of our own that waits for a cache", () => {
  const restarted = async (later: BuilderEngineOptions = {}) => {
    const options = { env: JOB };
    const engine = builderEngine(options);
    const own = await provide(engine);
    Object.assign(options, later);
    engine.commands.length = 0;
    await own.restart();
    return engine.commands.map((line) => line.replace(/weighbridge-\S+/, "NAME"));
  };
  const commands = ["kill buildx_buildkit_NAME", "buildx inspect --bootstrap NAME"];

  it("is ended and started anew, also where it has ended by itself", async () => {
    const stderr =
      "Error response from daemon: cannot kill container: x: container x is not running";
    expect(await restarted()).toEqual(commands);
    expect(await restarted({ failing: { command: "kill", exitCode: 1, stderr } })).toEqual(
      commands,
    );
  });

  it.each(["kill", "buildx inspect --bootstrap"])(
    "ends the run where `%s` fails",
    async (command) => {
      const words =
        "The builder waits for a build cache that has stopped to answer, and could not be";
      const failing = restarted({ failing: { command, exitCode: 1 } });
      await expect(failing).rejects.toThrow(`${words} started anew: ERROR: no such thing`);
      const slow = restarted({ failing: { command, exitCode: undefined } });
      await expect(slow).rejects.toThrow(/started anew: not within \d+ s/);
    },
  );
});

describe("the configuration of a builder of our own", () => {
  const registries = { Mirrors: ["https://mirror.example/"] };

  it("is what the engine has of registries", async () => {
    const engine = builderEngine({ registries });
    await provide(engine);
    expect(engine.configs.join()).toContain('mirrors = ["mirror.example"]');
    expect(created(engine.commands)[0]).toContain("--buildkitd-config /tmp/made/buildkitd.toml");
  });

  it("is buildx's own where the user has one for all builders, or the engine none", async () => {
    for (const options of [{ registries, hasDefaults: true }, {}]) {
      const engine = builderEngine(options);
      await provide(engine);
      expect(created(engine.commands)[0]).not.toContain("--buildkitd-config");
    }
  });
});

describe("the proxies of a builder of our own", () => {
  const info = {
    HttpsProxy: "http://me:hunter2@proxy.example:3128",
    NoProxy: "10.0.0.0/8,.corp",
  };

  it("are options of its driver, of which a comma ends none, and a password is not shown", async () => {
    const engine = builderEngine({ env: JOB, info });
    await provide(engine);
    for (const option of [
      "env.HTTPS_PROXY=http://me:hunter2@proxy.example:3128",
      '"env.NO_PROXY=10.0.0.0/8,.corp"',
    ]) {
      expect(created(engine.commands)[0]).toContain(` --driver-opt ${option} `);
    }
    expect(engine.masked).toContain("hunter2");
  });

  it("make another builder of it, but for what opens them", async () => {
    const nameWith = async (proxy: string) => {
      const engine = builderEngine({ env: JOB, info: { ...info, HttpsProxy: proxy } });
      await provide(engine);
      return [...engine.builders].join();
    };
    const names = [
      await builderOf(JOB),
      await nameWith("http://a.example"),
      await nameWith("http://b.example"),
    ];
    expect(new Set(names).size).toBe(3);
    expect(await nameWith("http://me:hunter2@a.example")).toBe(names[1]);
  });

  it("keep it from being made where they want a password that nobody here knows", async () => {
    const concealed = { HttpsProxy: "http://xxxxx:xxxxx@proxy.example:3128" };
    const engine = builderEngine({ env: JOB, info: concealed });
    const search = await provideOwnBuilder(engine.host, { images: [] });
    expect(search).toMatchObject({ kind: "problem", what: expect.stringContaining("a password") });
    expect(created(engine.commands)).toEqual([]);
  });
});
