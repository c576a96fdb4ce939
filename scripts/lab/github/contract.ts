import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Description, Operation, Parameter } from "./description.ts";
import { isObject, member } from "./json.ts";
import { fromOpenApi, schemaRoot } from "./schema.ts";

/** A request as far as GitHub's description has a say in it. */
export interface RequestParts {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Undefined when no body was sent. */
  readonly body: unknown;
}

/** Holds requests and replies against GitHub's description. Each answer is a list of what is wrong. */
export interface Contract {
  readonly requestProblems: (operation: Operation, request: RequestParts) => readonly string[];
  readonly replyProblems: (
    operation: Operation,
    status: number,
    body: unknown,
  ) => readonly string[];
  readonly eventProblems: (name: string, payload: unknown) => readonly string[];
}

type Check = (schema: unknown, value: unknown, what: string) => readonly string[];

/**
 * A contract made of a description. It is stricter than GitHub in one thing: GitHub ignores
 * query parameters and body members that it does not describe, and here they are problems,
 * because nobody sends them on purpose.
 */
export function contractOf(description: Description): Contract {
  const check = checkerOf(description);
  return {
    requestProblems: (operation, request) => [
      ...operation.parameters.flatMap((parameter) => parameterProblems(check, parameter, request)),
      ...undescribedQuery(operation, request.query),
      ...bodyProblems(check, operation, request.body),
    ],
    replyProblems: (operation, status, body) => replyProblems(check, operation, { status, body }),
    eventProblems: (name, payload) => check(description.events.get(name), payload, "event"),
  };
}

function checkerOf(description: Description): Check {
  // A schema checks a few documents: making its code faster takes longer than it saves.
  const code = { optimize: false };
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, code });
  addFormats(ajv);
  const schemas = [...description.schemas].map(([name, schema]) => [name, fromOpenApi(schema)]);
  ajv.addSchema({ $id: schemaRoot, components: { schemas: Object.fromEntries(schemas) } });
  const compiled = new Map<unknown, ValidateFunction>();
  return (schema, value, what) => {
    const validate = compiled.get(schema) ?? ajv.compile(fromOpenApi(schema));
    compiled.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) =>
      `${what}${error.instancePath} ${error.message ?? "does not fit"} ${detail(error.params)}`.trim(),
    );
  };
}

function detail(parameters: unknown): string {
  const allowed = member(parameters, "allowedValues");
  return Array.isArray(allowed) ? `(${allowed.join(", ")})` : "";
}

function parameterProblems(
  check: Check,
  parameter: Parameter,
  request: RequestParts,
): readonly string[] {
  const what = `${parameter.place} parameter ${parameter.name}`;
  const values =
    parameter.place === "path"
      ? [request.path[parameter.name] ?? ""]
      : request.query.getAll(parameter.name);
  if (values.length > 1) return [`${what} is given ${values.length} times`];
  const [value] = values;
  if (value === undefined) return parameter.required ? [`${what} is missing`] : [];
  return check(parameter.schema, readText(value, parameter.schema), what);
}

/** Paths and queries are text; a number or a truth value is meant where the schema says so. */
function readText(value: string, schema: unknown): unknown {
  const type = member(schema, "type");
  if (type === "integer" && /^-?\d+$/.test(value)) return Number(value);
  if (type === "boolean" && /^(true|false)$/.test(value)) return value === "true";
  return value;
}

function undescribedQuery(operation: Operation, query: URLSearchParams): readonly string[] {
  const described = new Set(
    operation.parameters.filter(({ place }) => place === "query").map(({ name }) => name),
  );
  return [...new Set(query.keys())]
    .filter((name) => !described.has(name))
    .map((name) => `query parameter ${name} is not described`);
}

function bodyProblems(check: Check, operation: Operation, body: unknown): readonly string[] {
  if (operation.body === undefined) {
    return body === undefined ? [] : ["a body is sent and none is described"];
  }
  if (body === undefined) return ["the body is missing"];
  const properties = member(operation.body, "properties");
  const undescribed = Object.keys(isObject(body) ? body : {}).filter(
    (name) => isObject(properties) && !(name in properties),
  );
  const unwanted = member(operation.body, "additionalProperties") === false ? [] : undescribed;
  return [
    ...check(operation.body, body, "body"),
    ...unwanted.map((name) => `body/${name} is not described`),
  ];
}

function replyProblems(
  check: Check,
  operation: Operation,
  reply: { readonly status: number; readonly body: unknown },
): readonly string[] {
  const what = `reply ${reply.status}`;
  const described = operation.replies.has(reply.status);
  if (!described && reply.status < 400) return [`${what} is not described`];
  const schema = operation.replies.get(reply.status);
  if (schema !== undefined) return check(schema, reply.body, what);
  if (reply.status < 400) return reply.body === undefined ? [] : [`${what} has a body`];
  return check(basicError, reply.body, what);
}

const basicError = { $ref: "#/components/schemas/basic-error" };
