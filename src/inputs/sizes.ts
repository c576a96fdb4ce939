import { ok, type Parsed, problem } from "./parsed.ts";
import { choiceOf, quoted } from "./wording.ts";

/** Bytes in each unit that is understood: SI, and the binary ones of IEC 80000-13. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["kB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
  ["TiB", 2 ** 40],
]);

const ALLOWED = `a size is a number and ${choiceOf([...UNITS.keys()])}, such as 150MB`;

/**
 * Bytes of a size: `150MB` -> 150000000, `1.5 GiB` -> 1610612736, `1024` -> 1024. Units are exact:
 * `Mb` is megabits, and a goal must not be eight times what was meant.
 */
export function parseSize(text: string): Parsed<number> {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)(?: ?([A-Za-z]+))?$/.exec(text) ?? [];
  if (number === "") return problem(`${quoted(text)} is not a size; ${ALLOWED}`);
  const factor = unit === "" ? 1 : UNITS.get(unit);
  if (factor === undefined) return problem(wrongUnit(text, number, unit));
  if (factor === 1 && number.includes(".")) {
    return problem(`${quoted(text)} is not a whole number of bytes; ${ALLOWED}`);
  }
  const bytes = Math.round(Number(number) * factor);
  if (!Number.isSafeInteger(bytes)) return problem(`${quoted(text)} is too large for a size`);
  return ok(bytes);
}

/** So few bytes are no image: a size without a unit that is smaller was meant in megabytes, most likely. */
const FEWEST_BYTES = 1_000_000;

/** The size of a goal. Bytes without a unit are understood where they cannot be a slip. */
export function parseGoalSize(text: string): Parsed<number> {
  const size = parseSize(text);
  const isBare = /^\d+$/.test(text);
  if (size.kind === "problem" || !isBare || size.value === 0) return size;
  if (size.value >= FEWEST_BYTES) return size;
  return problem(`${text} has no unit; write ${text}MB, or ${text}B if it is bytes`);
}

/** The same with units in any case, and without their `B`, as other tools take them: `20mb`, `5M`. */
export function parseSizeInAnyCase(text: string): Parsed<number> {
  const written = /^(\d+(?:\.\d+)?) *([A-Za-z]+)$/.exec(text);
  const meant = written?.[2] && unitMeantBy(written[2]);
  return parseSize(meant ? `${written[1]}${meant}` : text);
}

function wrongUnit(text: string, number: string, unit: string): string {
  const bits = /^[kKmMgGtT]?i?b(its?)?$/.test(unit) && unit !== unit.toLowerCase();
  const why = bits ? `${unit} means bits, not bytes` : `${quoted(unit)} is not a unit`;
  const meant = unitMeantBy(unit);
  const instead = meant === undefined ? "" : `; did you mean ${number}${meant}?`;
  return `${quoted(text)} is not a size: ${why}; ${ALLOWED}${instead}`;
}

/** `mb`, `Mb`, `M` -> `MB`; `mib`, `Mi` -> `MiB`. */
function unitMeantBy(unit: string): string | undefined {
  const spellings = (name: string) => [name, name.slice(0, -1)].map((word) => word.toLowerCase());
  return [...UNITS.keys()].find((name) => spellings(name).includes(unit.toLowerCase()));
}
