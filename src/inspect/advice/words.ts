import type { Advice, Layer } from "../../model/image.ts";
import type { Instruction, PlannedImage } from "../../model/plan.ts";
import type { Saving } from "../savings/saving.ts";

/** The layers that a saving is about. */
export interface SavingLayers {
  /** The one that wrote the bytes. */
  readonly first: Layer;
  /** Those that did to them what the last one did too, before it. */
  readonly between: readonly Layer[];
  /** Others between, that wrote some of the bytes once more, but did not do what the last one did. */
  readonly others: readonly Layer[];
  /** The one that made them dead, or wrote them once more; else the same. An own one, with a line. */
  readonly later: Layer;
  /** Bytes of all own layers. */
  readonly added: number;
  /** Whether it is about the stage that a build without a target makes. */
  readonly isLast: boolean;
  /** All layers of the image, lowest first. */
  readonly layers: readonly Layer[];
  /** All that made the image. */
  readonly chain: readonly Instruction[];
  /** Path and stages of the Dockerfile. Hostile text. */
  readonly image: Pick<PlannedImage, "dockerfile" | "stages" | "ignoreRules">;
  /** The frontend that the Dockerfile asks for; absent: the builder's own, of whatever version. */
  readonly syntax?: string;
}

/**
 * Advice in words. What is wrong, in sentences; what to write instead, as it is to be written or in a
 * sentence, in which code stands between backticks. Hostile text in both.
 */
export interface AdviceWords extends Pick<Advice, "message" | "instead"> {
  /** The flag that the line has in `instead`, where that is all that is new: it may have several. */
  readonly mount?: string;
  /** The line as it is in `instead`, where nothing but its words is new: it may have mounts too. */
  readonly written?: string;
  /** The line that wrote the bytes stays as it is: only what is done to them later is written otherwise. */
  readonly leavesFirst?: true;
}

/** Finds words for a saving; none where no line of the Dockerfile could be written otherwise. */
export type AdviceWriter = (saving: Saving, about: SavingLayers) => AdviceWords | undefined;

/** Who wrote what a layer has, in the middle of a sentence. */
export function madeBy({ line, origin }: Layer): string {
  if (origin === "base") return "the base image";
  return line === undefined ? "an earlier layer" : `line ${line}`;
}

/** Text as code in a sentence. What has backticks itself could end it too soon. */
export function inCode(text: string): string {
  return text.includes("`") || text.trim() === "" ? text : `\`${text}\``;
}

/** The largest path that a saving is about, and how many more there are. */
export function pathsInCode({ paths, files }: Saving): string {
  const [path = ""] = paths;
  return files > 1 ? `${inCode(path)} and ${files - 1} more` : inCode(path);
}

/** `a`, `a and b`, or `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${last}` : last;
}

/** `line 3`, or `lines 3 and 4`. */
export function linesInWords(layers: readonly Pick<Layer, "line">[]): string {
  const lines = layers.flatMap(({ line }) => (line === undefined ? [] : [String(line)]));
  return `${lines.length > 1 ? "lines" : "line"} ${listed(lines)}`;
}

/** With a capital, as a sentence begins. */
export function capital(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** Whether a mount can be given a path: no list of options has it end too soon, no variable is in it. */
export function isMountable(path: string): boolean {
  return /^[\p{L}\p{N}_@%+=:./~-]+$/u.test(path);
}

/** A path as it stands in the options of a mount; left open where it cannot. */
export function inMount(path: string): string {
  return isMountable(path) ? path : "…";
}
