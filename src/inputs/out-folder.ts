import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { messageOf, type Problem } from "../errors.ts";
import type { Host } from "../host/host.ts";
import { quoted } from "./wording.ts";

/**
 * What is wrong with the folder that the report is to be written to, found before anything is built.
 * Nothing is left in it, and it is not made yet.
 * @param out absolute path
 */
export async function outProblem(
  { files }: Pick<Host, "files">,
  out: string,
): Promise<Problem | undefined> {
  const problem = (what: string): Problem => ({ where: "--out", what });
  try {
    const { path, kind } = await nearestAbove(files, out);
    if (kind !== "folder") {
      const inside = path === out ? "" : `, and ${quoted(out)} cannot be inside of it`;
      return problem(`${quoted(path)} is not a folder${inside}`);
    }
    const probe = join(path, `.weighbridge-${randomUUID()}`);
    await files.writeText(probe, "");
    await files.remove(probe);
    return undefined;
  } catch (error) {
    return problem(`${quoted(out)} cannot be written to: ${messageOf(error)}`);
  }
}

/** The path itself, or the first above it where there is something. */
async function nearestAbove(files: Pick<Host["files"], "stat">, path: string) {
  const stat = await files.stat(path);
  if (stat !== undefined) return { path, kind: stat.kind };
  return nearestAbove(files, dirname(path));
}
