import { readShellText } from "./shell-lexer.ts";

/** A here-document that an instruction announces. */
export interface Heredoc {
  /** The line that ends it. */
  readonly terminator: string;
  /** `<<-`: tabs at the start of its lines do not count. */
  readonly ignoresTabs: boolean;
}

/**
 * The here-documents that a line announces, in order: words such as `<<EOF`, `<<-"END OF FILE"` and
 * `3<<EOF`, unless quoted. A line whose quotes do not pair announces none.
 * https://docs.docker.com/reference/dockerfile/#here-documents
 */
export function heredocsOf(line: string): readonly Heredoc[] {
  if (!line.includes("<<")) return [];
  // Here the escape character is always a backslash, whatever the file's own one is.
  const shellText = readShellText(line, { escapeCharacter: "\\", verbatim: true });
  if (shellText.kind === "fault") return [];
  return shellText.words.flatMap((word) => heredocOf(word) ?? []);
}

/** Whether a word announces a here-document. */
export function heredocOf(word: string): Heredoc | undefined {
  const match = /^\d*<<(-?)\s*([^<]*)$/.exec(word);
  const name = match?.[2] ?? "";
  if (match === null || name === "") return undefined;
  const unquoted = readShellText(name, { escapeCharacter: "\\" });
  if (unquoted.kind === "fault" || unquoted.words.length !== 1) return undefined;
  const [terminator = ""] = unquoted.words;
  return { terminator, ignoresTabs: match[1] === "-" };
}
