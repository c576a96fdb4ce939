// How much a layer and an image may hold before they are refused, where that is not the usual: a YAML
// map.
import type { LayerBounds } from "../model/inputs.ts";
import { mapped, ok, type Parsed, type ProblemList, problem } from "./parsed.ts";
import { parseSize } from "./sizes.ts";
import { listOf, quoted, suggestion } from "./wording.ts";
import {
  describe,
  type PlaceOfLine,
  readYaml,
  type YamlEntry,
  type YamlText,
} from "./yaml-text.ts";

/** Bounds of a `layer-limits` input; what is wrong is left out, and in the list of problems. */
export function parseLayerBounds(
  text: string,
  place: PlaceOfLine,
  problems: ProblemList,
): LayerBounds {
  const yaml = readYaml(text, place, problems);
  if (yaml === undefined || yaml.root === undefined) return {};
  const entries = yaml.entriesOf(yaml.root, place(1)) ?? [];
  return Object.assign({}, ...entries.map((entry) => readBound(yaml, entry, problems)));
}

/** With more, numbers of entries would not fit where they are kept. */
const MOST_ENTRIES = 100_000_000;

/** With more, numbers of layers would not. */
const MOST_LAYERS = 65_000;

/** What each bound makes of its value. */
const BOUNDS = new Map<string, (text: string) => Parsed<LayerBounds>>([
  ["archive", (text) => mapped(parseBound(text), (archive) => ({ archive }))],
  ["entries", (text) => mapped(parseCount(text), (entries) => ({ entries }))],
  ["frames", (text) => mapped(parseCount(text), (frames) => ({ frames }))],
  ["layers", (text) => mapped(parseCount(text, MOST_LAYERS), (layers) => ({ layers }))],
  ["names", (text) => mapped(parseBound(text), (names) => ({ names }))],
  ["owners", (text) => mapped(parseCount(text), (owners) => ({ owners }))],
  ["ratio", (text) => mapped(parseCount(text), (ratio) => ({ ratio }))],
]);

/** With none, nothing could be read. */
function parseBound(text: string): Parsed<number> {
  const size = parseSize(text);
  const isNothing = size.kind === "ok" && size.value === 0;
  return isNothing ? problem(`${quoted(text)} is nothing; it has to be at least 1B`) : size;
}

function parseCount(text: string, most = MOST_ENTRIES): Parsed<number> {
  const count = Number(text);
  if (/^[0-9]+$/.test(text) && count > 0 && count <= most) return ok(count);
  return problem(`${quoted(text)} is not a whole number from 1 to ${most.toLocaleString("en")}`);
}

function readBound(yaml: YamlText, entry: YamlEntry, problems: ProblemList): LayerBounds {
  const parse = BOUNDS.get(entry.key);
  if (parse === undefined) {
    problems.add(entry.where, unknownBound(entry.key));
    return {};
  }
  const scalar = yaml.scalarOf(entry.value);
  const isValue = typeof scalar === "string" || typeof scalar === "number";
  const parsed = isValue ? parse(String(scalar)) : problem(`is ${describe(entry.value)}`);
  const where = yaml.where(entry.value, entry.where);
  if (parsed.kind === "ok") return parsed.value;
  problems.add(where, `${entry.key}: ${parsed.what}`);
  return {};
}

function unknownBound(name: string): string {
  const bounds = [...BOUNDS.keys()];
  return `${quoted(name)} is not a limit; limits are ${listOf(bounds)}${suggestion(name, bounds)}`;
}
