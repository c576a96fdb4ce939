import type { Inspection } from "../model/inspection.ts";
import { jsonText } from "./json-text.ts";

/** An inspection as JSON, in the form of `schema/inspect.schema.json`. */
export function renderInspectionJson(inspection: Inspection): string {
  return jsonText(inspection);
}
