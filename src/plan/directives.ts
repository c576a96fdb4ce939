import type { Fault } from "./fault.ts";
import type { LineCursor } from "./lines.ts";
import { ownValue } from "./variables.ts";

/** The comments at the top of a Dockerfile that steer how it is read. */
export interface Directives {
  /** `\`, or a backtick where `# escape=` says so. */
  readonly escapeCharacter: string;
  /** Image of the frontend that `# syntax=` asks for, as written. */
  readonly syntax: string | undefined;
  /** The line that asks for it. */
  readonly syntaxLine: { readonly text: string; readonly number: number } | undefined;
  readonly faults: readonly Fault[];
}

/**
 * Image of the frontend that reads a Dockerfile: a build argument goes before the line.
 * https://docs.docker.com/build/buildkit/frontend/
 */
export function frontendOf(
  { syntax }: Pick<Directives, "syntax">,
  buildArgs: Readonly<Record<string, string>>,
): string | undefined {
  const [asked] = ownValue(buildArgs, "BUILDKIT_SYNTAX")?.trim().split(" ") ?? [];
  return asked || syntax;
}

const KNOWN = ["syntax", "escape", "check"];

/**
 * Reads parser directives: known names only, each once, above everything else, other comments
 * included. https://docs.docker.com/reference/dockerfile/#parser-directives
 */
export function readDirectives(cursor: LineCursor): Directives {
  const values = new Map<string, string>();
  const faults: Fault[] = [];
  let syntaxLine: Directives["syntaxLine"];
  for (const { text, number } of cursor.leadingComments()) {
    const directive = parseDirective(text);
    if (directive === undefined) break;
    const fault = faultOf(directive, values);
    if (fault === undefined) {
      values.set(directive.name, directive.value);
      if (directive.name === "syntax") syntaxLine = { text, number };
    } else faults.push({ line: number, what: fault });
  }
  return {
    escapeCharacter: values.get("escape") ?? "\\",
    syntax: values.get("syntax")?.split(" ")[0],
    syntaxLine,
    faults,
  };
}

interface Directive {
  readonly name: string;
  readonly value: string;
}

function parseDirective(comment: string): Directive | undefined {
  const match = /^([a-z][a-z0-9]*)\s*=(.*)$/is.exec(comment.trimStart().slice(1).trimStart());
  const name = match?.[1]?.toLowerCase() ?? "";
  const value = match?.[2]?.trim() ?? "";
  return KNOWN.includes(name) && value !== "" ? { name, value } : undefined;
}

function faultOf(directive: Directive, seen: ReadonlyMap<string, string>): string | undefined {
  if (seen.has(directive.name)) return `only one "# ${directive.name}=" line can be used`;
  if (directive.name !== "escape" || ["\\", "`"].includes(directive.value)) return undefined;
  return `"# escape=" takes \\ or \`, not ${JSON.stringify(directive.value)}`;
}
