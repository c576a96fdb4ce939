import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { ToolError } from "../../src/errors.ts";
import { createExec, type ExecSettings } from "../../src/host/processes.ts";

const settings: ExecSettings = {
  workspace: tmpdir(),
  env: { PATH: process.env.PATH ?? "", GREETING: "hello" },
  signal: new AbortController().signal,
  conceal: (text) => text.replaceAll("hunter22", "***"),
  graceMilliseconds: 200,
  pipeMilliseconds: 400,
};
const exec = createExec(settings);

test("gives the exit code and both outputs", async () => {
  const result = await exec("sh", ["-c", "echo out; echo bad >&2; exit 3"]);
  expect(result).toEqual({ exitCode: 3, stdout: "out\n", stderr: "bad\n" });
});

test("arguments reach the program as they are, without a shell", async () => {
  const hostile = "$(id) `id` ; | & \" ' * \n";
  const result = await exec("printf", ["%s", hostile]);
  expect(result.stdout).toBe(hostile);
});

test("runs in the workspace with the host's environment unless told otherwise", async () => {
  const own = await exec("sh", ["-c", "pwd -P; echo $GREETING"]);
  expect(own.stdout).toMatch(/\nhello\n$/);
  const other = await exec("sh", ["-c", "pwd; echo [$GREETING]"], {
    cwd: "/",
    env: { PATH: settings.env.PATH || "" },
  });
  expect(other.stdout).toBe("/\n[]\n");
});

test("writes the input and closes it", async () => {
  const result = await exec("cat", [], { input: "given" });
  expect(result.stdout).toBe("given");
});

test("a program that does not read its input is no error", async () => {
  const result = await exec("true", [], { input: "x".repeat(1_000_000) });
  expect(result.exitCode).toBe(0);
});

test("hands over lines whole, however they were cut into chunks", async () => {
  const lines: string[] = [];
  // The two bytes of é arrive in two writes.
  const script = "printf 'caf\\303'; sleep 0.1; printf '\\251\\r\\n\\nlast'";
  const result = await exec("sh", ["-c", script], { onStdoutLine: (line) => lines.push(line) });
  expect(lines).toEqual(["café", "", "last"]);
  expect(result.stdout).toBe("");
});

test("of standard error the beginning and the end are kept, beside the lines", async () => {
  let count = 0;
  const script =
    "i=0; while [ $i -lt 2000 ]; do echo \"$i $(printf '%060d' 0)\" >&2; i=$((i+1)); done";
  const result = await exec("sh", ["-c", script], { onStderrLine: () => count++ });
  expect(count).toBe(2000);
  expect(Buffer.byteLength(result.stderr)).toBeLessThan(65 * 1024);
  expect(result.stderr).toMatch(/^0 0{60}\n1 0{60}\n[^…]*\n6\d 0{60}\n…\n\d+ 0{60}\n/);
  expect(result.stderr).toContain("\n1999 ");
});

test("of standard error that is no longer than what is kept nothing is cut", async () => {
  const script = "head -c 65536 /dev/zero | tr '\\0' x >&2";
  const result = await exec("sh", ["-c", script]);
  expect(result.stderr).toBe("x".repeat(65_536));
});

test("a program that writes more than may be kept is killed, and said to", async () => {
  // It heeds no SIGTERM, and would go on for ever.
  const script = "trap '' TERM; echo bad hunter22 >&2; yes '[['";
  const patient = createExec({ ...settings, graceMilliseconds: 60_000 });
  const error = await patient("sh", ["-c", script]).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ToolError);
  expect(error).toMatchObject({
    message: "sh wrote more than 64 MB to its standard output",
    command: `sh -c ${script.replace("hunter22", "***")}`,
    stderrTail: "bad ***\n",
  });
});

test("of standard error no more is waited for, unless it is read line by line", async () => {
  const flood = exec("sh", ["-c", "yes >&2"]);
  await expect(flood).rejects.toThrow("sh wrote more than 64 MB to its standard error");
  let count = 0;
  const script = "head -c 65000000 /dev/zero | tr '\\0' '\\n' >&2";
  const result = await exec("sh", ["-c", script], { onStderrLine: () => count++ });
  expect([result.exitCode, count]).toEqual([0, 65_000_000]);
});

test("how much may be kept can be said", async () => {
  const script = "head -c 2000000 /dev/zero";
  const whole = await exec("sh", ["-c", script], { stdoutBytes: 2_000_000 });
  expect(whole.stdout.length).toBe(2_000_000);
  const running = exec("sh", ["-c", script], { stdoutBytes: 1_900_000 });
  await expect(running).rejects.toThrow("sh wrote more than 1.9 MB to its standard output");
});

test("a program that floods us can be stopped at any time", async () => {
  const cancelled = new AbortController();
  const started = Date.now();
  setTimeout(() => cancelled.abort(), 100);
  const flood = "trap '' TERM; yes >&2 & while :; do head -c 1000000 /dev/zero; done";
  const result = await exec("sh", ["-c", flood], {
    signal: cancelled.signal,
    stdoutBytes: Number.POSITIVE_INFINITY,
    onStderrLine: () => {},
  });
  expect(result.exitCode).toBeUndefined();
  expect(Date.now() - started).toBeLessThan(5000);
});

test("a program that is not there is a ToolError that names it, without secrets", async () => {
  const error = await exec("no-such-program", ["--token", "hunter22"]).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ToolError);
  expect(error).toMatchObject({
    message: "cannot start no-such-program: spawn no-such-program ENOENT",
    command: "no-such-program --token ***",
  });
});

test("arguments that no program can be given are a ToolError", async () => {
  await expect(exec("echo", ["a\0b"])).rejects.toThrow(ToolError);
});

test("the signal is named that ended a program, unless we have stopped it", async () => {
  const crashed = await exec("sh", ["-c", "kill -SEGV $$"]);
  expect(crashed).toEqual({ exitCode: undefined, endedBy: "SIGSEGV", stdout: "", stderr: "" });
  const stopped = await exec("sleep", ["60"], { timeoutSeconds: 0.05 });
  expect(stopped).toStrictEqual({ exitCode: undefined, stdout: "", stderr: "" });
});

test("a timeout stops the program and its children; there is no exit code then", async () => {
  // The child of the child holds the output open: only its own end lets us come to ours.
  const patient = createExec({ ...settings, graceMilliseconds: 60_000 });
  const result = await patient("sh", ["-c", "sleep 60 & wait"], { timeoutSeconds: 0.2 });
  expect(result.exitCode).toBeUndefined();
});

test("what does not heed SIGTERM is killed after the grace", async () => {
  const started = Date.now();
  const script = "trap '' TERM; echo ready; while true; do sleep 0.05; done";
  const stop = new AbortController();
  const result = await exec("sh", ["-c", script], {
    signal: stop.signal,
    onStdoutLine: () => stop.abort(),
  });
  expect(result.exitCode).toBeUndefined();
  expect(Date.now() - started).toBeGreaterThanOrEqual(200);
});

test("a program that answers SIGTERM by ending itself has no exit code either", async () => {
  const script = "trap 'echo tidied; exit 130' TERM; echo ready; while true; do sleep 0.05; done";
  const lines: string[] = [];
  const stop = new AbortController();
  const patient = createExec({ ...settings, graceMilliseconds: 60_000 });
  const result = await patient("sh", ["-c", script], {
    signal: stop.signal,
    onStdoutLine(line) {
      lines.push(line);
      stop.abort();
    },
  });
  expect(result.exitCode).toBeUndefined();
  expect(lines).toEqual(["ready", "tidied"]);
});

test("the host's own signal stops programs that were given none", async () => {
  const cancelled = new AbortController();
  const running = createExec({ ...settings, signal: cancelled.signal })("sleep", ["60"]);
  cancelled.abort();
  expect((await running).exitCode).toBeUndefined();
});

test("nothing is started once the run is cancelled", async () => {
  const never = createExec({ ...settings, signal: AbortSignal.abort() });
  expect(await never("no-such-program", [])).toEqual({
    exitCode: undefined,
    stdout: "",
    stderr: "",
  });
});

test("an error in a line callback ends the program and is handed over", async () => {
  const running = exec("sh", ["-c", "echo line; sleep 60"], {
    onStdoutLine() {
      throw new Error("a bug");
    },
  });
  await expect(running).rejects.toThrow("a bug");
});

test("hands standard output over as it comes, and waits for whoever takes it", async () => {
  const taken: Buffer[] = [];
  const result = await exec("sh", ["-c", "head -c 300000 /dev/zero; exit 4"], {
    async onStdout(bytes) {
      for await (const piece of bytes) taken.push(Buffer.from(piece));
      await new Promise((resolve) => setTimeout(resolve, 50));
      taken.push(Buffer.from("end"));
    },
  });
  expect(result).toEqual({ exitCode: 4, stdout: "", stderr: "" });
  expect(Buffer.concat(taken).length).toBe(300_003);
});

test("loses nothing of a program that has ended before its output is taken", async () => {
  let output = "";
  await exec("echo", ["early"], {
    async onStdout(bytes) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      for await (const piece of bytes) output += Buffer.from(piece).toString();
    },
  });
  expect(output).toBe("early\n");
});

test("a program whose output cannot be taken is stopped", async () => {
  const running = exec("sh", ["-c", "while :; do echo y; done"], {
    onStdout: () => Promise.reject(new Error("the disk is full")),
  });
  await expect(running).rejects.toThrow("the disk is full");
});

test("a child that holds the output of a program that has ended is not waited for, but ended", async () => {
  const started = Date.now();
  const result = await exec("sh", ["-c", "sleep 60 & echo $!; echo bad >&2; exit 3"]);
  expect(result).toMatchObject({ exitCode: 3, stderr: "bad\n" });
  expect(Date.now() - started).toBeLessThan(10_000);
  await expect.poll(() => isRunning(result.stdout.trim())).toBe(false);
});

test("a child that goes on writing is not waited for either", async () => {
  const options = { stdoutBytes: Number.POSITIVE_INFINITY };
  const script = "(while sleep 0.01; do echo more; done) & exit 0";
  expect((await exec("sh", ["-c", script], options)).exitCode).toBe(0);
});

test("a child with a session of its own is neither waited for nor ended", async () => {
  const result = await exec("setsid", ["--fork", "sh", "-c", "echo $$; exec sleep 20"]);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  const child = result.stdout.trim();
  expect(isRunning(child)).toBe(true);
  process.kill(Number(child));
});

test("output that is handed over ends when only a child holds it", async () => {
  let output = "";
  const result = await exec("sh", ["-c", "sleep 60 & echo all"], {
    async onStdout(bytes) {
      for await (const piece of bytes) output += Buffer.from(piece).toString();
    },
  });
  expect(result.exitCode).toBe(0);
  expect(output).toBe("all\n");
});

test("whoever is slow to take what a program has written has the time for it", async () => {
  let taken = 0;
  await exec("head", ["-c", "300000", "/dev/zero"], {
    async onStdout(bytes) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      for await (const piece of bytes) taken += piece.length;
    },
  });
  expect(taken).toBe(300_000);
});

test("a stop gives the children of a program that has ended their grace", async () => {
  const slow = createExec({ ...settings, graceMilliseconds: 10_000 });
  const script = "(trap 'sleep 1; echo tidied; exit' TERM; while :; do sleep 0.1; done) & exit 0";
  const result = await slow("sh", ["-c", script], { timeoutSeconds: 0.2 });
  expect(result).toMatchObject({ exitCode: undefined, stdout: "tidied\n" });
});

function isRunning(id: string): boolean {
  return !/^State:\t[ZX]/m.test(statusOf(id)) && statusOf(id) !== "";
}

/** Empty when there is no such process. */
function statusOf(id: string): string {
  try {
    return readFileSync(`/proc/${Number(id)}/status`, "utf8");
  } catch {
    return "";
  }
}
