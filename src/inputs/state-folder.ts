import { join, resolve } from "node:path";
import type { Host } from "../host/host.ts";
import { ok, type Parsed, problem } from "./parsed.ts";
import { writableFolder } from "./writable-folder.ts";

type StateHost = Pick<Host, "kind" | "env" | "workspace">;

/**
 * Absolute path of the folder that is kept between runs: the given one, on a runner inside its tool
 * cache, on a laptop inside the user's cache folder, where each system has it:
 * https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateFolder(
  host: StateHost,
  given: string | undefined,
  system: NodeJS.Platform = process.platform,
): Parsed<string> {
  if (given !== undefined) return ok(resolve(host.workspace, withHome(host, given)));
  const above =
    (host.kind === "actions" && value(host, "RUNNER_TOOL_CACHE")) || cacheFolder(host, system);
  if (above !== undefined) return ok(join(above, "weighbridge"));
  return problem("there is no home folder to keep things in; name a folder");
}

/** The same; it must be one that can be written to. */
export async function checkedStateFolder(
  host: StateHost & Pick<Host, "files">,
  given: string | undefined,
): Promise<Parsed<string>> {
  const folder = stateFolder(host, given);
  if (folder.kind === "problem") return folder;
  const checked = await writableFolder(host, folder.value);
  if (given !== undefined || checked.kind === "ok") return checked;
  return problem(`the default folder cannot be used: ${checked.what}; name another folder`);
}

function cacheFolder(host: StateHost, system: NodeJS.Platform): string | undefined {
  const home = value(host, "HOME");
  const userCache = system === "darwin" ? "Library/Caches" : ".cache";
  // A relative XDG_CACHE_HOME is to be ignored, its specification says.
  const named = value(host, "XDG_CACHE_HOME");
  if (named?.startsWith("/") && system !== "darwin") return named;
  return home === undefined ? undefined : join(home, userCache);
}

/** Only a shell makes a home folder of `~`; in a workflow nobody does. */
function withHome(host: StateHost, path: string): string {
  const home = value(host, "HOME");
  return home !== undefined && /^~(?:\/|$)/.test(path) ? join(home, path.slice(1)) : path;
}

function value({ env }: StateHost, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}
