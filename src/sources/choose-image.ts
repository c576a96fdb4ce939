// Which image is meant where there are several: by name or digest in a layout, then by platform in
// an index. What is meant and not there is the user's to put right, with what there is.

import { UserError } from "../errors.ts";
import { choiceOf, quoted, suggestion, thereIs } from "../inputs/wording.ts";
import { isPlatform, readDocument } from "../inspect/oci-layout.ts";
import { type IndexEntry, parseConfig, parseManifest } from "../oci-documents.ts";
import { asLayout, type Blobs } from "./blobs.ts";
import type { ImageChoice } from "./target.ts";

/** An image that a layout or an archive lists. */
export interface ListedImage extends IndexEntry {
  /** All that it is called there, as it stands there. Hostile text. */
  readonly names: readonly string[];
  /** When it was made, where that stands there. Hostile text. */
  readonly created?: string;
}

/** The platform that is wanted. */
export interface WantedPlatform {
  /** As the user gave it; absent: `machine`, or whatever else there is just one of. */
  readonly given?: string;
  /** That of this machine. */
  readonly machine: string;
}

/** What to do where there is no image yet. */
export const BUILD_FIRST =
  "build first, with weighbridge or with docker buildx build --output type=oci,tar=false,dest=DIR";

/**
 * Those of the listed images that are meant: one, or one for each of several platforms.
 * @throws UserError when there is none, or when a name would tell them apart
 */
export function chooseListed(
  listed: readonly ListedImage[],
  choice: ImageChoice,
  place: string,
): readonly ListedImage[] {
  const images = listed.filter((image) => !image.isAttestation);
  const names = images.flatMap((image) => image.names);
  if (images.length === 0) {
    throw wrong(`${quoted(place)} lists no image: nothing has been built into it; ${BUILD_FIRST}`);
  }
  switch (choice.kind) {
    case "only":
      return oneOf(images, `${quoted(place)} has`, place);
    case "digest":
      return images.filter(({ digest }) => digest === choice.digest).slice(0, 1);
    case "name": {
      const exact = images.filter((image) => image.names.includes(choice.name));
      const ending = images.filter((image) => image.names.some((name) => isCalled(name, choice)));
      const named = exact.length > 0 ? exact : ending;
      if (named.length > 0) return oneOf(named, `${quoted(choice.name)} may be one of`, place);
      const short = names.map((name) => shortestName(name, choice.name));
      const there = names.length > 0 ? `; ${thereIs(choice.name, names)}` : "";
      const hint = suggestion(choice.name, short);
      throw wrong(`${quoted(place)} has no image ${quoted(choice.name)}${there}${hint}`);
    }
  }
}

/** Images that are one, or one for each platform; else the user has to say which. */
function oneOf(
  images: readonly ListedImage[],
  what: string,
  place: string,
): readonly ListedImage[] {
  if (new Set(images.map(({ digest }) => digest)).size === 1) return images.slice(0, 1);
  if (areOneForEachPlatform(images)) return images;
  const each = [...Map.groupBy(images, ({ digest }) => digest).values()];
  const lines = each.slice(0, MOST_LISTED).map((same) => lineOf(same, place));
  const more = each.length - lines.length;
  const list = [...lines, ...(more > 0 ? [`and ${more} more`] : [])].map(indented).join("\n");
  throw wrong(`${what} ${each.length} images; name one of them:\n${list}`);
}

/** What there may be in the state's own layout after many runs. */
const MOST_LISTED = 50;

/** An image as it can be typed, and what else is told of it where it is listed, once or more often. */
function lineOf(same: readonly ListedImage[], place: string): string {
  const names = same.flatMap((image) => image.names).map(quoted);
  const facts = same.flatMap(({ platform, created }) => [platform, created]);
  const told = [
    ...(names.length === 0 ? ["no name"] : names),
    ...facts.flatMap((fact) => (fact === undefined ? [] : [quoted(fact)])),
  ];
  const start = /^[\w./:~+-]+$/.test(place) ? place : "";
  return `${start}@${same[0]?.digest}  ${[...new Set(told)].join(", ")}`;
}

function indented(line: string): string {
  return `    ${line}`;
}

/** By its whole name, or by what stands behind its last colon or slash; `latest` may be left out. */
function isCalled(name: string, { name: wanted }: { readonly name: string }): boolean {
  const isEnd = (end: string) =>
    name === end || name.endsWith(`:${end}`) || name.endsWith(`/${end}`);
  return isEnd(wanted) || isEnd(`${wanted}:latest`);
}

/** The end of a name that is most like what was typed. */
function shortestName(name: string, typed: string): string {
  if (typed.includes("/")) return name;
  const end = name.slice(name.lastIndexOf("/") + 1);
  return typed.includes(":") ? end : end.slice(end.lastIndexOf(":") + 1);
}

function areOneForEachPlatform(images: readonly ListedImage[]): boolean {
  const platforms = new Set(images.map(({ platform }) => platform));
  return !platforms.has(undefined) && platforms.size === images.length;
}

/** An index may list indexes, though nobody nests them deeper. */
const DEEPEST_INDEX = 3;

/**
 * The digest of the platform's own manifest: that of one of these entries, or of what an index
 * among them lists.
 * @throws UserError when none is for the wanted platform; ToolError when a document is damaged
 */
export async function choosePlatform(
  blobs: Blobs,
  entries: readonly IndexEntry[],
  wanted: WantedPlatform,
): Promise<string> {
  let among = entries;
  for (let depth = 0; depth <= DEEPEST_INDEX; depth++) {
    const { digest } = await choosePlatformEntry(blobs, among, wanted);
    const { layout, files } = asLayout(blobs);
    const manifest = await readDocument(files, layout, digest, parseManifest);
    if (manifest.kind === "index") {
      among = manifest.manifests.filter((entry) => !entry.isAttestation);
      continue;
    }
    if (wanted.given === undefined) return digest;
    const config = await readDocument(files, layout, manifest.config.digest, parseConfig);
    if (isPlatform(config.platform, wanted.given)) return digest;
    throw noSuchPlatform(wanted.given, [config.platform]);
  }
  throw wrong(`its indexes are nested more than ${DEEPEST_INDEX} deep`);
}

/** An engine lists all platforms of an image, and has the blobs of those that it runs. */
async function choosePlatformEntry(
  blobs: Blobs,
  entries: readonly IndexEntry[],
  { given, machine }: WantedPlatform,
): Promise<IndexEntry> {
  const present: IndexEntry[] = [];
  for (const entry of entries) {
    if (await blobs.has(entry.digest)) present.push(entry);
  }
  // If none is there, whoever reads it is told what is missing.
  const among = present.length > 0 ? present : entries;
  const [only, ...others] = among;
  if (only !== undefined && others.length === 0) return only;
  const chosen = among.find(({ platform }) => isPlatform(platform, given ?? machine));
  if (chosen !== undefined) return chosen;
  const platforms = among.flatMap(({ platform }) => platform ?? []);
  throw noSuchPlatform(given ?? machine, platforms);
}

/** Something is asked for another platform than there is. */
export function noSuchPlatform(wanted: string, there: readonly string[]): UserError {
  const have =
    there.length > 0
      ? `; there is one for ${choiceOf([...new Set(there)].map(quoted))}`
      : ", and none that says what it is for";
  const what = `there is no image for ${quoted(wanted)}${have}`;
  return new UserError([{ where: "--platform", what }]);
}

/** Something wrong with the target itself. */
export function wrong(what: string): UserError {
  return new UserError([{ where: "target", what }]);
}
