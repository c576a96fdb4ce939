import { posix } from "node:path";
import { argumentsOf } from "./copy-source.ts";
import type { Line } from "./instructions.ts";
import { isCopiedAlone, nameOf } from "./needed.ts";
import type { SavingLayers } from "./words.ts";

/** A line that copies, and all that made the image of its stage. */
export interface CopyIn extends Pick<SavingLayers, "chain"> {
  readonly first: Line;
}

/**
 * Where in the build context a file is that a line copies out of it, from its root; undefined where
 * that cannot be told: of patterns and variables, or where the last folder is not known.
 */
export function contextSource(path: string, { first, chain }: CopyIn): string | undefined {
  const { instruction = "" } = first;
  const target = copyTarget({ first, chain });
  // In quotes there may be anything.
  if (target === undefined || /\s--parents\b|["',\\<]/.test(instruction)) return undefined;
  const sources = argumentsOf(instruction).slice(0, -1);
  if (sources.some((source) => /[$*?[]/.test(source))) return undefined;
  const [source = "", ...others] = sources.map((each) => posix.join("/", each).slice(1));
  const inside = posix.relative(target, path);
  if (inside.startsWith("../")) return undefined;
  if (others.length > 0) return onlyOne([source, ...others], inside);
  // What is in a folder is copied, rather than the folder.
  const isFile = inside === "" || inside === nameOf(source);
  return isFile ? source : posix.join(source, inside);
}

/** The source of a file that a line copies by its own name, rather than in a folder or by a pattern. */
export function sourceAlone(
  path: string,
  about: Pick<SavingLayers, "first" | "chain">,
): string | undefined {
  const alone = isCopiedAlone(path, about.first.instruction ?? "");
  const source = contextSource(path, about);
  return source === undefined || source === alone ? alone : undefined;
}

/** Of several that are copied into one folder, those that are folders are not told apart. */
function onlyOne(sources: readonly string[], name: string): string | undefined {
  const [found, ...others] = sources.filter((source) => nameOf(source) === name);
  return others.length === 0 ? found : undefined;
}

/** Where a line copies to; undefined where that is not known, such as from variables. */
export function copyTarget({ first, chain }: CopyIn): string | undefined {
  const { instruction = "" } = first;
  return pathFrom(argumentsOf(instruction).at(-1) ?? "", { first, chain });
}

/** The folder that a line is run in, or `/` where that is not known: most base images have no other. */
export function workingFolder(copy: CopyIn): string {
  return pathFrom(".", copy) ?? "/";
}

/** A path as a line means it; undefined where that is not known. */
function pathFrom(given: string, { first: { line = 0 }, chain }: CopyIn): string | undefined {
  const folders = chain
    .filter(({ keyword, lines }) => keyword === "WORKDIR" && lines.start < line)
    .toSorted((one, other) => one.lines.start - other.lines.start)
    .map(({ text }) => text.replace(/^\S+\s+/, "").trim());
  // A base image has a folder of its own to begin with.
  const unknown: string | undefined = undefined;
  const path = [...folders, given].reduce((folder: string | undefined, next) => {
    if (next.startsWith("/")) return next;
    return folder === undefined ? undefined : `${folder}/${next}`;
  }, unknown);
  return path === undefined || /["'$\\]/.test(path) ? undefined : posix.resolve(path);
}
