// What `--progress=rawjson` writes: BuildKit's SolveStatus, one JSON object a line.
// https://github.com/moby/buildkit/blob/v0.33.0/client/graph.go

import { StringDecoder } from "node:string_decoder";
import { asList, asRecord } from "../../foreign-json.ts";
import { withoutCommands } from "../../terminal-commands.ts";

/** A step of a build, or something that the builder does for itself. */
export interface Vertex {
  readonly digest: string;
  /** `[target stage 2/5] RUN make`. Hostile text. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly started?: number;
  readonly completed?: number;
  readonly cached: boolean;
  readonly error?: string;
}

/** Where a step writes to: BuildKit hands on the two apart, each in its own order. */
export type OutputStream = "stdout" | "stderr";

/** Output of a step. */
export interface VertexOutput {
  readonly vertex: string;
  readonly stream: OutputStream;
  /** Hostile text, any part of a line or several lines. */
  readonly text: string;
}

/** How far a transfer of a step is. */
export interface VertexTransfer {
  readonly vertex: string;
  readonly id: string;
  /** Bytes. */
  readonly current: number;
  readonly total: number;
  readonly isDone: boolean;
}

/** What the builder warns of in a Dockerfile. */
export interface BuildWarning {
  /** Hostile text. */
  readonly text: string;
  /** Page that explains it. */
  readonly help?: string;
  readonly line?: number;
  /** Text of the Dockerfile that it is about. */
  readonly dockerfile: string;
}

/** One line of progress. */
export interface Progress {
  readonly vertices: readonly Vertex[];
  readonly outputs: readonly VertexOutput[];
  readonly transfers: readonly VertexTransfer[];
  readonly warnings: readonly BuildWarning[];
}

/** Puts the pieces of each step's output together where one ends within a letter. One for each solve. */
export class OutputDecoder {
  readonly #decoders = new Map<string, StringDecoder>();

  decode(vertex: string, stream: OutputStream, data: string): string {
    const key = `${stream} ${vertex}`;
    const decoder = this.#decoders.get(key) ?? new StringDecoder("utf8");
    this.#decoders.set(key, decoder);
    return withoutCommands(decoder.write(Buffer.from(data, "base64")));
  }
}

/** Reads a line; undefined when it is not progress but text (buildx mixes both on stderr). */
export function parseProgress(line: string, decoder = new OutputDecoder()): Progress | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const status = asRecord(JSON.parse(line));
    return {
      vertices: asList(status.vertexes).flatMap(parseVertex),
      outputs: asList(status.logs).flatMap((log) => parseOutput(log, decoder)),
      transfers: asList(status.statuses).flatMap(parseTransfer),
      warnings: asList(status.warnings).flatMap(parseWarning),
    };
  } catch {
    return undefined;
  }
}

function parseVertex(value: unknown): Vertex[] {
  const { digest, name, started, completed, cached, error } = asRecord(value);
  if (typeof digest !== "string" || typeof name !== "string") return [];
  const startedAt = parseTime(started);
  const completedAt = parseTime(completed);
  return [
    {
      digest,
      name,
      cached: cached === true,
      ...(startedAt === undefined ? {} : { started: startedAt }),
      ...(completedAt === undefined ? {} : { completed: completedAt }),
      ...(typeof error === "string" && error !== "" ? { error } : {}),
    },
  ];
}

function parseOutput(value: unknown, decoder: OutputDecoder): VertexOutput[] {
  const { vertex, data, stream } = asRecord(value);
  if (typeof vertex !== "string" || typeof data !== "string") return [];
  // As file descriptors are numbered.
  const name = stream === 2 ? "stderr" : "stdout";
  return [{ vertex, stream: name, text: decoder.decode(vertex, name, data) }];
}

function parseTransfer(value: unknown): VertexTransfer[] {
  const { vertex, id, current, total, completed } = asRecord(value);
  if (typeof vertex !== "string" || typeof id !== "string") return [];
  const isDone = parseTime(completed) !== undefined;
  return [{ vertex, id, current: asNumber(current), total: asNumber(total), isDone }];
}

function parseWarning(value: unknown): BuildWarning[] {
  const { short, url, sourceInfo, range } = asRecord(value);
  const { data } = asRecord(sourceInfo);
  if (typeof short !== "string" || typeof data !== "string") return [];
  const [first] = asList(range);
  const { line } = asRecord(asRecord(first).start);
  return [
    {
      text: decoded(short),
      dockerfile: Buffer.from(data, "base64").toString("utf8"),
      ...(typeof url === "string" && url !== "" ? { help: url } : {}),
      ...(typeof line === "number" && line > 0 ? { line } : {}),
    },
  ];
}

/** What the builder says, without what steers a terminal. */
function decoded(data: string): string {
  return withoutCommands(Buffer.from(data, "base64").toString("utf8"));
}

function parseTime(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function asNumber(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** Whether an error of BuildKit's says no more than that something else ended the work. */
export function isCancellation(error: string): boolean {
  return /context canceled|Canceled: /.test(error);
}
