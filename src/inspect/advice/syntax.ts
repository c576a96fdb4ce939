/** Docker's own frontend, with the version that is asked for, as far as it is. */
const DOCKERFILE =
  /^(?:docker\.io\/)?docker\/dockerfile:1(?:\.(\d+))?(?:\.\d+)?(?:-labs)?(?:@.*)?$/;

/**
 * What to write instead, with the line that it takes above it where the Dockerfile does not ask for
 * a frontend that is sure to know it: the builder's own can be years old.
 * @param minor the version 1.x of the Dockerfile's syntax that has it
 * @param syntax the frontend that the Dockerfile asks for
 */
export function withSyntax(instead: string, minor: number, syntax: string | undefined): string {
  const [asked, version] = DOCKERFILE.exec(syntax ?? "") ?? [];
  // Without a second number it is the newest.
  const isKnown = asked !== undefined && (version === undefined || Number(version) >= minor);
  if (isKnown) return instead;
  return `with # syntax=docker/dockerfile:1 (1.${minor} or newer) as the first line: ${instead}`;
}
