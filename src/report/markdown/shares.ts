/** Splits `total` so that nobody gets more than it needs, and nobody starves beside a glutton. */
export function shares(needs: readonly number[], total: number): readonly number[] {
  const given = needs.map(() => 0);
  const smallestFirst = needs.map((need, at) => ({ need, at }));
  smallestFirst.sort((one, other) => one.need - other.need);
  let rest = total;
  smallestFirst.forEach(({ need, at }, done) => {
    const share = Math.min(need, Math.floor(rest / (needs.length - done)));
    given[at] = share;
    rest -= share;
  });
  return given;
}
