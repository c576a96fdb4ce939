/** A value as JSON for people and programs: two spaces, one line feed at the end. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2).replace(STEERING, escaped)}\n`;
}

/**
 * What a terminal or an editor obeys instead of showing it. Between the values of JSON there is
 * none but the line feed.
 */
const STEERING = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

function escaped(character: string): string {
  const units = character.split("").map((unit) => unit.charCodeAt(0));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
