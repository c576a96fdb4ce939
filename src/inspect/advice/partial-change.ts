import { type Saving, SEVERAL } from "../savings/saving.ts";
import { copySource, stageCopiedFrom } from "./copy-source.ts";
import { givesItsOwn } from "./instructions.ts";
import { earlierStageWords } from "./other-stages.ts";
import { leftAlone } from "./rest-of-line.ts";
import { inCode, linesInWords, type SavingLayers } from "./words.ts";

/**
 * How files get another owner or mode that a copy cannot give them, since it has others too, or all
 * of them not the same.
 */
export function partialInstead(saving: Saving, about: SavingLayers): string {
  const { owner, mode, foldersGetMode } = saving;
  const { first, between, later } = about;
  const changing = [...between, later];
  const lines = linesInWords(changing);
  const [verb, change] = changing.length > 1 ? ["do", "change"] : ["does", "changes"];
  const source = copySource(first);
  if (source === "archive" || source === "repository") {
    const copy = owner === undefined || owner === SEVERAL ? "" : ` --chown=${owner}`;
    return `Use ADD in an earlier stage, change there what ${lines} ${change}, and ${inCode(`COPY${copy} --from=…`)} that here.`;
  }
  const stage = stageCopiedFrom(first, about.image.stages);
  if (stage !== undefined && !givesItsOwn(first)) {
    // Who has a name here may have none there.
    const how = owner === undefined ? "" : ", with owners by number";
    return `Do in ${earlierStageWords(stage, about.image)} what ${lines} ${verb}${how}: ${inCode("COPY --from")} keeps owners and modes.${outermostWords(saving, lines)}`;
  }
  // Git keeps no modes of folders.
  const isOfFiles = owner === undefined && foldersGetMode === undefined;
  if (source === "context" && isOfFiles && isGitChange(saving)) {
    const sign = mode === "755" ? "+" : "-";
    return `Give the files mode ${mode} in the build context, which line ${first.line} keeps, as Git does: ${inCode(`git update-index --chmod=${sign}x …`)}. ${leftAlone(saving, about)}`;
  }
  if (mode === undefined && owner !== SEVERAL) {
    const flag = inCode(`--chown=${owner}`);
    return `Copy what ${lines} ${change} by a line of its own, with ${flag}, and leave it out of line ${first.line} and of what ${lines} ${change}.`;
  }
  // A mode for files is none for folders, and a copy gives both the same.
  const how = owner === undefined ? "" : ", with owners by number";
  return `Do in an earlier stage what ${linesInWords([first, ...changing])} do${how}, and take the result from there with ${inCode("COPY --from=…")}, which keeps owners and modes.${outermostWords(saving, lines) || ` ${leftAlone(saving, about)}`}`;
}

/** A copy has what is in a folder, and makes that itself anew. */
function outermostWords(
  { owner, folderOwner, folderMode, foldersGetMode }: Saving,
  lines: string,
): string {
  const areMade = folderOwner !== undefined || folderMode !== undefined;
  const areChanged = owner !== undefined || foldersGetMode === true;
  if (!areMade || !areChanged) return "";
  return ` The folder that is copied is made anew itself: let ${lines} still change that, without -R, and all else that is changed.`;
}

/** Whether Git keeps a change of modes: of a file it only remembers whether it can be executed. */
function isGitChange({ mode, wasExecutable }: Saving): boolean {
  return wasExecutable ? mode === "644" : mode === "755";
}
