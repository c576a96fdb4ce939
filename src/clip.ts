/** At most `length` characters, the last of them `…` where something was cut off. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text
    .slice(0, length - 1)
    .toWellFormed()
    .replace(/\u{FFFD}$/u, "")}…`;
}

/** At most `length` characters: of what is longer, the middle is `…`. */
export function clipMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.floor((length - 1) / 2);
  return `${clip(text, length - end)}${text
    .slice(-end)
    .toWellFormed()
    .replace(/^\u{FFFD}/u, "")}`;
}
