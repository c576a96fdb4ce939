import type { Advice } from "../../model/image.ts";
import type { Advised } from "./advise.ts";

/** Part of what the Dockerfile adds that one file must be. */
const MOST_OF_IT = 0.5;

/** Bytes of the smallest file that is called large. */
const LARGE = 10_000_000;

/** One file that is most of what the Dockerfile adds to its base image. */
export function adviseLargeFile({ facts, layers }: Advised): readonly Advice[] {
  const own = layers.filter(({ origin }) => origin === "own");
  const added = own.reduce((sum, { unpacked }) => sum + unpacked, 0);
  const file = facts.biggestFiles.find(({ layer }) => layers[layer]?.origin === "own");
  const line = file && layers[file.layer]?.line;
  if (file === undefined || line === undefined) return [];
  if (file.bytes < LARGE || file.bytes < added * MOST_OF_IT) return [];
  const percent = Math.floor((100 * file.bytes) / added);
  return [
    {
      rule: "large-file",
      bytes: file.bytes,
      lines: [line],
      message: `${file.path} alone is ${percent}% of what this Dockerfile adds.`,
      instead: `mount ${file.path} when the container starts, or fetch it then`,
      paths: [file.path],
    },
  ];
}
