import { type Saving, SEVERAL } from "../savings/saving.ts";
import { copySource, stageCopiedFrom } from "./copy-source.ts";
import { inCode, type SavingLayers } from "./words.ts";

/**
 * How files get another owner or mode that a copy cannot give them, since it has others too, or all
 * of them not the same.
 */
export function partialInstead(saving: Saving, about: SavingLayers): string {
  const { owner, mode } = saving;
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
  if (source === "context" && owner === undefined && mode !== undefined) {
    const change = mode === SEVERAL ? "their modes" : `mode ${mode}`;
    return `Give the files ${change} in the build context, which line ${first.line} keeps; Git remembers whether a file can be executed: ${inCode("git update-index --chmod=+x …")}.`;
  }
  const flags = [
    ...(owner === undefined ? [] : [`--chown=${owner}`]),
    ...(mode === undefined ? [] : [`--chmod=${mode}`]),
  ].join(" ");
  return `Copy what line ${later.line} changes by a line of its own, with ${inCode(flags)}, and leave it out of line ${first.line} and of what line ${later.line} changes.`;
}
