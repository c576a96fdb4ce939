import { assertNever } from "../../errors.ts";
import type { Saving } from "../savings/saving.ts";
import { isRemovalOf, plainList, shellRun } from "./commands.ts";
import { contextSource, sourceAlone } from "./context-source.ts";
import { copySource } from "./copy-source.ts";
import { givesItsOwn, hasRunBetween, runsFrom } from "./instructions.ts";
import { inEarlierStage } from "./joined-runs.ts";
import { countUsers, mountedPlaces } from "./mounted-places.ts";
import { copiersInWords } from "./overlapping-copies.ts";
import { inCode, inMount, pathsInCode, type SavingLayers } from "./words.ts";

/** How files are had where they are needed. */
export interface MountedInstead {
  readonly instead: string;
  /** A line mounts them that is not written out: it must not delete them as well. */
  readonly isLeftOpen?: true;
}

/**
 * How files are had where they are needed without a layer that copies them, depending on where they
 * come from; undefined where the first layer copied nothing, or not what it could do without.
 */
export function mountedInstead(saving: Saving, about: SavingLayers): MountedInstead | undefined {
  const { first } = about;
  const source = copySource(first);
  switch (source) {
    case undefined:
      return undefined;
    case "context":
      return contextMounted(saving, about);
    case "address":
    case "repository":
      return stageMounted("Use ADD in a stage of its own, and mount it", saving, about);
    case "archive":
      return {
        instead: `Use ADD in an earlier stage, and ${inCode("COPY --from")} that only what is needed.`,
      };
    case "image":
      return fromImage(saving, about);
    default:
      return assertNever(source);
  }
}

/** What a line uses before it goes cannot be left out. */
function fromImage(saving: Saving, about: SavingLayers): MountedInstead {
  const used = countUsers(about) > 0 ? inStage(about) : undefined;
  return used ?? { instead: leftOut(saving, about) };
}

/** By a mount of the build context, as far as that has the files as they are copied. */
function contextMounted(saving: Saving, about: SavingLayers): MountedInstead | undefined {
  const { first } = about;
  if (givesItsOwn(first)) {
    const owner = /\s--chown=[^\d\s]/.test(first.instruction ?? "")
      ? ", with owners by number"
      : "";
    return stageMounted(`Copy it in a stage of its own${owner}, and mount it`, saving, about);
  }
  const isSeveral = saving.files > 1;
  // What one line has written there, another one would not find.
  if (countUsers(about) > 1 && (isSeveral || writable(about) !== "")) return inStage(about);
  return isSeveral ? severalMounted(saving, about) : oneMounted(saving, about);
}

/** What is needed is made in another stage; undefined where nothing is known to be made of it. */
function inStage({ first, later }: SavingLayers): MountedInstead | undefined {
  if (first === later) return undefined;
  return { instead: inEarlierStage(first.line, later.line) };
}

/** By a mount of a stage that copies it, which keeps owners and modes. */
function stageMounted(
  how: string,
  saving: Saving,
  about: SavingLayers,
): MountedInstead | undefined {
  const [path = ""] = saving.paths;
  if (saving.files === 1) {
    const target = inMount(path);
    const mount = `RUN --mount=type=bind,from=…,source=${target},target=${target}${writable(about)} …`;
    return { instead: `${how} where it is needed: ${inCode(mount)}.`, isLeftOpen: true };
  }
  const [place, ...others] = mountedPlaces(saving, about) ?? [];
  if (place === undefined || others.length > 0) return inStage(about);
  const target = inMount(place.target);
  const mount = `RUN --mount=type=bind,from=…,source=${target},target=${target},rw …`;
  return { instead: `${how} where it is needed: ${inCode(mount)}.`, isLeftOpen: true };
}

/** Folders may be written to by whatever is run in them; what is written then is lost. */
function severalMounted(saving: Saving, about: SavingLayers): MountedInstead | undefined {
  const places = mountedPlaces(saving, about);
  if (places === undefined || places.length === 0) return inStage(about);
  const mounts = places.map(({ source, target }) => {
    return `--mount=type=bind,source=${inMount(source ?? "…")},target=${inMount(target)},rw`;
  });
  const [it, is] = places.length > 1 ? ["them", "they are"] : ["it", "it is"];
  const mount = inCode(`RUN ${mounts.join(" ")} …`);
  return { instead: `Mount ${it} where ${is} needed: ${mount}.`, isLeftOpen: true };
}

/** Without its source, all of the build context would be mounted there. */
function oneMounted(saving: Saving, about: SavingLayers): MountedInstead {
  const { first, later } = about;
  const [path = ""] = saving.paths;
  const alone = sourceAlone(path, about);
  const source = alone ?? contextSource(path, about);
  const place = `source=${inMount(source ?? "…")},target=${inMount(path)}`;
  const mount = `--mount=type=bind,${place}${writable(about)}`;
  const isNext = alone !== undefined && !hasRunBetween(about);
  const using = isNext ? withoutDeleting(path, about) : undefined;
  if (using !== undefined && !mount.includes("…")) {
    const run = inCode(["RUN", mount, ...using].join(" "));
    return { instead: `Write ${run} instead of lines ${first.line} and ${later.line}.` };
  }
  return {
    instead: `Mount it where it is needed: ${inCode(`RUN ${mount} …`)}.`,
    isLeftOpen: true,
  };
}

/**
 * What is mounted can only be read, if it is not said otherwise; what is written to it then is lost.
 * https://docs.docker.com/reference/dockerfile/#run---mounttypebind
 */
function writable(about: SavingLayers): string {
  return runsFrom(about).some((text) => WRITES.test(text)) ? ",rw" : "";
}

/** What changes files that are there, or their owners and modes. Options are bounded, as time is. */
const WRITES =
  /\b(?:chmod|chown|chgrp|touch|setfacl|patch|dos2unix)\b|\bsed\s(?:[^&|;]{0,500}\s)?(?:-[A-Za-z]*i|--in-place)/;

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
function leftOut(saving: Saving, about: SavingLayers): string {
  const why =
    "by naming what is needed, or with `--exclude` and `# syntax=docker/dockerfile:1` (1.19 or newer)";
  return `Leave ${pathsInCode(saving)} out of what ${copiersInWords(saving, about)}, ${why}.`;
}
