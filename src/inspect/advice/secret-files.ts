import type { Saving } from "../savings/saving.ts";
import { isCopy } from "./instructions.ts";
import { type AdviceWords, inCode, inMount, type SavingLayers } from "./words.ts";

/** Files that are there to be kept secret, by what programs call them. */
const SECRETS =
  /\/(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|privkey\d*\.pem|(?:[^/]+[-_.])?key\.pem|[^/]+\.(?:key|ppk|p12|pfx|jks|kdbx)|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.env)$/i;

/**
 * Whoever has the image has its secrets, in whatever layer and however small: advice on a file that
 * is one is never to copy it otherwise, but not at all.
 */
export function withoutSecrets(
  words: AdviceWords,
  { rule, paths }: Saving,
  { first, later }: SavingLayers,
): AdviceWords {
  // Of a copy of what is there already, the line that makes it wrote it.
  const writer = rule === "duplicate-content" ? later : first;
  const copying = isCopy(writer) ? writer : undefined;
  const secret = paths.find((path) => SECRETS.test(path));
  // What .dockerignore keeps away is not copied at all.
  if (secret === undefined || copying === undefined || rule === "context") return words;
  const mount = `RUN --mount=type=secret,id=${idOf(secret)},target=${inMount(secret)} …`;
  // Of the other files, what was advised is right.
  if (secret !== paths[0]) {
    const message = `${words.message} ${inCode(secret)} looks like a secret: it should not be copied, but be mounted as one.`;
    return { ...words, message };
  }
  return {
    message: `Line ${copying.line} copies ${inCode(secret)}, which looks like a secret: whoever has the image has it.`,
    instead: `Give it only to what needs it: ${inCode(mount)}.`,
  };
}

/** Its name, unless that has a meaning in a list of options. */
function idOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /^[\w.-]+$/.test(name) ? name : "…";
}
