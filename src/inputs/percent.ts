import { ok, type Parsed, problem } from "./parsed.ts";
import { quoted } from "./wording.ts";

/** Percent as a number: `70%` -> 70, `62.5 %` -> 62.5; from 0 to 100. */
export function parsePercent(text: string): Parsed<number> {
  const number = text.replace(/ ?%$/, "");
  const isInRange = /^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)$/.test(number);
  if (isInRange && text.endsWith("%")) return ok(Number(number));
  const meant = percentOfRatio(text) ?? number;
  const instead = isInRange || meant !== number ? `; did you mean ${meant}%?` : "";
  return problem(`${quoted(text)} is not a percentage from 0% to 100%, such as 70%${instead}`);
}

/** `0.95` -> `95`, `.075` -> `7.5`: by its digits, as 0.07 × 100 is not 7; undefined when it is no ratio. */
function percentOfRatio(text: string): string | undefined {
  const digits = /^0?\.(\d+)$/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const [whole, rest] = [digits.slice(0, 2).padEnd(2, "0"), digits.slice(2)];
  return String(Number(`${whole}.${rest}0`));
}
