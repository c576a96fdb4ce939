import { stripVTControlCharacters } from "node:util";

/** What begins a command to a terminal that any text may be in, and what ends it. */
const OPENING = "\x1b]";
const ENDINGS = ["\x07", "\x1b\\", "\x9c"];

/**
 * Text without commands to terminals. Node looks for the end of each up to that of the text: behind
 * the last end that there is, it is not asked to, or many openings would take it forever.
 */
export function withoutCommands(text: string): string {
  const ends = ENDINGS.map((ending) => {
    const at = text.lastIndexOf(ending);
    return at === -1 ? 0 : at + ending.length;
  });
  const end = Math.max(...ends);
  const open = text.slice(end).split(OPENING).map(stripVTControlCharacters);
  return `${stripVTControlCharacters(text.slice(0, end))}${open.join(OPENING)}`;
}
