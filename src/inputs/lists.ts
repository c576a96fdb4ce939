import { parse } from "csv-parse/sync";
import { ok, type Parsed, problem } from "./parsed.ts";

/**
 * Items of a list input, one a line: `a=1,2` is one item. An item in double quotes may hold line
 * breaks, and double quotes written twice. As docker/build-push-action reads its lists:
 * https://github.com/docker/actions-toolkit/blob/main/src/util.ts
 */
export function splitLines(text: string): Parsed<readonly string[]> {
  return split(text, (fields) => [fields.join(",")]);
}

/** Items of a list input, separated by lines or commas. */
export function splitWords(text: string): Parsed<readonly string[]> {
  return split(text, (fields) => (fields.length === 1 ? (fields[0] ?? "").split(",") : fields));
}

function split(
  text: string,
  itemsOf: (fields: readonly string[]) => readonly string[],
): Parsed<readonly string[]> {
  let records: string[][];
  try {
    records = parse(text, { relaxQuotes: true, relaxColumnCount: true, skipEmptyLines: true });
  } catch {
    // The parser's own words quote the text, which may be a secret.
    return problem("has a double quote that opens an item and is not closed");
  }
  const items = records.flatMap(itemsOf).map((item) => item.trim());
  return ok(items.filter((item) => item !== ""));
}
