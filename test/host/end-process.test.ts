import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { startScript } from "./run-script.ts";

test("a process ends with all it has printed, whatever it still waits for", async () => {
  const silent = createServer((connection) => connection.on("error", () => {}));
  await once(silent.listen(0, "127.0.0.1"), "listening");
  const address = silent.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const start = performance.now();
  const { result } = startScript(`
    import { createHttp } from "#src/host/http.ts";
    import { endProcess } from "#src/host/end-process.ts";
    const http = createHttp(new AbortController().signal);
    void http("http://127.0.0.1:${address.port}/");
    process.stdout.write("x".repeat(1_000_000));
    process.stderr.write("y".repeat(1_000_000));
    setTimeout(() => endProcess(3), 100);
  `);
  const { exitCode, stdout, stderr } = await result;
  silent.close();
  expect([exitCode, stdout.length, stderr.length]).toEqual([3, 1_000_000, 1_000_000]);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test("a process ends whose readers have left", async () => {
  const { child, result } = startScript(`
    import { endProcess } from "#src/host/end-process.ts";
    process.stdout.on("error", () => {});
    setInterval(() => process.stdout.write("x"), 10);
    setTimeout(() => endProcess(3), 500);
  `);
  // What it prints cannot be read to its end.
  const unread = result.catch(() => undefined);
  child.stdout.destroy();
  const [exitCode] = await once(child, "exit");
  await unread;
  expect(exitCode).toBe(3);
});
