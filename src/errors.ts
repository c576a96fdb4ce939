/** One thing wrong with what the user gave: what, where, and what is allowed. */
export interface Problem {
  /** Where it stands: `input goals`, `.github/weighbridge.yml:12`, `Dockerfile:3`. */
  readonly where: string;
  /** What is wrong, with the value, and what is allowed. One sentence. */
  readonly what: string;
}

/** What a mistake has kept from being done. Sentences go on with it. */
export type Consequence = "nothing was built" | "nothing was inspected" | "the build was stopped";

/** The user has something to change. Carries every problem found, never only the first. */
export class UserError extends Error {
  readonly problems: readonly Problem[];
  /** Undefined where it is that of whoever catches it. */
  readonly consequence: Consequence | undefined;

  constructor(problems: readonly Problem[], consequence?: Consequence) {
    super(problems.map((problem) => `${problem.where}: ${problem.what}`).join("\n"));
    this.name = "UserError";
    this.problems = problems;
    this.consequence = consequence;
  }
}

/** A tool that we run did not do its work. */
export class ToolError extends Error {
  /** The command as it was run, without secrets. */
  readonly command: string;
  /** Undefined when the command could not be started or was killed. */
  readonly exitCode: number | undefined;
  /** The end of what it wrote to stderr. */
  readonly stderrTail: string;

  constructor(
    message: string,
    details: { command: string; exitCode?: number; stderrTail?: string; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.name = "ToolError";
    this.command = details.command;
    this.exitCode = details.exitCode;
    this.stderrTail = details.stderrTail ?? "";
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The operating system's word for what it would not do, `ENOENT` say; undefined for all else. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The system's words for no room on the disk, and for none that this user may use. */
const FULL = new Set(["ENOSPC", "EDQUOT"]);

/** Whether the system had no room for what was to be written. */
export function isDiskFull(error: unknown): boolean {
  return FULL.has(systemCodeOf(error) ?? "");
}

/** For the `default` of an exhaustive `switch`: a value that the types say cannot be. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
