/** Lines in order, each once; what is not known is left out. */
export function ascending(lines: Iterable<number | undefined>): readonly number[] {
  const known = [...lines].flatMap((line) => line ?? []);
  return [...new Set(known)].toSorted((one, other) => one - other);
}
