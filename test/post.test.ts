// The post step in a process of its own, as a runner starts it: the job's work is done by then.

import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ScriptResult, startScript } from "./host/run-script.ts";

let folder: string;
let silent: Server;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "weighbridge-post-"));
  silent = createServer((connection) => connection.on("error", () => {}));
  await once(silent.listen(0, "127.0.0.1"), "listening");
});

afterEach(async () => {
  silent.close();
  await rm(folder, { recursive: true });
});

/** A post step that finds this to be kept, without an engine, and with a cache that says nothing. */
async function post(script: string, kept: string): Promise<ScriptResult> {
  const address = silent.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const { result } = startScript(script, {
    RUNNER_TEMP: folder,
    GITHUB_WORKSPACE: folder,
    DOCKER_HOST: `unix://${folder}/no-engine`,
    ACTIONS_CACHE_SERVICE_V2: "True",
    ACTIONS_RESULTS_URL: `http://127.0.0.1:${address.port}/`,
    ACTIONS_RUNTIME_TOKEN: "token",
    "STATE_weighbridge-step": "main",
    "STATE_weighbridge-cache": kept,
  });
  return await result;
}

const DOOR = `await import("#src/action.ts")`;

test.each([
  ["that is not JSON", "{broken", "What was to be kept in GitHub's cache is not known: "],
  ["that is something else", '{"key":"a"}', ""],
  ["with a key that cannot be", '[{"key":"a,b","path":"/nowhere"}]', "Could not keep a,b in "],
  ["with a path that cannot be", '[{"key":"a","path":"/\\u0000"}]', "Could not keep a in "],
])("a state %s makes no job fail", async (_what, kept, said) => {
  const { exitCode, stdout, stderr } = await post(DOOR, kept);
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stdout).toContain(said);
});

test("a cache that says nothing is waited for once, whatever there is to be saved", async () => {
  const kept = ["one", "two", "three"].map((key) => ({ key, path: join(folder, key) }));
  for (const { path } of kept) {
    await mkdir(path);
    await writeFile(join(path, "file"), "content");
  }
  const script = `
    import { endProcess } from "#src/host/end-process.ts";
    import { cleanUp } from "#src/post.ts";
    await cleanUp(4);
    await endProcess(0);
  `;
  const start = performance.now();
  const { exitCode, stdout } = await post(script, JSON.stringify(kept));
  expect(exitCode, stdout).toBe(0);
  expect(performance.now() - start).toBeLessThan(11_000);
  for (const { key } of kept) {
    expect(stdout).toContain(`Could not keep ${key} in GitHub's cache: it took longer than 4 s`);
  }
});
