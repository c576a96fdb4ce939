import type { Host } from "../host/host.ts";

/**
 * Removes what stands where a file or a folder of ours belongs and is another kind of thing: it was
 * damaged, and is made anew when it is needed.
 */
export async function removeUnless(
  host: Pick<Host, "files" | "log">,
  path: string,
  kind: "file" | "folder",
): Promise<void> {
  const stat = await host.files.stat(path);
  if (stat?.kind === kind) return;
  // Of a link that leads nowhere there is nothing to be told either, and nothing can be made there.
  if (stat === undefined && (await host.files.linkTarget(path)) === undefined) return;
  host.log.info(`${path} is no ${kind}; it is made anew`);
  await host.files.remove(path);
}
