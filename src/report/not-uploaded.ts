import { formatFew } from "./format.ts";

/** Why a SARIF document does not tell the whole truth, in parts of a sentence. Hostile text. */
export interface WhyNotUploaded {
  /** `the stage base was not scanned`. */
  readonly what: string;
  /** What a tool says of it, of any length. */
  readonly said?: string;
  /** What would become of uploading it. */
  readonly otherwise?: string;
}

/** What is kept from code scanning for one reason. */
export interface NotUploaded {
  readonly categories: readonly string[];
  readonly why: WhyNotUploaded;
}

type Shorten = (text: string) => string;

/**
 * A sentence without its full stop, all that it has to say by itself included.
 * @param shorten what is not ours, where there is little room
 */
export function notUploadedSentence(
  { categories, why }: NotUploaded,
  shorten: Shorten = asItIs,
): string {
  const names = formatFew(categories.map(shorten), 3);
  return `Not uploaded to code scanning: ${names} (${whyWords(why, shorten)})`;
}

/** `the stage base was not scanned: no database; alerts that may still be true would be closed`. */
export function whyWords(
  { what, said, otherwise }: WhyNotUploaded,
  shorten: Shorten = asItIs,
): string {
  const reason = said === undefined ? shorten(what) : `${shorten(what)}: ${shorten(said)}`;
  return otherwise === undefined ? reason : `${reason}; ${otherwise}`;
}

function asItIs(text: string): string {
  return text;
}
