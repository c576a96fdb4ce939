import type { Layer } from "../../model/image.ts";
import { isCopy } from "./instructions.ts";

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
export function copySource(layer: Layer): CopySource | undefined {
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
function sourcesOf(instruction: string): readonly string[] {
  const words = instruction.split(/[\s,[\]"]+/).filter((word) => word !== "");
  return words.slice(1, -1).filter((word) => !word.startsWith("--"));
}
