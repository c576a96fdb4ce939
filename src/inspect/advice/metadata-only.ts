import { type Saving, SEVERAL } from "../savings/saving.ts";
import { copySource } from "./copy-source.ts";
import { copyMode, flagged, isCopy, writtenOnce } from "./instructions.ts";
import { withSyntax } from "./syntax.ts";
import { type AdviceWords, madeBy, type SavingLayers } from "./words.ts";

/** A layer gives files another owner, mode or date, and so has all their bytes again. */
export function metadataOnlyWords(saving: Saving, about: SavingLayers): AdviceWords {
  const { first, later } = about;
  const { owner, mode } = saving;
  const what =
    owner !== undefined && mode !== undefined
      ? "owner and mode"
      : owner !== undefined
        ? "the owner"
        : mode !== undefined
          ? "the mode"
          : "dates";
  const message = `Line ${later.line} changes only ${what} of what ${madeBy(first)} wrote, which stores every file a second time.`;
  return { message, instead: insteadOf(saving, about) };
}

function insteadOf(saving: Saving, about: SavingLayers): string {
  const { first, later, syntax } = about;
  const { owner, mode, isPartial } = saving;
  if (first.origin === "base") return "leave the base image's files as they are";
  if (!isCopy(first)) return writtenOnce(about);
  const chown = owner === undefined ? [] : [`--chown=${owner}`];
  // What is unpacked keeps the modes that it has in the archive.
  if (mode !== undefined && copySource(first) === "archive") {
    const copy = ["COPY", ...chown, "--from=…"].join(" ");
    return `ADD it in an earlier stage, change its mode there, and ${copy} that here`;
  }
  const chmod = mode === undefined ? undefined : chmodOf(mode, about);
  const flags = [...chown, ...(chmod === undefined ? [] : [`--chmod=${chmod}`])];
  if (flags.length === 0) {
    return `let line ${later.line} leave as it is what ${madeBy(first)} wrote`;
  }
  const isForAll = isPartial === undefined && owner !== SEVERAL && mode !== SEVERAL;
  const instead = isForAll
    ? flagged(first, flags)
    : `copy what line ${later.line} changes by a COPY of its own, with ${flags.join(" ")}`;
  const hasLetters = chmod?.includes("=") === true;
  return hasLetters ? withSyntax(instead, LETTERS_SINCE, syntax) : instead;
}

/** https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.14.0 */
const LETTERS_SINCE = 14;

/** What is fetched is a file by itself. */
function chmodOf(mode: string, { first }: SavingLayers): string {
  return copySource(first) === "address" ? mode : copyMode(mode);
}
