import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TemporaryFolder } from "../../src/host/host.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import { startScript } from "./run-script.ts";

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await makeTemporaryFolder("test", {});
});

afterEach(() => folder[Symbol.asyncDispose]());

test("a laptop has no run and no GitHub, and its workspace is where we stand", () => {
  using host = createLocalHost();
  expect([host.kind, host.ci, host.github]).toEqual(["local", undefined, undefined]);
  expect(host.workspace).toBe(process.cwd());
});

test("what is masked is concealed in the log and wherever else it is asked for", () => {
  let log = "";
  using host = createLocalHost({ stream: { write: (text) => (log += text) } });
  host.mask("hunter22");
  host.log.info("it is hunter22");
  expect([log, host.conceal("hunter22?")]).toEqual(["it is ***\n", "***?"]);
});

test("standard output is left to the result", async () => {
  const { stdout, stderr } = await startScript(`
    import { createLocalHost } from "#src/host/local-host.ts";
    const host = createLocalHost();
    host.log.info("working");
    console.log("{}");
    host[Symbol.dispose]();
  `).result;
  expect([stdout, stderr]).toEqual(["{}\n", "working\n"]);
});

test("a host that was disposed of lets the process end", async () => {
  const { exitCode } = await startScript(`
    import { createLocalHost } from "#src/host/local-host.ts";
    createLocalHost()[Symbol.dispose]();
  `).result;
  expect(exitCode).toBe(0);
});

/** A run that makes a temporary folder, starts a program, says so, and waits for its end. */
const longRun = `
  import { createLocalHost } from "#src/host/local-host.ts";
  const host = createLocalHost();
  await host.files.temporaryFolder("left");
  console.log("ready");
  await host.exec("sleep", ["60"]);
  await host.clock.sleep(60_000);
  console.log("wound down");
`;

test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
  "the first signal lets a run wind down, and its temporary folders go with it: %s",
  async (signal) => {
    const script = `${longRun} host[Symbol.dispose]();`;
    const { child, result } = startScript(script, { RUNNER_TEMP: folder.path });
    child.stdout.once("data", () => child.kill(signal));
    expect(await result).toEqual({ exitCode: 0, stdout: "ready\nwound down\n", stderr: "" });
    expect(await readdir(folder.path)).toEqual([]);
  },
);

test("a terminal that is closed may be told of twice", async () => {
  const script = `${longRun}
    const patience = setTimeout(() => {}, 60_000);
    await new Promise((resolve) => process.once("SIGHUP", resolve));
    clearTimeout(patience);
    console.log("told again");
    host[Symbol.dispose]();
  `;
  const { child, result } = startScript(script, { RUNNER_TEMP: folder.path });
  child.stdout.once("data", () => {
    child.stdout.once("data", () => child.kill("SIGHUP"));
    child.kill("SIGHUP");
  });
  const { exitCode, stdout } = await result;
  expect([exitCode, stdout]).toEqual([0, "ready\nwound down\ntold again\n"]);
});

test("the second signal ends it at once, and leaves no folder behind either", async () => {
  const script = `${longRun} await new Promise((resolve) => setTimeout(resolve, 60_000));`;
  const { child, result } = startScript(script, { RUNNER_TEMP: folder.path });
  child.stdout.once("data", () => {
    child.stdout.once("data", () => child.kill("SIGTERM"));
    child.kill("SIGINT");
  });
  expect((await result).exitCode).toBe(143);
  expect(await readdir(folder.path)).toEqual([]);
});

test.each(["/proc/nope", "/dev/null/x", "/proc"])(
  "a folder for temporary files that cannot be is a problem: %s",
  (path) => {
    const env = { RUNNER_TEMP: path };
    using host = createLocalHost({ env, stream: { write: () => true } });
    expect(host.problems).toEqual([
      { where: "RUNNER_TEMP", what: expect.stringMatching(/^temporary files cannot be written: /) },
    ]);
  },
);
