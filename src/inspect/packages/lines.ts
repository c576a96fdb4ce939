const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;

/** Bytes of the longest field value that is a name or a version. */
const LONGEST_VALUE = 1000;

/** Lines of a text without their ends. Views. */
export function* linesOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length; ) {
    const feed = content.indexOf(LINE_FEED, start);
    const end = feed === -1 ? content.length : feed;
    const hasReturn = end > start && content[end - 1] === CARRIAGE_RETURN;
    yield content.subarray(start, hasReturn ? end - 1 : end);
    start = end + 1;
  }
}

/**
 * Paragraphs of `Field: value` lines, apart by empty lines, as Debian's control files, Python's
 * metadata and Java's manifests have them; of each the wanted fields. Only the first line of a
 * value counts, and only the first of two fields of one name.
 */
export function* paragraphsOf<Field extends string>(
  content: Buffer,
  wanted: readonly Field[],
): Generator<Readonly<Partial<Record<Field, string>>>> {
  let fields: Partial<Record<Field, string>> = {};
  let isEmpty = true;
  for (const line of linesOf(content)) {
    if (line.length === 0) {
      if (!isEmpty) yield fields;
      fields = {};
      isEmpty = true;
      continue;
    }
    isEmpty = false;
    if (line[0] === SPACE || line[0] === TAB) continue;
    const colon = line.subarray(0, LONGEST_VALUE).indexOf(COLON);
    if (colon === -1) continue;
    const name = line.toString("utf8", 0, colon);
    const field = wanted.find((known) => known === name);
    if (field === undefined) continue;
    fields[field] ??= line.toString("utf8", colon + 1, colon + 1 + LONGEST_VALUE).trim();
  }
  if (!isEmpty) yield fields;
}
