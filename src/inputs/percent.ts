import { ok, type Parsed, problem } from "./parsed.ts";
import { quoted } from "./wording.ts";

/** Percent as a number: `70%` -> 70, `62.5 %` -> 62.5; from 0 to 100. */
export function parsePercent(text: string): Parsed<number> {
  const number = text.replace(/ ?%$/, "");
  const isInRange = /^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)$/.test(number);
  if (isInRange && text.endsWith("%")) return ok(Number(number));
  const instead = isInRange ? `; did you mean ${number}%?` : "";
  return problem(`${quoted(text)} is not a percentage from 0% to 100%, such as 70%${instead}`);
}
