// Wildcards as `${name#pattern}` knows them: `?` is one character, `*` any number of them. Both
// work without backtracking, so that no pattern of a hostile Dockerfile can keep us busy.

/** Runs of characters between the stars; `undefined` in a run is a `?`. */
type Pattern = readonly (readonly (string | undefined)[])[];

type Characters = readonly string[];

/** How `${name/pattern/replacement}` replaces. */
export interface Replacement {
  readonly pattern: string;
  readonly by: string;
  readonly everywhere: boolean;
}

/** Value without what the pattern matches at its start; undefined when it is no pattern. */
export function withoutPrefix(value: string, text: string, longest: boolean): string | undefined {
  const pattern = parsePattern(text);
  if (pattern === undefined) return undefined;
  const characters = [...value];
  return characters.slice(anchoredEnd(pattern, characters, longest)).join("");
}

/** Value without what the pattern matches at its end; undefined when it is no pattern. */
export function withoutSuffix(value: string, text: string, longest: boolean): string | undefined {
  const pattern = parsePattern(text);
  if (pattern === undefined) return undefined;
  // Read backwards, the end is a start.
  const backwards = pattern.map((run) => run.toReversed()).toReversed();
  const characters = [...value].reverse();
  return characters
    .slice(anchoredEnd(backwards, characters, longest))
    .reverse()
    .join("");
}

/** Value with the leftmost longest match replaced, or all of them; undefined when it is no pattern. */
export function replaced(value: string, { pattern: text, by, everywhere }: Replacement) {
  const pattern = parsePattern(text);
  if (pattern === undefined) return undefined;
  const characters = [...value];
  let result = "";
  let position = 0;
  let emptyAllowed = true;
  for (;;) {
    const match = matchFrom(pattern, characters, position);
    if (match === undefined) break;
    result += characters.slice(position, match.start).join("");
    const isEmpty = match.start === match.end;
    // An empty match right behind the last one is the same place again.
    if (!isEmpty || emptyAllowed) result += by;
    if (isEmpty) result += characters[match.end] ?? "";
    position = isEmpty ? match.end + 1 : match.end;
    emptyAllowed = isEmpty;
    if (!everywhere || position > characters.length) break;
  }
  return result + characters.slice(position).join("");
}

function parsePattern(text: string): Pattern | undefined {
  const runs: (string | undefined)[][] = [[]];
  const characters = [...text];
  for (let position = 0; position < characters.length; position += 1) {
    let character = characters[position];
    if (character === "*") {
      runs.push([]);
      continue;
    }
    const isAny = character === "?";
    if (character === "\\") {
      position += 1;
      character = characters[position];
      if (character === undefined || !"*?\\}/".includes(character)) return undefined;
    }
    runs.at(-1)?.push(isAny ? undefined : character);
  }
  return runs;
}

/** Where the shortest or longest match that begins at 0 ends; 0 when there is none. */
function anchoredEnd(pattern: Pattern, value: Characters, longest: boolean): number {
  const first = pattern[0] ?? [];
  return fits(first, value, 0) ? (endOf(pattern, value, first.length, longest) ?? 0) : 0;
}

function matchFrom(pattern: Pattern, value: Characters, from: number) {
  const first = pattern[0] ?? [];
  const start = findRun(first, value, from);
  if (start === undefined) return undefined;
  // What does not fit behind the first place fits behind no later one.
  const end = endOf(pattern, value, start + first.length, true);
  return end === undefined ? undefined : { start, end };
}

/** Where the runs behind the first star end, each at its first place, the last where it is asked. */
function endOf(pattern: Pattern, value: Characters, from: number, longest: boolean) {
  let end = from;
  for (const [index, run] of pattern.entries()) {
    if (index === 0) continue;
    const isLast = index === pattern.length - 1;
    const start = isLast && longest ? findLastRun(run, value, end) : findRun(run, value, end);
    if (start === undefined) return undefined;
    end = start + run.length;
  }
  return end;
}

function findRun(run: Pattern[number], value: Characters, from: number): number | undefined {
  for (let start = from; start + run.length <= value.length; start += 1) {
    if (fits(run, value, start)) return start;
  }
  return undefined;
}

function findLastRun(run: Pattern[number], value: Characters, from: number): number | undefined {
  for (let start = value.length - run.length; start >= from; start -= 1) {
    if (fits(run, value, start)) return start;
  }
  return undefined;
}

function fits(run: Pattern[number], value: Characters, start: number): boolean {
  return (
    start + run.length <= value.length &&
    run.every((character, index) => character === undefined || character === value[start + index])
  );
}
