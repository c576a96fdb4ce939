/** `a`, `a and b`, `a, b and c`; of more than three, `a, b, c and 2 more`. */
export function inWords(names: readonly string[]): string {
  const rest = names.length - 3;
  if (rest > 0) return `${names.slice(0, 3).join(", ")} and ${rest} more`;
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
