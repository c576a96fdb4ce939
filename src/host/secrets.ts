/** Texts that must never be shown. */
export interface Secrets {
  /** Registers a secret. Returns the texts that are concealed from now on because of it. */
  add(secret: string): readonly string[];
  /** The text with every registered secret replaced by `***`. */
  conceal(text: string): string;
}

/** Shorter texts are not concealed: they would blot out the log and protect nothing. */
const SHORTEST_SECRET = 4;

/** Starts with nothing to conceal. */
export function createSecrets(): Secrets {
  const known = new Set<string>();
  let longestFirst: readonly string[] = [];
  return {
    add(secret) {
      const parts = partsOf(secret).filter((part) => !known.has(part));
      for (const part of parts) known.add(part);
      longestFirst = [...known].sort((a, b) => b.length - a.length);
      return parts;
    },
    conceal(text) {
      return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
    },
  };
}

/** The whole secret and each of its lines: a log shows a key file line by line. */
function partsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n|\r/).map((line) => line.trim());
  const parts = [secret.trim(), ...lines].filter((part) => part.length >= SHORTEST_SECRET);
  return [...new Set(parts)];
}
