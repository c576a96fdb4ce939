import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import type { Report } from "../../src/model/report.ts";
import { renderJson } from "../../src/report/json.ts";

const schema: unknown = JSON.parse(
  readFileSync(new URL("../../schema/report.schema.json", import.meta.url), "utf8"),
);

const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  // The conditions of `if` and `then` name properties that stand one level above.
  strictRequired: false,
  strictTypes: false,
}).compile(schema as object);

/** What the schema has to say against a value that was read from JSON. */
export function schemaErrors(value: unknown): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** Holds a report, as it is written, against `schema/report.schema.json`. */
export function expectValidReport(report: Report): void {
  expect(schemaErrors(JSON.parse(renderJson(report)))).toEqual([]);
}
