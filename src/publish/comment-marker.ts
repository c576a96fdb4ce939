import { asRecord } from "../foreign-json.ts";

/** What a comment of ours says about itself, where readers do not see it. */
export interface CommentMarker {
  /** One comment a name. */
  readonly name: string;
  /** The run that wrote it; later runs have higher numbers. */
  readonly run: number;
  /** Counts how often that run was started again. */
  readonly attempt: number;
}

const PREFIX = "<!-- weighbridge:comment:v1 ";
const SUFFIX = " -->";

/**
 * The marker as an HTML comment on a line of its own. In the name, every character by which the
 * comment could end, and every one that is not ASCII, is written as JSON's `\u002d`.
 */
export function writeMarker({ name, run, attempt }: CommentMarker): string {
  const json = JSON.stringify({ name, run, attempt }).replace(/[^ -~]|[-<>&]/g, escaped);
  return `${PREFIX}${json}${SUFFIX}`;
}

/** The marker that a comment begins with, if it does. Quoted or further down, it is not one. */
export function readMarker(body: string): CommentMarker | undefined {
  const [line = ""] = body.split(/\r?\n/, 1);
  if (!line.startsWith(PREFIX) || !line.endsWith(SUFFIX)) return undefined;
  return parseMarker(line.slice(PREFIX.length, -SUFFIX.length));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function parseMarker(json: string): CommentMarker | undefined {
  try {
    const { name, run, attempt } = asRecord(JSON.parse(json));
    if (typeof name !== "string" || !isCount(run) || !isCount(attempt)) return undefined;
    return { name, run, attempt };
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}
