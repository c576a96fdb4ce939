import type { Advice } from "../../model/image.ts";
import { chainOf } from "../../plan/chain.ts";
import type { Advised } from "./advise.ts";

/** Part of what the Dockerfile adds that one file must be. */
const MOST_OF_IT = 0.5;

/** Bytes of the smallest file that is called large. */
const LARGE = 10_000_000;

/** Folders of programs and libraries, which have to be there before anything is started. */
const PROGRAMS = /\/(?:s?bin|lib(?:32|64|exec)?|site-packages|dist-packages|node_modules)\//;

/** One file that is most of what the Dockerfile adds to its base image, and can come later. */
export function adviseLargeFile(advised: Advised): readonly Advice[] {
  const { facts, layers } = advised;
  const own = layers.filter(({ origin }) => origin === "own");
  const added = own.reduce((sum, { unpacked }) => sum + unpacked, 0);
  const file = facts.biggestFiles.find(({ layer }) => layers[layer]?.origin === "own");
  const line = file && layers[file.layer]?.line;
  if (file === undefined || line === undefined) return [];
  if (file.bytes < LARGE || file.bytes < added * MOST_OF_IT) return [];
  if (PROGRAMS.test(file.path) || isStarted(file.path, advised)) return [];
  // What can be spared altogether need not be fetched either.
  if (facts.savings.some(({ paths }) => paths.includes(file.path))) return [];
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

/** Whether an image is there to run a file: an instruction that says what is started names it. */
function isStarted(path: string, { image, stage }: Advised): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const instructions = chainOf(image.stages, stage.index).flatMap((each) => each.instructions);
  return instructions.some(
    ({ keyword, text }) => ["CMD", "ENTRYPOINT"].includes(keyword) && text.includes(name),
  );
}
