// A Dockerfile with one more stage, which needs every other.

import type { Instruction, PlannedImage, Stage } from "../../model/plan.ts";
import { readDirectives } from "../../plan/directives.ts";
import { LineCursor } from "../../plan/lines.ts";

/** Name of that stage; it stands last, so it hides any other of the same name. */
export const ALL_STAGES = "weighbridge-all";

/**
 * The Dockerfile with one more stage, which needs these. Mounting needs a stage's last layer itself,
 * so that a cache gets it; copying needs only a part of its content, and is what is left where no
 * stage has a shell or a stage has no name.
 * @param nonce makes the last steps other than those of all other texts
 */
export function textOfAll(image: PlannedImage, needed: readonly Stage[], nonce = ""): string {
  const shell = image.stages.find(hasShell);
  const mounted = shell === undefined ? [] : needed.filter((stage) => nameOf(stage) !== "");
  const copied = needed.filter((stage) => !mounted.includes(stage));
  const mounts = mounted.map(
    (stage) => `--mount=from=${nameOf(stage)},target=/.weighbridge/${stage.index}`,
  );
  return [
    closed(image.generatedText ?? image.text),
    `FROM ${shell === undefined ? "scratch" : nameOf(shell)} AS ${ALL_STAGES}`,
    ...(mounts.length === 0 ? [] : [`RUN ${mounts.join(" ")} : ${nonce}`]),
    ...(copied.length === 0 ? [] : [`WORKDIR /.weighbridge/${nonce}`]),
    ...copied.map(({ index }) => `COPY --from=${index} /.weighbridge-none-* /`),
    "",
  ].join("\n");
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
