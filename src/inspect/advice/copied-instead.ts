import { assertNever } from "../../errors.ts";
import type { Saving } from "../savings/saving.ts";
import { copySource } from "./copy-source.ts";
import type { SavingLayers } from "./words.ts";

/**
 * How files are had where they are needed without a layer that copies them, depending on where they
 * come from; undefined where the first layer copied nothing.
 */
export function mountedInstead(saving: Saving, { first }: SavingLayers): string | undefined {
  const [path = ""] = saving.paths;
  const source = copySource(first);
  switch (source) {
    case undefined:
      return undefined;
    case "context":
      // Without its source, all of the build context would be mounted there.
      return `mount it where it is needed: RUN --mount=type=bind,source=…,target=${path} …`;
    case "address":
    case "repository":
      return `ADD it in a stage of its own, and mount it where it is needed: RUN --mount=type=bind,from=…,source=${path},target=${path} …`;
    case "archive":
      return "ADD it in an earlier stage, and COPY --from that only what is needed";
    case "image":
      return leftOut(saving, first.line);
    default:
      return assertNever(source);
  }
}

/** `COPY --exclude` would do it too, but only as of Dockerfile 1.19. */
function leftOut({ paths, files }: Saving, line: number | undefined): string {
  const [path = ""] = paths;
  const more = files === 1 ? "" : ` and ${files - 1} more`;
  const why =
    "by naming what is needed, or with --exclude and # syntax=docker/dockerfile:1 (1.19 or newer)";
  return `leave ${path}${more} out of what line ${line} copies, ${why}`;
}
