import type { ResolvedStage } from "./graph.ts";
import { joinedText, type LogicalLine } from "./lines.ts";

/** How every stage of a Dockerfile is addressed. */
export interface Addresses {
  /** By index: what `--target` is given; empty for the last stage, where it has no name. */
  readonly targets: readonly string[];
  /** Text to build instead of the Dockerfile; undefined when it can stay as it is. */
  readonly generatedText: string | undefined;
}

/** A part of the text to be replaced. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/**
 * Gives wanted stages a name where `--target` cannot address them: those without one that are not the
 * last, and those whose name a later stage has too. BuildKit takes no number there
 * (https://github.com/moby/buildkit/issues/1503), and of several stages of a name only the last.
 *
 * The name is added to the stage's `FROM` on its own line, so that all line numbers stay. A hidden
 * name is replaced, and with it the `FROM`s that stand on that stage: only they can mean it, because
 * `COPY --from` and `RUN --mount` always mean the last stage of a name.
 */
export function addressStages(
  text: string,
  stages: readonly ResolvedStage[],
  wanted: ReadonlySet<number>,
): Addresses {
  const lastByName = new Map(stages.map((stage, index) => [nameOf(stage), index]));
  const generated = new Map<number, string>();
  const taken = new Set(text.toLowerCase().match(/weighbridge-stage-[a-z0-9_.-]*/g));
  const targets = stages.map((stage, index) => {
    const name = nameOf(stage);
    const isLast = index === stages.length - 1;
    if (isLast || (name !== "" && lastByName.get(name) === index)) return name;
    if (wanted.has(index)) generated.set(index, freeName(index, taken));
    return generated.get(index) ?? name;
  });
  if (generated.size === 0) return { targets, generatedText: undefined };
  const edits = stages.flatMap((stage, index) => editsOf(stage, generated.get(index), generated));
  return { targets, generatedText: applyEdits(text, edits) };
}

function nameOf({ parsed }: ResolvedStage): string {
  return parsed.name?.toLowerCase() ?? "";
}

/** A Dockerfile may have stages of our names already, or name such images. */
function freeName(index: number, taken: ReadonlySet<string>): string {
  const name = `weighbridge-stage-${index}`;
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}-${count}`;
  return free;
}

function editsOf(
  { parsed, base }: ResolvedStage,
  name: string | undefined,
  generated: ReadonlyMap<number, string>,
): readonly Edit[] {
  const { source } = parsed.instructions[0];
  const line = joinedText(source).trimEnd();
  const baseName = base.kind === "stage" ? generated.get(base.index) : undefined;
  const words = [...line.matchAll(/[^\t\v\f\r ]+/g)];
  const baseWord = words.at(parsed.name === undefined ? -1 : -3);
  const edits: Edit[] = [];
  if (baseName !== undefined && baseWord !== undefined) {
    edits.push(...replacement(source, baseWord.index, baseWord[0].length, baseName));
  }
  if (name === undefined) return edits;
  const alias = words.at(-1);
  if (parsed.name === undefined) edits.push(...insertion(source, line.length, ` AS ${name}`));
  else if (alias !== undefined) {
    edits.push(...replacement(source, alias.index, alias[0].length, name));
  }
  return edits;
}

/** Replaces a part of a logical line, which may be spread over several lines of the file. */
function replacement(
  line: LogicalLine,
  start: number,
  length: number,
  by: string,
): readonly Edit[] {
  const edits: Edit[] = [];
  let position = 0;
  for (const piece of line.pieces) {
    const from = Math.max(start - position, 0);
    const to = Math.min(start + length - position, piece.text.length);
    if (from < to) {
      const isFirst = edits.length === 0;
      edits.push({ start: piece.offset + from, end: piece.offset + to, by: isFirst ? by : "" });
    }
    position += piece.text.length;
  }
  return edits;
}

/** Inserts behind the character before a position of a logical line. */
function insertion(line: LogicalLine, at: number, by: string): readonly Edit[] {
  let position = 0;
  for (const piece of line.pieces) {
    const offset = at - position;
    if (offset <= piece.text.length) {
      return [{ start: piece.offset + offset, end: piece.offset + offset, by }];
    }
    position += piece.text.length;
  }
  return [];
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let position = 0;
  for (const edit of edits.toSorted((one, other) => one.start - other.start)) {
    result += text.slice(position, edit.start) + edit.by;
    position = edit.end;
  }
  return result + text.slice(position);
}
