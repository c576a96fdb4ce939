import type { Saving } from "../savings/saving.ts";
import { mountedInstead } from "./copied-instead.ts";
import { copySource } from "./copy-source.ts";
import { flagged } from "./instructions.ts";
import type { AdviceWords, SavingLayers } from "./words.ts";

/** A layer has what a package manager keeps for its next run, or what was meant to be temporary. */
export function packageCacheWords(saving: Saving, about: SavingLayers): AdviceWords {
  const { subject = "", paths } = saving;
  const { later } = about;
  const [path = ""] = paths;
  const folder = folderOf(path, subject);
  const isTemporary = folder === "/tmp" || folder === "/var/tmp";
  const whom = isTemporary
    ? "which a container seldom needs"
    : "which only the next build could use";
  const message = `Line ${later.line} leaves ${folder} behind, ${whom}.`;
  if (copySource(later) === "image") {
    return { message, instead: `leave ${folder} out of what line ${later.line} copies` };
  }
  // Only a RUN can mount something.
  const kind = isTemporary ? "tmpfs" : "cache";
  const instead =
    mountedInstead(saving, about) ?? flagged(later, [`--mount=type=${kind},target=${folder}`]);
  return { message, instead };
}

/** Where in a path a class of folders begins and ends: `/root/.cache/pip` of all that is in it. */
function folderOf(path: string, folder: string): string {
  const start = path.indexOf(folder);
  return start === -1 ? folder : path.slice(0, start + folder.length);
}
