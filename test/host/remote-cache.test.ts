import { expect, test } from "vitest";
import { createFiles } from "../../src/host/files.ts";
import { createRemoteCache } from "../../src/host/remote-cache.ts";
import { createTerminalLog } from "../../src/host/terminal-log.ts";

test("a runner that offers no cache has none", () => {
  const env = { RUNNER_TEMP: "/tmp" };
  const files = createFiles({ workspace: "/", env });
  const stream = { isTTY: false, write: () => true };
  const log = createTerminalLog({ stream, env, verbose: false, conceal: (text) => text });
  const { signal } = new AbortController();
  expect(createRemoteCache({ files, log, env, ci: undefined, signal })).toBeUndefined();
});
