import { shortLine } from "../visible.ts";

/** Characters of a description; GitHub cuts off what is beyond. */
export const DESCRIPTION_LENGTH = 1_024;

/** Characters of the id and the name of a rule. */
export const NAME_LENGTH = 255;

/**
 * Somebody else's text in a plain text message: on one line, no longer than the field, and without
 * the two things that SARIF reads in it, links `[text](1)` and placeholders `{0}` (sections 3.11.5
 * and 3.11.6 of https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
 */
export function plainText(text: string, length = DESCRIPTION_LENGTH): string {
  return shortLine(text, length)
    .replaceAll("](", "] (")
    .replace(/\{(?=\d)/g, "{ ");
}

/** With a full stop at its end, unless it has one. */
export function sentenceOf(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
