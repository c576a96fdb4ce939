// What BuildKit expands is told by name: who gives a build argument may not want its value in a comment.

import type { StageBuild } from "../model/build.ts";
import type { PlannedImage } from "../model/plan.ts";

/** A value of fewer characters says nothing, and would be found in any sentence. */
const SHORTEST = 4;
/** A value of fewer characters is only taken for one where it stands by itself. */
const SHORT = 8;

type BuildArguments = Readonly<Record<string, string>>;

/**
 * The reason of a failure, with `$TOKEN` in place of what that build argument is; but for the image of a
 * `FROM`, and for what the Dockerfile has itself.
 */
export function withoutValues(
  { stages, text }: PlannedImage,
  { reason, line }: Pick<Extract<StageBuild, { kind: "failed" }>, "reason" | "line">,
  buildArguments: BuildArguments,
): string {
  const isFrom = stages.some(({ instructions }) =>
    instructions.some(({ keyword, lines }) => keyword === "FROM" && lines.start === line),
  );
  if (isFrom) return reason;
  const values = Object.entries(buildArguments)
    .filter(([, value]) => value.length >= SHORTEST && !text.includes(value))
    .toSorted(([, one], [, other]) => other.length - one.length);
  return values.reduce(
    (said, [name, value]) => said.replaceAll(patternOf(value), () => `$${name}`),
    reason,
  );
}

function patternOf(value: string): RegExp {
  const literal = value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(value.length < SHORT ? `(?<!\\w)${literal}(?!\\w)` : literal, "g");
}
