// What `--chmod` makes of files and of the folders that a copy makes, those on the way to where it
// goes included. https://docs.docker.com/reference/dockerfile/#copy---chown---chmod

import { type Saving, SEVERAL } from "../savings/saving.ts";

/** What `--chmod` takes, and whether it takes letters. */
export interface CopyMode {
  readonly text: string;
  readonly hasLetters: boolean;
}

/**
 * What `--chmod` takes so that files get the mode they have in the end, and folders keep theirs;
 * undefined where nothing does both.
 */
export function copyMode(saving: Saving): CopyMode | undefined {
  const { mode, folderMode = mode, wasExecutable } = saving;
  if (mode === undefined || mode === SEVERAL) return undefined;
  // The outermost folder, if a copy makes it, never gets what others than its owner write it with.
  const isForOthers = saving.folderMode !== undefined && (Number.parseInt(mode, 8) & 0o022) !== 0;
  if (folderMode === mode) return isForOthers ? undefined : { text: mode, hasLetters: false };
  // Letters leave those files to be executed that are, and the outermost folders as they are made.
  const isUsual = mode === "644" && folderMode === "755" && !wasExecutable;
  return isUsual ? { text: "u=rwX,g=rX,o=rX", hasLetters: true } : undefined;
}
