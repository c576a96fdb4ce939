// What comes from the build context by way of another stage.

import { posix } from "node:path";
import type { Stage } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import { type CopyIn, contextSource, copyTarget } from "./context-source.ts";
import { copySource, stageCopiedFrom } from "./copy-source.ts";
import { asLine } from "./instructions.ts";
import type { SavingLayers } from "./words.ts";

/** Where something was copied from that another stage had of the build context. */
export interface StagedContext {
  /** The stage that it is copied from. */
  readonly stage: Stage;
  /** The line that copies it out of the build context, of that stage or one that it has it from. */
  readonly line: number;
}

/** What makes folders of any name, such as one for Git. */
const MAKES_ANYTHING =
  /\b(?:git\s+(?:clone|init|worktree|submodule)|tar|unzip|bsdtar|curl|wget|rsync)\b/;

/**
 * How a file came from the build context by way of other stages; undefined where it did not, or may
 * have been made there.
 */
export function stagedContext(
  path: string,
  { first, chain, image }: CopyIn & Pick<SavingLayers, "image">,
): StagedContext | undefined {
  const stage = stageCopiedFrom(first, image.stages);
  const there = contextSource(path, { first, chain });
  if (stage === undefined || there === undefined) return undefined;
  const lines = chainOf(image.stages, stage.index).flatMap(({ instructions }) => instructions);
  if (lines.some(({ keyword, text }) => keyword === "RUN" && MAKES_ANYTHING.test(text))) {
    return undefined;
  }
  const source = posix.join("/", there);
  const copy = lines
    .filter(({ keyword }) => keyword === "COPY" || keyword === "ADD")
    .toSorted((one, other) => other.lines.start - one.lines.start)
    .map(asLine)
    .find((line) => reaches(source, { first: line, chain: lines }));
  if (copy === undefined) return undefined;
  if (copySource(copy) === "context") return { stage, line: copy.line };
  // Of an earlier stage: no stage can name itself or a later one.
  const before = { ...image, stages: image.stages.slice(0, stage.index) };
  const origin = stagedContext(source, { first: copy, chain: lines, image: before });
  return origin && { stage, line: origin.line };
}

/** Whether a path is what a line copies, or in a folder that it does. */
function reaches(path: string, copy: CopyIn): boolean {
  const target = copyTarget(copy);
  return target !== undefined && !posix.relative(target, path).startsWith("..");
}
