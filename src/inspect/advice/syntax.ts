/** Docker's own frontend, with the version that is asked for, as far as it is. */
const DOCKERFILE =
  /^(?:docker\.io\/)?docker\/dockerfile:1(?:\.(\d+))?(?:\.\d+)?(?:-labs)?(?:@.*)?$/;

/**
 * That the Dockerfile has to ask for a frontend, in a sentence; empty where it asks for one that is
 * sure to know what is advised: the builder's own can be years old.
 * @param minor the version 1.x of the Dockerfile's syntax that has it
 * @param syntax the frontend that the Dockerfile asks for
 */
export function takesSyntax(minor: number, syntax: string | undefined): string {
  const [asked, version] = DOCKERFILE.exec(syntax ?? "") ?? [];
  // Without a second number it is the newest.
  const isKnown = asked !== undefined && (version === undefined || Number(version) >= minor);
  if (isKnown) return "";
  return `That takes \`# syntax=docker/dockerfile:1\` (1.${minor} or newer) as the first line.`;
}
