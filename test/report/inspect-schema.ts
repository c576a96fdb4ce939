import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const schema: unknown = JSON.parse(
  readFileSync(new URL("../../schema/inspect.schema.json", import.meta.url), "utf8"),
);

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema as object);

/** What `schema/inspect.schema.json` has to say against a value that was read from JSON. */
export function inspectSchemaErrors(value: unknown): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
