import { ok, type Parsed, problem } from "./parsed.ts";
import { quoted } from "./wording.ts";

/** Percent as a number: `70%` -> 70, `62.5 %` -> 62.5; from 0 to 100. */
export function parsePercent(text: string): Parsed<number> {
  const [, number = "", sign = ""] = /^(\d+(?:\.\d+)?) ?(%?)$/.exec(text) ?? [];
  const percent = Number(number);
  const isPercent = number !== "" && percent <= 100;
  if (isPercent && sign !== "") return ok(percent);
  const instead = isPercent ? `; did you mean ${number}%?` : "";
  return problem(`${quoted(text)} is not a percentage from 0% to 100%, such as 70%${instead}`);
}
