// What an entry of an image's history says of the instruction that made it, whichever builder wrote it.

const BUILDKIT = "# buildkit";

/**
 * The instruction that an entry of an image's history tells of. BuildKit writes `RUN /bin/sh -c ls
 * # buildkit`, the older builder `/bin/sh -c ls` and `/bin/sh -c #(nop) COPY …`.
 */
export function instructionIn(createdBy: string): string {
  const entry = createdBy.trimEnd();
  const own = entry.endsWith(BUILDKIT) ? entry.slice(0, -BUILDKIT.length).trimEnd() : entry;
  const [, nothing] = /^\/bin\/sh -c #\(nop\)\s*(.*)$/s.exec(own) ?? [];
  if (nothing !== undefined) return nothing;
  // Build arguments stand before the shell, with their count.
  return own.replace(/^(?:RUN )?(?:\|\d+ .*?)?\/bin\/sh -c /s, "RUN ");
}

/**
 * Whether an entry can be that of an instruction: of the same kind and, as far as builders note the
 * words as they stand in the Dockerfile, with the same words.
 */
export function isEntryOf(
  { keyword, text }: { readonly keyword: string; readonly text: string },
  createdBy: string,
): boolean {
  const noted = instructionIn(createdBy);
  const words = ["RUN", "COPY", "ADD", "CMD", "ENTRYPOINT"].includes(keyword)
    ? wordsOf(keyword, text)
    : undefined;
  // The older builder notes of a list nothing but what is run.
  const isBare = keyword === "RUN" && words?.startsWith("[") === true;
  if (!isBare && /^\S+/.exec(noted)?.[0] !== keyword) return false;
  // The older builder notes what it has copied by a hash.
  if (words === undefined || /^(?:COPY|ADD) \w+:[0-9a-f]{64} in /.test(noted)) return true;
  return lettersOf(noted).endsWith(lettersOf(words));
}

/** What stands behind an instruction's flags; undefined where builders note something else. */
function wordsOf(keyword: string, text: string): string | undefined {
  const words = text.replace(/^\S+\s*(?:--\S+\s+)*/, "");
  if (words.includes("<<")) return undefined;
  // In a list, characters can be written in several ways.
  if (words.startsWith("[") && words.includes("\\")) return undefined;
  const isExpanded = keyword === "COPY" || keyword === "ADD";
  return isExpanded && words.includes("$") ? undefined : words;
}

/** Without quotes, brackets and spaces: of each builder's own way to write lists and long lines. */
function lettersOf(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, "");
}
