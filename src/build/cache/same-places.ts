// Whether a place that a cache is written to is the one that it is read from.

import { splitCsv } from "../../csv.ts";
import type { PlannedImage } from "../../model/plan.ts";
import type { Caches } from "./cache-places.ts";

/**
 * Whether all that is written for a Dockerfile goes to where all of it was read from. Of what is found
 * where several places are read nobody says in which: none of them need have it all.
 */
export function readsAllItWrites(
  { placesOf, foldersOf }: Pick<Caches, "placesOf" | "foldersOf">,
  image: PlannedImage,
): boolean {
  const { from, to } = placesOf(image);
  const folders = new Map(foldersOf(image).map(({ written, replaced }) => [written, replaced]));
  const read = new Set(from.map((place) => identityOf(place, folders)));
  return to.every((place) => {
    const identity = identityOf(place, folders);
    return identity !== undefined && read.size === 1 && read.has(identity);
  });
}

/**
 * The same for one place as it is read and as it is written. Undefined for kinds of places of which
 * we do not know what tells two of them apart.
 * https://docs.docker.com/build/cache/backends/
 */
function identityOf(place: string, folders: ReadonlyMap<string, string>): string | undefined {
  const fields = new Map(fieldsOf(place));
  const type = fields.get("type")?.toLowerCase();
  switch (type) {
    case "gha":
      return JSON.stringify([type, fields.get("scope") ?? "buildkit", fields.get("url") ?? ""]);
    case "registry":
      return JSON.stringify([type, fields.get("ref") ?? ""]);
    case "local": {
      const folder = fields.get("src") ?? fields.get("dest") ?? "";
      return JSON.stringify([type, folders.get(folder) ?? folder, fields.get("tag") ?? "latest"]);
    }
    default:
      return undefined;
  }
}

/** `type=local,"src=/a,b"` -> its fields; `acme/app:cache` stands for that registry's. */
function fieldsOf(place: string): readonly (readonly [string, string])[] {
  const texts = splitCsv(place);
  if (!texts.some((text) => text.includes("=")))
    return [
      ["type", "registry"],
      ["ref", place],
    ];
  return texts.map((text) => {
    const [key = "", ...value] = text.split("=");
    return [key.trim().toLowerCase(), value.join("=").trim()];
  });
}
