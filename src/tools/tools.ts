import type { Host } from "../host/host.ts";
import { fetchTool } from "./fetch-tool.ts";
import { findTool, type Tool, type ToolRequest } from "./find-tool.ts";
import { PINNED_TOOLS } from "./pinned.ts";

/** Which tool, and where to keep it if it has to be fetched. */
export interface ProvideRequest extends ToolRequest {
  /** Absolute path of the folder that keeps tools between runs. */
  readonly folder: string;
  /** Stands in for `https://github.com`; without a slash at the end. */
  readonly mirror?: string;
}

/**
 * A tool to run: the one that the input names, else the one on the PATH, else the pinned one.
 * @throws UserError when the given path is not that of a program that can be used
 */
export async function provideTool(
  host: Pick<Host, "exec" | "files" | "env" | "workspace" | "download" | "log">,
  request: ProvideRequest,
): Promise<Tool> {
  const found = await findTool(host, request);
  if (found.kind === "found") return found;
  host.log.info(`${found.reason}: taking the pinned ${request.name}`);
  const fetched = await fetchTool(host, { ...request, tool: PINNED_TOOLS[request.name] });
  if (fetched.kind === "found") return fetched;
  return { ...fetched, reason: `${found.reason}, and ${fetched.reason}` };
}
