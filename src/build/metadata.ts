// The file that `docker buildx bake --metadata-file` writes when all targets were built: digests,
// and provenance, which knows the Dockerfile lines of every layer.
// https://github.com/moby/buildkit/blob/v0.33.0/docs/attestations/slsa-definitions.md

import { asList, asRecord } from "../foreign-json.ts";
import type { LineRange } from "../model/plan.ts";

/** What the file says of one target. */
export interface TargetMetadata {
  /** Digest of the platform manifest. */
  readonly digest: string;
  /** Lines of each layer, by digest (by diff ID on a graph store). */
  readonly layerLines: ReadonlyMap<string, readonly LineRange[]>;
}

const BUILDKIT_METADATA = "https://mobyproject.org/buildkit@v1#metadata";

/**
 * Reads the metadata file.
 * @throws Error when it is not JSON. A target without a digest is left out.
 */
export function parseMetadata(text: string): ReadonlyMap<string, TargetMetadata> {
  const targets = new Map<string, TargetMetadata>();
  for (const [id, value] of Object.entries(asRecord(JSON.parse(text)))) {
    const target = asRecord(value);
    const digest = target["containerimage.digest"];
    if (typeof digest !== "string") continue;
    targets.set(id, { digest, layerLines: parseLayerLines(target["buildx.build.provenance"]) });
  }
  return targets;
}

/** Joins what several targets say of the same layers: one target's map can lack some. */
export function mergeLayerLines(
  maps: Iterable<ReadonlyMap<string, readonly LineRange[]>>,
): ReadonlyMap<string, readonly LineRange[]> {
  const merged = new Map<string, LineRange[]>();
  for (const map of maps) {
    for (const [digest, ranges] of map) {
      const known = merged.get(digest) ?? [];
      merged.set(digest, [...known, ...ranges.filter((range) => !includes(known, range))]);
    }
  }
  return merged;
}

function includes(ranges: readonly LineRange[], range: LineRange): boolean {
  return ranges.some((known) => known.start === range.start && known.end === range.end);
}

/** `layers["step3:0"]` lists the layers up to and with step 3; the last is the one it made. */
function parseLayerLines(provenance: unknown): ReadonlyMap<string, readonly LineRange[]> {
  const { source, layers } = buildkitMetadata(provenance);
  const locations = asRecord(asRecord(source).locations);
  const lines: ReadonlyMap<string, readonly LineRange[]>[] = [];
  for (const [output, chains] of Object.entries(asRecord(layers))) {
    const step = output.split(":")[0] ?? "";
    const ranges = parseLocations(locations[step]);
    for (const chain of asList(chains)) {
      const digest = asRecord(asList(chain).at(-1)).digest;
      if (typeof digest === "string" && ranges.length > 0) lines.push(new Map([[digest, ranges]]));
    }
  }
  // Two steps can make the very same layer.
  return mergeLayerLines(lines);
}

/** Provenance comes in two forms, SLSA 0.2 and 1. */
function buildkitMetadata(provenance: unknown): Readonly<Record<string, unknown>> {
  const { metadata, runDetails } = asRecord(provenance);
  const slsa02 = asRecord(metadata)[BUILDKIT_METADATA];
  const slsa1 = asRecord(asRecord(runDetails).metadata).buildkit_metadata;
  return asRecord(slsa02 ?? slsa1);
}

function parseLocations(step: unknown): readonly LineRange[] {
  const locations = asList(asRecord(step).locations);
  return locations.flatMap((location) => asList(asRecord(location).ranges).flatMap(parseRange));
}

function parseRange(value: unknown): LineRange[] {
  const { start, end } = asRecord(value);
  const first = asRecord(start).line;
  const last = asRecord(end).line;
  if (typeof first !== "number") return [];
  return [{ start: first, end: typeof last === "number" ? last : first }];
}
