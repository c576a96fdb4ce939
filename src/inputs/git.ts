import { ToolError } from "../errors.ts";
import type { Host } from "../host/host.ts";

/** What git says; undefined where there is none, or it refuses. */
export async function git(
  host: Pick<Host, "exec">,
  folder: string,
  args: readonly string[],
): Promise<string | undefined> {
  // In a container's job the files belong to another user, which git takes for an attack.
  const settings = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false"];
  try {
    const command = [...settings, "-C", folder, ...args];
    const { exitCode, stdout } = await host.exec("git", command, { timeoutSeconds: 60 });
    return exitCode === 0 ? stdout : undefined;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
