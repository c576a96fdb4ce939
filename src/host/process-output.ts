import type { ExecOptions, ExecResult } from "./host.ts";
import { createLineSplitter } from "./lines.ts";

/** What a program writes, on its way to line callbacks or into the result. */
export interface Output {
  readonly onStdout: (bytes: Buffer) => void;
  readonly onStderr: (bytes: Buffer) => void;
  /**
   * @throws TooMuchOutput when it was more than may be kept
   * @throws what a line callback has thrown
   */
  readonly end: () => Pick<ExecResult, "stdout" | "stderr">;
}

/** A program wrote more than may be kept of it. */
export class TooMuchOutput extends Error {
  readonly stderr: string;

  constructor(message: string, stderr: string) {
    super(message);
    this.stderr = stderr;
  }
}

/** What ends a program: politely, or at once. */
interface Stopper {
  (): void;
  readonly now: () => void;
}

const STDOUT_BYTES = 64_000_000;
const STDERR_BYTES = 64_000_000;

function tooMuch(bytes: number, stream: string, stderr: string): TooMuchOutput {
  return new TooMuchOutput(
    `wrote more than ${bytes / 1_000_000} MB to its standard ${stream}`,
    stderr,
  );
}

/** Keeps of what a program writes no more than its options say, and stops one that writes more. */
export function createOutput(options: ExecOptions, stop: Stopper): Output {
  // An error in a line callback is the caller's bug: end the program, then hand it over.
  let failure: { readonly error: unknown } | undefined;
  const guarded = (onLine: (line: string) => void) => (line: string) => {
    if (failure !== undefined) return;
    try {
      onLine(line);
    } catch (error) {
      failure = { error };
      stop();
    }
  };
  const { onStdoutLine, onStderrLine, stdoutBytes = STDOUT_BYTES } = options;
  const stdoutLines = onStdoutLine && createLineSplitter(guarded(onStdoutLine));
  const stderrLines = onStderrLine && createLineSplitter(guarded(onStderrLine));
  const stdout = createWhole(stdoutBytes, stop.now);
  // Whoever reads it line by line may be told as much as there is.
  const stderrLimit = onStderrLine === undefined ? STDERR_BYTES : Number.POSITIVE_INFINITY;
  const stderr = createEnds(stderrLimit, stop.now);
  return {
    onStdout: (bytes) => (stdoutLines ?? stdout).push(bytes),
    onStderr(bytes) {
      stderr.push(bytes);
      stderrLines?.push(bytes);
    },
    end() {
      stdoutLines?.end();
      stderrLines?.end();
      if (failure !== undefined) throw failure.error;
      const whole = stdout.text();
      if (whole === undefined) throw tooMuch(stdoutBytes, "output", stderr.text());
      if (stderr.isTooMuch()) throw tooMuch(STDERR_BYTES, "error", stderr.text());
      return { stdout: whole, stderr: stderr.text() };
    },
  };
}

/** Keeps all of a stream, as long as it is not too much. */
interface Whole {
  push(bytes: Buffer): void;
  /** Undefined when it was too much. */
  text(): string | undefined;
}

function createWhole(limit: number, onTooMuch: () => void): Whole {
  let kept: Buffer[] = [];
  let length = 0;
  return {
    push(bytes) {
      if (length > limit) return;
      length += bytes.length;
      if (length <= limit) {
        kept.push(bytes);
        return;
      }
      kept = [];
      onTooMuch();
    },
    text: () => (length > limit ? undefined : Buffer.concat(kept).toString("utf8")),
  };
}

/** What is kept of the beginning of standard error, and of its end. */
const BEGINNING_BYTES = 4 * 1024;
const END_BYTES = 60 * 1024;

/** Keeps the first and the last bytes of a stream, and a sign between them where some are left out. */
interface Ends {
  push(bytes: Buffer): void;
  text(): string;
  isTooMuch(): boolean;
}

function createEnds(limit: number, onTooMuch: () => void): Ends {
  let length = 0;
  let beginning: Buffer = Buffer.alloc(0);
  let end: Buffer = Buffer.alloc(0);
  let isCut = false;
  return {
    isTooMuch: () => length > limit,
    push(bytes) {
      const wasTooMuch = length > limit;
      length += bytes.length;
      if (length > limit && !wasTooMuch) onTooMuch();
      const room = BEGINNING_BYTES - beginning.length;
      // A copy: a part would hold on to the whole.
      if (room > 0) beginning = Buffer.concat([beginning, bytes.subarray(0, room)]);
      const all = Buffer.concat([end, bytes.subarray(room)]);
      isCut ||= all.length > END_BYTES;
      end = all.subarray(Math.max(0, all.length - END_BYTES));
    },
    text() {
      if (!isCut) return Buffer.concat([beginning, end]).toString("utf8");
      // Whole lines: half a secret is not recognised.
      const first = beginning.subarray(0, beginning.lastIndexOf("\n") + 1);
      const last = end.subarray(end.indexOf("\n") + 1);
      return `${first.toString("utf8")}…\n${last.toString("utf8")}`;
    },
  };
}
