import type { Inspection } from "../model/inspection.ts";

/**
 * An inspection as JSON, for programs: two spaces, one line feed at the end. Its form is that of
 * `schema/inspect.schema.json`.
 */
export function renderInspectionJson(inspection: Inspection): string {
  return `${JSON.stringify(inspection, undefined, 2)}\n`;
}
