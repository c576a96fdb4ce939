import type { Advice } from "../model/image.ts";
import type { ReportImage } from "../model/report.ts";
import { formatBytes } from "./format.ts";

/** Whether what is to be written is an instruction, to be copied as it is; else it is a sentence. */
export function isInstruction({ instead }: Pick<Advice, "instead">): boolean {
  return /^(?:ADD|COPY|ENV|RUN) /.test(instead);
}

/** A sentence as plain text, without the backticks around what is code in it. */
export function plainWords(sentence: string): string {
  return sentence.replaceAll(/`([^`]*)`/g, "$1");
}

/** What to write instead as plain text; an instruction as it is, whose backticks are its own. */
export function plainInstead(advice: Pick<Advice, "instead">): string {
  return isInstruction(advice) ? advice.instead : plainWords(advice.instead);
}

/** How large the build context is, beside advice on what it should not have; else nothing. */
export function contextSentence(
  shown: readonly Advice[],
  { contextBytes }: Pick<ReportImage, "contextBytes">,
): string {
  const isAsked = shown.some(({ rule }) => rule === "context");
  if (!isAsked || contextBytes === undefined) return "";
  return `${formatBytes(contextBytes)} of the build context were sent to the builder.`;
}
