import { linesOf } from "./lines.ts";

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;

/** Bytes of the longest field that is a name or a version. */
const LONGEST = 1000;

/**
 * The wanted fields of the first paragraph of `Field: value` lines, which Debian's control files,
 * apk's database, Python's metadata and Java's manifests are. Of a value over several lines the
 * first counts, of fields with one name the first too.
 */
export function fieldsOf<Field extends string>(
  paragraph: Buffer,
  wanted: readonly Field[],
  longest = LONGEST,
): Readonly<Partial<Record<Field, string>>> {
  const fields: Partial<Record<Field, string>> = {};
  for (const line of linesOf(paragraph)) {
    if (line.length === 0) break;
    if (line[0] === SPACE || line[0] === TAB) continue;
    const start = line.subarray(0, longest);
    const colon = start.indexOf(COLON);
    const name = start.toString("utf8", 0, Math.max(0, colon));
    const field = wanted.find((known) => known === name);
    if (field !== undefined) fields[field] ??= start.toString("utf8", colon + 1).trim();
  }
  return fields;
}
