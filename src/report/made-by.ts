import type { InspectedLayer } from "../model/inspection.ts";
import { shortLine } from "./visible.ts";

/** Nothing that somebody else wrote is longer than this in a table. */
const TEXT_LENGTH = 80;

/**
 * What made a layer: the Dockerfile's own words; else, and of a layer of the base image, of which
 * all say the same `FROM`, what the image's history says.
 */
export function madeBy({ instruction, history, origin }: InspectedLayer): string {
  const isOwn = instruction !== undefined && origin === "own";
  const words = isOwn || history === undefined ? (instruction ?? "") : instructionIn(history);
  return shortLine(words, TEXT_LENGTH);
}

const BUILDKIT = "# buildkit";

/**
 * The instruction that an entry of an image's history tells of. BuildKit writes `RUN /bin/sh -c ls
 * # buildkit`, the older builder `/bin/sh -c ls` and `/bin/sh -c #(nop) COPY …`.
 */
export function instructionIn(createdBy: string): string {
  const entry = createdBy.trimEnd();
  const own = entry.endsWith(BUILDKIT) ? entry.slice(0, -BUILDKIT.length).trimEnd() : entry;
  const [, nothing] = /^\/bin\/sh -c #\(nop\)\s*(.*)$/s.exec(own) ?? [];
  if (nothing !== undefined) return nothing;
  // Build arguments stand before the shell, with their count.
  return own.replace(/^(?:RUN )?(?:\|\d+ .*?)?\/bin\/sh -c /s, "RUN ");
}
