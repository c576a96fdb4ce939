// A Dockerfile with one more stage, which needs every other.

import type { Instruction, PlannedImage, Stage } from "../../model/plan.ts";
import { readDirectives } from "../../plan/directives.ts";
import { LineCursor } from "../../plan/lines.ts";

/** Name of that stage; it stands last, so it hides any other of the same name. */
export const ALL_STAGES = "weighbridge-all";

/**
 * How many stages one copies from: each copy is a layer, and BuildKit writes of each layer all below it
 * too, so that a hundred upon another would be five thousand.
 */
const MOST_COPIES = 8;

/**
 * The Dockerfile with one more stage, which needs these, be it by others between. Mounting needs a
 * stage's last layer itself, so that a cache gets it; copying needs only a part of its content, and is
 * what is left where no stage has a shell or a stage has no name.
 * @param nonce makes the last steps other than those of all other texts
 */
export function textOfAll(image: PlannedImage, needed: readonly Stage[], nonce = ""): string {
  const shell = image.stages.find(hasShell);
  const mounted = shell === undefined ? [] : needed.filter((stage) => nameOf(stage) !== "");
  const copied = needed.filter((stage) => !mounted.includes(stage));
  const mounts = mounted.map(
    (stage) => `--mount=from=${nameOf(stage)},target=/.weighbridge/${stage.index}`,
  );
  const between = stagesBetween(
    image.stages.length,
    copied.map(({ index }) => index),
    nonce,
  );
  return [
    closed(image.generatedText ?? image.text),
    ...between.texts,
    `FROM ${shell === undefined ? "scratch" : nameOf(shell)} AS ${ALL_STAGES}`,
    ...(mounts.length === 0 ? [] : [`RUN ${mounts.join(" ")} : ${nonce}`]),
    ...copiesFrom(between.needed, nonce),
    "",
  ].join("\n");
}

/** Stages without a name that copy from so many each, and by how few all are needed then. */
function stagesBetween(
  firstIndex: number,
  indices: readonly number[],
  nonce: string,
): { readonly texts: readonly string[]; readonly needed: readonly number[] } {
  const texts: string[] = [];
  let needed = indices;
  while (needed.length > MOST_COPIES) {
    const groups = Map.groupBy(needed.entries(), ([at]) => Math.floor(at / MOST_COPIES));
    needed = [...groups.values()].map((group) => {
      const sources = group.map(([, index]) => index);
      return (
        firstIndex + texts.push(["FROM scratch", ...copiesFrom(sources, nonce)].join("\n")) - 1
      );
    });
  }
  return { texts, needed };
}

function copiesFrom(indices: readonly number[], nonce: string): readonly string[] {
  if (indices.length === 0) return [];
  const copies = indices.map((index) => `COPY --from=${index} /.weighbridge-none-* /`);
  return [`WORKDIR /.weighbridge/${nonce}`, ...copies];
}

/** How other stages call it; empty where they cannot. */
function nameOf({ decision }: Stage): string {
  return decision.kind === "build" ? decision.target : "";
}

/** Whether a stage that has a name ran something in its shell. */
function hasShell(stage: Stage): boolean {
  const isInShell = ({ keyword, text }: Instruction): boolean =>
    keyword === "RUN" && !text.includes("[");
  return nameOf(stage) !== "" && stage.instructions.some(isInShell);
}

/**
 * The text without the mark at its end that would draw the next line into its last instruction, which
 * neither comments nor empty lines keep it from.
 */
function closed(text: string): string {
  const { escapeCharacter } = readDirectives(new LineCursor(text));
  const lines = text.split("\n");
  const last = lines.findLastIndex((line) => !/^\s*(?:#.*)?$/.test(line));
  const line = lines[last]?.trimEnd() ?? "";
  const isOpen = line.endsWith(escapeCharacter) && !line.endsWith(escapeCharacter.repeat(2));
  return isOpen ? lines.with(last, line.slice(0, -1)).join("\n") : text;
}
