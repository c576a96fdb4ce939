import { join } from "node:path";
import { ToolError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import { toolEnvironment } from "../tools/environment.ts";
import { howItEnded } from "../tools/failure.ts";
import type { FoundTool } from "../tools/find-tool.ts";

/** What running Trivy needs of a host. */
export type TrivyHost = Pick<Host, "exec" | "files" | "env">;

/** A command of Trivy, without the options that every command has. */
export interface TrivyCommand {
  readonly trivy: FoundTool;
  readonly args: readonly string[];
  /** Trivy's cache: its database, and what it has found in layers. */
  readonly cacheFolder: string;
  readonly timeoutMinutes: number;
  /** A folder that the command finds as `layout` in its working folder. */
  readonly layout?: string;
}

/** A finding is some 4 KB, of which an image can have tens of thousands. */
const REPORT_BYTES = 256_000_000;

/**
 * Trivy collects its garbage half as often as it would: of its processor time a tenth less, of memory a
 * tenth more, as measured on the stages of examples/trading-app. Beyond the limit it collects as often
 * as it has to. https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
const GARBAGE = { GOGC: "200", GOMEMLIMIT: "1GiB" } as const;

/**
 * Runs Trivy in a working folder of its own, so that no `trivy.yaml`, `.trivyignore`,
 * `trivy-secret.yaml` or module of the repository or the user steers it, and with none of the job's
 * variables. Nothing is reported to, or asked of, its maker.
 * @returns what it wrote
 * @throws ToolError when it did not end well
 */
export async function runTrivy(host: TrivyHost, command: TrivyCommand): Promise<string> {
  const { trivy, timeoutMinutes } = command;
  await using folder = await host.files.temporaryFolder("trivy");
  // What it unpacks would stay for ever, were it killed. It can be large: a place that was named counts.
  const place = host.env.TMPDIR || undefined;
  await using unpacked = await host.files.temporaryFolder("trivy-files", place);
  // Trivy cuts an input at the first `@`, which the path of a folder can have.
  if (command.layout !== undefined) {
    await host.files.symlink(command.layout, join(folder.path, "layout"));
  }
  const args = [
    "image",
    ...command.args,
    "--cache-dir",
    command.cacheFolder,
    "--module-dir",
    join(folder.path, "modules"),
    "--timeout",
    `${timeoutMinutes}m`,
    "--quiet",
    "--skip-version-check",
    "--disable-telemetry",
  ];
  const result = await host.exec(trivy.path, args, {
    cwd: folder.path,
    env: toolEnvironment(host.env, { ...GARBAGE, TMPDIR: unpacked.path }),
    // Trivy ends itself first, and says why.
    timeoutSeconds: timeoutMinutes * 60 + 30,
    stdoutBytes: REPORT_BYTES,
  });
  if (result.exitCode === 0) return result.stdout;
  const message = `trivy ${trivy.version} ${howItEnded(result, essence(result.stderr))}`;
  const line = [trivy.path, ...args].join(" ");
  throw new ToolError(message, { command: line, stderrTail: result.stderr });
}

/** What happened. Each function that handed it up has put its own words in front. */
function essence(stderr: string): string {
  const fatal = stderr.split("Fatal error").at(-1) ?? "";
  // Several errors are a list; the last is of the way that we chose, an OCI layout.
  const error = fatal.split(/^\s*\* /m).at(-1) ?? "";
  return error.split(": ").slice(-3).join(": ");
}

/**
 * Whether a scan ended because there is no database of Java archives: it cannot be fetched, or Trivy
 * was told not to.
 */
export function isOfJavaDatabase({ stderrTail = "" }: ToolError): boolean {
  return (stderrTail.split("Fatal error").at(-1) ?? "").includes("Java DB");
}
