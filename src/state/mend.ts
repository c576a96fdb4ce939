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
  if (stat === undefined || stat.kind === kind) return;
  host.log.info(`${path} is no ${kind}; it is made anew`);
  await host.files.remove(path);
}
