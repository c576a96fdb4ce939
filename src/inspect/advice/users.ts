// As whom a line is run: only root may give files to others.

import type { Instruction } from "../../model/plan.ts";
import type { SavingLayers } from "./words.ts";

/** The `USER` that holds for a line; undefined where that is the base image's own. */
export function userAt(line: number, chain: readonly Instruction[]): string | undefined {
  return chain
    .filter(({ keyword, lines }) => keyword === "USER" && lines.start < line)
    .toSorted((one, other) => one.lines.start - other.lines.start)
    .at(-1)?.text;
}

/** Whether an instruction has what follows run by root. */
export function isRootUser(instruction: string): boolean {
  return /^USER\s+["']?(?:root|0)(?:["':\s]|$)/i.test(instruction);
}

/** Whether the first of two lines may give files to others: as root, or as whoever does it later. */
export function mayChangeOwners({ first, later, chain }: SavingLayers): boolean {
  const user = userAt(first.line ?? 0, chain);
  const isSame = user === userAt(later.line ?? 0, chain);
  return isSame || (user !== undefined && isRootUser(user));
}
