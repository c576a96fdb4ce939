import { arch, platform } from "node:process";
import type { Host } from "../host/host.ts";
import type { ToolInput } from "../model/inputs.ts";
import { type FetchHost, type FetchRequest, fetchTool } from "./fetch-tool.ts";
import type { Tool } from "./find-tool.ts";
import { PINNED_RELEASES } from "./pinned.ts";
import { releaseFile, releaseMachines, type ToolName } from "./releases.ts";

/** What providing a tool needs of a host. */
export type ProvideHost = FetchHost & Pick<Host, "kind">;

/** Which tool, and where to keep it. */
export interface ProvideRequest extends Pick<FetchRequest, "name" | "folder" | "mirror"> {
  /** A release that takes the place of the pinned one. */
  readonly release?: Extract<ToolInput, { kind: "release" }>;
  /** Node's `process.platform` and `process.arch`, such as `linux-x64`. Default: this machine's. */
  readonly machine?: string;
}

/**
 * A tool that is fetched: the pinned release, or the one that the inputs name. What happens to be on
 * the PATH is not used: the same run would find other things on another machine.
 */
export async function provideTool(host: ProvideHost, request: ProvideRequest): Promise<Tool> {
  const { name, release, machine = `${platform}-${arch}` } = request;
  const version = release?.version ?? PINNED_RELEASES[name].version;
  const file = releaseFile(name, version, machine);
  const hashes = hashesFor(name, machine, release);
  if (file === undefined || hashes === undefined) {
    const machines = releaseMachines(name, version).join(", ");
    const reason = `there is no ${name} ${version} to fetch for ${machine}, only for ${machines}`;
    return missing(host, { name, reason, help: ownProgram(host, name) });
  }
  const tool = await fetchTool(host, { ...request, version, file, hashes });
  if (tool.kind === "found") return tool;
  const help = `${ownProgram(host, name)}, ${dashes(host)}tool-mirror another place`;
  return missing(host, { name, reason: tool.reason, help });
}

/** Of the very file that is pinned more is known than the inputs say. */
function hashesFor(name: ToolName, machine: string, release: ProvideRequest["release"]) {
  const pinned = PINNED_RELEASES[name].files[machine];
  if (release === undefined || release.sha256 === pinned?.sha256) return pinned;
  return { sha256: release.sha256 };
}

function ownProgram(host: Pick<ProvideHost, "kind">, name: ToolName): string {
  return `${dashes(host)}${name}-path can name a ${name} that is here`;
}

function dashes({ kind }: Pick<ProvideHost, "kind">): string {
  return kind === "local" ? "--" : "";
}

function missing(
  { log }: Pick<ProvideHost, "log">,
  {
    name,
    reason,
    help,
  }: { readonly name: ToolName; readonly reason: string; readonly help: string },
): Tool {
  log.info(`${reason}. ${help}`);
  return { kind: "missing", name, reason };
}
