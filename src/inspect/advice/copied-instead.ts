import { assertNever } from "../../errors.ts";
import type { Saving } from "../savings/saving.ts";
import { isRemovalOf, plainList, shellRun } from "./commands.ts";
import { contextSource, sourceAlone } from "./context-source.ts";
import { copySource } from "./copy-source.ts";
import { hasRunBetween, runsFrom } from "./instructions.ts";
import { inCode, inMount, pathsInCode, type SavingLayers } from "./words.ts";

/**
 * How files are had where they are needed without a layer that copies them, depending on where they
 * come from; undefined where the first layer copied nothing.
 */
export function mountedInstead(saving: Saving, about: SavingLayers): string | undefined {
  const { first } = about;
  const [path = ""] = saving.paths;
  const source = copySource(first);
  switch (source) {
    case undefined:
      return undefined;
    case "context":
      return contextMounted(path, saving, about);
    case "address":
    case "repository": {
      const target = inMount(path);
      const mount = `RUN --mount=type=bind,from=…,source=${target},target=${target}${writable(about)} …`;
      return `Use ADD in a stage of its own, and mount it where it is needed: ${inCode(mount)}.`;
    }
    case "archive":
      return `Use ADD in an earlier stage, and ${inCode("COPY --from")} that only what is needed.`;
    case "image":
      return leftOut(saving, first.line);
    default:
      return assertNever(source);
  }
}

/** Without its source, all of the build context would be mounted there. */
function contextMounted(path: string, saving: Saving, about: SavingLayers): string {
  const { first, later } = about;
  const alone = sourceAlone(path, about);
  const source = alone ?? contextSource(path, about);
  const place = `source=${inMount(source ?? "…")},target=${inMount(path)}`;
  const mount = `--mount=type=bind,${place}${writable(about)}`;
  const using =
    alone !== undefined && saving.files === 1 && !hasRunBetween(about)
      ? withoutDeleting(path, about)
      : undefined;
  if (using !== undefined && !mount.includes("…")) {
    return `Write ${inCode(["RUN", mount, ...using].join(" "))} instead of lines ${first.line} and ${later.line}.`;
  }
  return `Mount it where it is needed: ${inCode(`RUN ${mount} …`)}.`;
}

/**
 * What is mounted can only be read, if it is not said otherwise; what is written to it then is lost.
 * https://docs.docker.com/reference/dockerfile/#run---mounttypebind
 */
function writable(about: SavingLayers): string {
  return runsFrom(about).some((text) => WRITES.test(text)) ? ",rw" : "";
}

/** What changes files that are there, or their owners and modes. */
const WRITES =
  /\b(?:chmod|chown|chgrp|touch|setfacl|patch|dos2unix)\b|\bsed\s(?:[^&|;]*\s)?(?:-[A-Za-z]*i|--in-place)/;

/** What a line does with a file beside deleting it, which would fail on a mount. */
function withoutDeleting(path: string, { later }: SavingLayers): readonly string[] | undefined {
  const run = shellRun(later);
  const commands = plainList(run?.command ?? "") ?? [];
  const kept = commands.filter((command) => !isRemovalOf(path, command));
  const isAll = kept.length > 0 && kept.length === commands.length - 1;
  const isTold = kept.some((command) => command.includes(path));
  return run !== undefined && isAll && isTold ? [...run.flags, kept.join(" && ")] : undefined;
}

/** `COPY --exclude` would do it too, but only as of Dockerfile 1.19. */
function leftOut(saving: Saving, line: number | undefined): string {
  const why =
    "by naming what is needed, or with `--exclude` and `# syntax=docker/dockerfile:1` (1.19 or newer)";
  return `Leave ${pathsInCode(saving)} out of what line ${line} copies, ${why}.`;
}
