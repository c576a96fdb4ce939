import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isObject, listOf, member, textOf } from "./json.ts";
import { referencedSchemas } from "./schema.ts";

/** One parameter of an operation, in its path or its query. */
export interface Parameter {
  readonly name: string;
  readonly place: "path" | "query";
  readonly required: boolean;
  readonly schema: unknown;
}

/** What GitHub's description says of one operation that the stand-in keeps. */
export interface Operation {
  /** As in `issues/create-comment`. */
  readonly id: string;
  readonly method: string;
  /** As in `/repos/{owner}/{repo}`. */
  readonly template: string;
  /** The page that an error of this operation points to. */
  readonly documentationUrl: string;
  readonly parameters: readonly Parameter[];
  /** Schema of the JSON body, when the operation takes one. */
  readonly body: unknown;
  /** Schema of the JSON reply by status; undefined where a described reply has no body. */
  readonly replies: ReadonlyMap<number, unknown>;
}

/** Where a request leads: to an operation, or to one that the stand-in leaves out, or nowhere. */
export type Match =
  | {
      readonly kind: "operation";
      readonly operation: Operation;
      readonly path: Readonly<Record<string, string>>;
    }
  | { readonly kind: "left out"; readonly id: string }
  | { readonly kind: "no operation" };

/** The part of GitHub's description of its REST API that the stand-in works with. */
export interface Description {
  readonly version: string;
  readonly find: (method: string, path: string) => Match;
  /** Every component that the kept operations and events refer to, as the description has it. */
  readonly schemas: ReadonlyMap<string, unknown>;
  /** Schema of an event's payload, by the name of its webhook: `push`, `pull-request-opened`. */
  readonly events: ReadonlyMap<string, unknown>;
}

interface Route {
  readonly id: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly operation: Operation | undefined;
}

/**
 * Reads GitHub's own description and keeps the named operations and webhook events. The file
 * with references (13 MB, a quarter of a second) is read rather than the one without (73 MB):
 * ajv resolves references as well as anybody.
 */
export async function loadDescription(keep: {
  readonly operations: readonly string[];
  readonly events?: readonly string[];
}): Promise<Description> {
  const document = await readDocument();
  const routes = readRoutes(document, new Set(keep.operations));
  const known = new Set(routes.map((route) => route.id));
  const unknown = keep.operations.filter((id) => !known.has(id));
  if (unknown.length > 0) throw new Error(`GitHub describes no operation ${unknown.join(", ")}`);
  const events = new Map((keep.events ?? []).map((name) => [name, eventSchema(document, name)]));
  const kept = routes.flatMap((route) => route.operation ?? []);
  return {
    version: textOf(member(document, "info", "version")) ?? "unknown",
    find: (method, path) => findRoute(routes, method, path),
    schemas: reachableSchemas(document, [kept, kept.map(replySchemas), [...events.values()]]),
    events,
  };
}

async function readDocument(): Promise<unknown> {
  const packageFile = createRequire(import.meta.url).resolve("@octokit/openapi/package.json");
  const file = join(dirname(packageFile), "generated", "api.github.com.json");
  const document: unknown = JSON.parse(await readFile(file, "utf8"));
  return document;
}

function findRoute(routes: readonly Route[], method: string, path: string): Match {
  for (const route of routes) {
    if (route.method !== method) continue;
    const found = route.pattern.exec(path);
    if (found === null) continue;
    if (route.operation === undefined) return { kind: "left out", id: route.id };
    const values = found.slice(1).map(decodeURIComponent);
    const pairs = route.names.map((name, index) => [name, values[index] ?? ""]);
    return { kind: "operation", operation: route.operation, path: Object.fromEntries(pairs) };
  }
  return { kind: "no operation" };
}

/** Routes of every operation, those with fewer parameters first: `comments` before `{number}`. */
function readRoutes(document: unknown, keep: ReadonlySet<string>): readonly Route[] {
  const paths = member(document, "paths");
  if (!isObject(paths)) throw new Error("GitHub's description has no paths");
  const routes = Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(isObject(methods) ? methods : {}).map(([method, described]) =>
      readRoute(document, { template, method: method.toUpperCase(), described }, keep),
    ),
  );
  return routes.sort((one, other) => one.names.length - other.names.length);
}

function readRoute(
  document: unknown,
  entry: { readonly template: string; readonly method: string; readonly described: unknown },
  keep: ReadonlySet<string>,
): Route {
  const id = textOf(member(entry.described, "operationId")) ?? "";
  const parameters = listOf(member(entry.described, "parameters")).map((parameter) =>
    resolve(document, parameter),
  );
  // `{basehead}` may hold slashes, as branch names do.
  const spanning = parameters.find((parameter) => member(parameter, "x-multi-segment") === true);
  const names = [...entry.template.matchAll(/\{([^}]+)\}/g)].map((found) => found[1] ?? "");
  const pattern = pathPattern(entry.template, textOf(member(spanning, "name")));
  const operation = keep.has(id)
    ? readOperation(document, { ...entry, id, parameters })
    : undefined;
  return { id, method: entry.method, pattern, names, operation };
}

function pathPattern(template: string, spanning: string | undefined): RegExp {
  const source = template
    .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replace(/\{([^}]+)\}/g, (_, name: string) => (name === spanning ? "(.+)" : "([^/]+)"));
  return new RegExp(`^${source}$`);
}

function readOperation(
  document: unknown,
  entry: {
    readonly id: string;
    readonly template: string;
    readonly method: string;
    readonly described: unknown;
    readonly parameters: readonly unknown[];
  },
): Operation {
  return {
    id: entry.id,
    method: entry.method,
    template: entry.template,
    documentationUrl: textOf(member(entry.described, "externalDocs", "url")) ?? "",
    parameters: entry.parameters.map(readParameter),
    body: member(entry.described, "requestBody", "content", "application/json", "schema"),
    replies: readReplies(document, member(entry.described, "responses")),
  };
}

function readParameter(parameter: unknown): Parameter {
  const name = textOf(member(parameter, "name"));
  const place = member(parameter, "in");
  if (name === undefined || (place !== "path" && place !== "query")) {
    throw new Error(`not a parameter: ${JSON.stringify(parameter)}`);
  }
  const required = member(parameter, "required") === true;
  return { name, place, required, schema: member(parameter, "schema") };
}

function readReplies(document: unknown, replies: unknown): ReadonlyMap<number, unknown> {
  return new Map(
    Object.entries(isObject(replies) ? replies : {}).map(([status, reply]) => [
      Number(status),
      member(resolve(document, reply), "content", "application/json", "schema"),
    ]),
  );
}

function replySchemas(operation: Operation): readonly unknown[] {
  return [...operation.replies.values()];
}

function eventSchema(document: unknown, name: string): unknown {
  const body = member(document, "x-webhooks", name, "post", "requestBody");
  const schema = member(body, "content", "application/json", "schema");
  if (schema === undefined) throw new Error(`GitHub describes no event ${name}`);
  return schema;
}

/** Follows a reference to a parameter or a reply; anything else is returned as it is. */
function resolve(document: unknown, part: unknown): unknown {
  const reference = textOf(member(part, "$ref"));
  if (reference === undefined) return part;
  return member(document, ...reference.replace(/^#\//, "").split("/"));
}

function reachableSchemas(document: unknown, parts: unknown): ReadonlyMap<string, unknown> {
  const components = member(document, "components", "schemas");
  const reachable = new Map<string, unknown>();
  // An error that an operation does not describe still has GitHub's general form.
  const waiting = ["basic-error", ...referencedSchemas(parts)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reachable.has(name)) continue;
    const schema = member(components, name);
    if (schema === undefined) throw new Error(`GitHub's description lacks the schema ${name}`);
    reachable.set(name, schema);
    waiting.push(...referencedSchemas(schema));
  }
  return reachable;
}
