import { dirname } from "node:path";
import type { Host } from "../host/host.ts";
import { quoted } from "./wording.ts";

/** A symbolic link that leads to nothing. */
export interface DanglingLink {
  readonly path: string;
  /** Where it says that it leads to. */
  readonly target: string;
}

/**
 * The link because of which there is nothing at a path: it stands there or above. Undefined where
 * there is something, or no link is to blame.
 */
export async function danglingLink(
  host: Pick<Host, "files">,
  path: string,
): Promise<DanglingLink | undefined> {
  if ((await host.files.stat(path)) !== undefined) return undefined;
  const target = await host.files.linkTarget(path);
  if (target !== undefined) return { path, target };
  const above = dirname(path);
  return above === path ? undefined : danglingLink(host, above);
}

/** What is wrong with such a link. */
export function linkProblem({ path, target }: DanglingLink): string {
  return `${quoted(path)} is a symbolic link to ${quoted(target)}, which is not there`;
}
