import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { messageOf, systemCodeOf } from "../errors.ts";
import type { Host } from "../host/host.ts";
import { danglingLink, linkProblem } from "./dangling-link.ts";
import { ok, type Parsed, problem } from "./parsed.ts";
import { quoted } from "./wording.ts";

/**
 * A folder that is to be written to, such as that of the report, looked at before anything is built.
 * Nothing is left in it, and it is not made yet.
 * @param folder absolute path
 */
export async function writableFolder(
  { files }: Pick<Host, "files">,
  folder: string,
): Promise<Parsed<string>> {
  try {
    const link = await danglingLink({ files }, folder);
    if (link !== undefined) return problem(linkProblem(link));
    const { path, kind } = await nearestAbove(files, folder);
    if (kind !== "folder") {
      const inside = path === folder ? "" : `, and ${quoted(folder)} cannot be inside of it`;
      return problem(`${quoted(path)} is not a folder${inside}`);
    }
    const probe = join(path, `.weighbridge-${randomUUID()}`);
    await files.writeText(probe, "");
    await files.remove(probe);
    return ok(folder);
  } catch (error) {
    return problem(`${quoted(folder)} cannot be written to: ${reasonOf(error)}`);
  }
}

/** Without the path that was tried: nobody has named that. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return systemCodeOf(error) === undefined ? message : message.replace(/, \w+(?: '.*)?$/s, "");
}

/** The path itself, or the first above it where there is something. */
async function nearestAbove(files: Pick<Host["files"], "stat">, path: string) {
  const stat = await files.stat(path);
  if (stat !== undefined) return { path, kind: stat.kind };
  return nearestAbove(files, dirname(path));
}
