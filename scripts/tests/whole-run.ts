/** Why `npm test` does not run with these arguments; undefined where it does. */
export function refusalOf(given: readonly string[]): string | undefined {
  if (given.length === 0) return undefined;
  return [
    `npm test runs everything: it does not take ${given.join(" ")}. Some of the tests are run by`,
    "  npm run test:unit -- FILE.test.ts",
    "  npm run test:integration -- FILE.itg.ts",
  ].join("\n");
}
