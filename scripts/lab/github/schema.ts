import { isObject, type JsonObject, listOf } from "./json.ts";

/** Where the converted `components.schemas` are found by every other schema. */
export const schemaRoot = "https://api.github.com/openapi";

/** Members of a schema that hold one schema. */
const single = ["items", "additionalProperties", "not"];
/** Members of a schema that hold a list of schemas. */
const several = ["allOf", "anyOf", "oneOf"];
/** Members that describe and do not constrain; `discriminator` means something else to ajv. */
const mute = new Set(["nullable", "description", "title", "example", "examples", "discriminator"]);

/**
 * Turns a schema of an OpenAPI 3.0 description into JSON Schema 2020-12. The two differ in
 * `nullable`, which JSON Schema does not know, and in what a `$ref` is relative to.
 * https://spec.openapis.org/oas/v3.0.3#schema-object
 */
export function fromOpenApi(schema: unknown): JsonObject | boolean {
  if (typeof schema === "boolean") return schema;
  if (!isObject(schema)) throw new Error(`not a schema: ${JSON.stringify(schema)}`);
  const { $ref: reference, nullable } = schema;
  if (typeof reference === "string") return { $ref: `${schemaRoot}${reference}` };
  const converted = convertMembers(schema);
  return nullable === true ? { anyOf: [converted, { type: "null" }] } : converted;
}

/** The names of the components that a part of the description refers to, directly. */
export function referencedSchemas(part: unknown): readonly string[] {
  if (Array.isArray(part)) return part.flatMap(referencedSchemas);
  if (!isObject(part)) return [];
  const { $ref: reference } = part;
  const own =
    typeof reference === "string" ? /^#\/components\/schemas\/(.+)$/.exec(reference) : null;
  const below = Object.values(part).flatMap(referencedSchemas);
  return own?.[1] === undefined ? below : [own[1], ...below];
}

function convertMembers(schema: JsonObject): JsonObject {
  const converted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (mute.has(name)) continue;
    if (name === "properties") converted[name] = convertProperties(value);
    else if (single.includes(name)) converted[name] = fromOpenApi(value);
    else if (several.includes(name)) converted[name] = listOf(value).map(fromOpenApi);
    else converted[name] = value;
  }
  return converted;
}

function convertProperties(properties: unknown): JsonObject {
  if (!isObject(properties)) throw new Error("properties that are not an object");
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, fromOpenApi(schema)]),
  );
}
