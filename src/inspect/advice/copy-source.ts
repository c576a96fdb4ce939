import type { Layer } from "../../model/image.ts";
import type { Stage } from "../../model/plan.ts";
import type { Saving } from "../savings/saving.ts";
import { isCopy, type Line } from "./instructions.ts";
import type { SavingLayers } from "./words.ts";

/**
 * Where what was copied comes from: files of the build context, another stage or image, a file at an
 * address, the folders of a Git repository, or an archive that was unpacked on the way.
 */
export type CopySource = "context" | "image" | "address" | "repository" | "archive";

const ADDRESS = /^https?:\/\//;
/** https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository */
const REPOSITORY = /^(?:ssh:\/\/|git:\/\/|[\w.-]+@[\w.-]+:|https?:\/\/[^?#]+\.git\/?(?:[?#]|$))/;
const ARCHIVE = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst)$/i;

/**
 * Where the files of a layer were copied from; undefined where nothing was copied. `ADD` unpacks
 * local archives and keeps fetched ones as they are, unless it is told otherwise.
 * https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives
 */
export function copySource(layer: Line): CopySource | undefined {
  const { instruction = "" } = layer;
  if (!isCopy(layer)) return undefined;
  if (/\s--from=/.test(instruction)) return "image";
  if (!/^ADD\s/i.test(instruction)) return "context";
  if (/\s--unpack(?:=true)?\s/.test(instruction)) return "archive";
  const sources = sourcesOf(instruction);
  if (sources.some((source) => REPOSITORY.test(source))) return "repository";
  if (sources.some((source) => ADDRESS.test(source))) return "address";
  if (/\s--unpack=false\s/.test(instruction)) return "context";
  // What a variable or a pattern stands for may be an archive too.
  return sources.some((source) => ARCHIVE.test(source) || /[$*?]/.test(source))
    ? "archive"
    : "context";
}

/** All but the last word, which is where they go. */
export function sourcesOf(instruction: string): readonly string[] {
  return argumentsOf(instruction).slice(0, -1);
}

/** What a copy has behind its flags, in either of its forms. */
export function argumentsOf(instruction: string): readonly string[] {
  const words = instruction.split(/[\s,[\]"]+/).filter((word) => word !== "");
  return words.slice(1).filter((word) => !word.startsWith("--"));
}

/** The stage that a layer was copied from; undefined where it was not, or from another image. */
export function stageCopiedFrom<Named extends Pick<Stage, "name" | "index">>(
  { instruction = "" }: Pick<Layer, "instruction">,
  stages: readonly Named[],
): Named | undefined {
  const [, from] = /^COPY\s(?:.*\s)?--from=["']?([^\s"']+)/is.exec(instruction) ?? [];
  if (from === undefined) return undefined;
  const name = from.toLowerCase();
  return stages.findLast(
    (stage) => stage.name.toLowerCase() === name || String(stage.index) === name,
  );
}

/** Folders that package managers fill, and what has them do so. */
const INSTALLS_PYTHON = /\b(?:pip3?|uv|poetry|pipenv|pdm)\s+(?:install|sync)\b/;
const INSTALLED: Readonly<Record<string, RegExp>> = {
  node_modules: /\b(?:npm|pnpm|yarn|bun)\s+(?:ci|i|install|add)\b|\byarn\s*(?:$|&&|--)/,
  ".venv": INSTALLS_PYTHON,
  venv: INSTALLS_PYTHON,
};

/** Whether a folder is one that a package manager fills, by its name. */
export function isInstalledFolder(name: string): boolean {
  return Object.hasOwn(INSTALLED, name);
}

/**
 * Whether the image would have a folder of packages without the build context: a line installs it, or
 * copies it from a stage that does.
 */
export function isInstalledHere(name: string, { chain }: Pick<SavingLayers, "chain">): boolean {
  const installs = INSTALLED[name];
  return chain.some(({ keyword, text }) => {
    if (keyword === "RUN") return installs?.test(text) === true;
    return keyword === "COPY" && /\s--from=/.test(text) && text.includes(name);
  });
}

/** The folder of packages that all of what is told of is in, if a line fills it too. */
export function installedFolder({ paths }: Saving, about: SavingLayers): string | undefined {
  const names = Object.keys(INSTALLED).filter((name) => isInstalledHere(name, about));
  return names.find((name) => paths.every((path) => path.includes(`/${name}/`)));
}
