import { type Saving, SEVERAL } from "../savings/saving.ts";
import { copySource, stageCopiedFrom } from "./copy-source.ts";
import { leftAlone } from "./rest-of-line.ts";
import { inCode, type SavingLayers } from "./words.ts";

/**
 * How files get another owner or mode that a copy cannot give them, since it has others too, or all
 * of them not the same.
 */
export function partialInstead(saving: Saving, about: SavingLayers): string {
  const { owner, mode, foldersGetMode } = saving;
  const { first, later } = about;
  const source = copySource(first);
  if (source === "archive" || source === "repository") {
    const copy = owner === undefined || owner === SEVERAL ? "" : ` --chown=${owner}`;
    return `Use ADD in an earlier stage, change there what line ${later.line} changes, and ${inCode(`COPY${copy} --from=…`)} that here.`;
  }
  const stage = stageCopiedFrom(first, about.image.stages);
  if (stage !== undefined) {
    // Who has a name here may have none there.
    const how = owner === undefined ? "" : ", with owners by number";
    return `Do in stage ${inCode(stage.name)} what line ${later.line} does${how}: ${inCode("COPY --from")} keeps owners and modes.`;
  }
  // Git keeps no modes of folders.
  const isOfFiles = owner === undefined && foldersGetMode === undefined;
  if (source === "context" && isOfFiles && isGitChange(saving)) {
    const sign = mode === "755" ? "+" : "-";
    return `Give the files mode ${mode} in the build context, which line ${first.line} keeps, as Git does: ${inCode(`git update-index --chmod=${sign}x …`)}. ${leftAlone(saving, about)}`;
  }
  if (mode === undefined && owner !== SEVERAL) {
    const flag = inCode(`--chown=${owner}`);
    return `Copy what line ${later.line} changes by a line of its own, with ${flag}, and leave it out of line ${first.line} and of what line ${later.line} changes.`;
  }
  // A mode for files is none for folders, and a copy gives both the same.
  const how = owner === undefined ? "" : ", with owners by number";
  return `Do in an earlier stage what lines ${first.line} and ${later.line} do${how}, and take the result from there with ${inCode("COPY --from=…")}, which keeps owners and modes. ${leftAlone(saving, about)}`;
}

/** Whether Git keeps a change of modes: of a file it only remembers whether it can be executed. */
function isGitChange({ mode, wasExecutable }: Saving): boolean {
  return wasExecutable ? mode === "644" : mode === "755";
}
