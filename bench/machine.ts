import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { tryRun } from "../scripts/lab/shell.ts";
import type { Parts } from "./course.ts";

/** Where and with what it was measured. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  /** Load average of the last minute, before anything was measured. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** What a reader of the numbers should know of this machine. */
export async function describeMachine(
  parts: Pick<Parts, "environment" | "tools">,
): Promise<Machine> {
  const [load = 0] = loadavg();
  const env = parts.environment;
  const version = async (command: string, args: readonly string[]) =>
    /\d+\.\d+\.\d+/.exec((await tryRun(command, args, { env })) ?? "")?.[0] ?? "unknown";
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
    memoryBytes: totalmem(),
    load,
    versions: {
      docker: await version("docker", ["version", "--format", "{{.Server.Version}}"]),
      buildx: await version("docker", ["buildx", "version"]),
      trivy: await version(parts.tools.trivy, ["--version"]),
      hadolint: await version(parts.tools.hadolint, ["--version"]),
      node: process.versions.node,
    },
  };
}
