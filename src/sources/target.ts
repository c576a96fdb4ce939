import type { Files } from "../host/host.ts";
import { ok, type Parsed, problem } from "../inputs/parsed.ts";
import { quoted, suggestion } from "../inputs/wording.ts";
import { type ImageReference, parseReference } from "../plan/image-reference.ts";

/** Where an image is said to be. */
export type Target =
  /** A folder or an archive, and which image of it. */
  | {
      readonly kind: "files";
      readonly path: string;
      readonly is: "folder" | "file";
      readonly image: ImageChoice;
    }
  | { readonly kind: "engine"; readonly reference: string }
  | { readonly kind: "registry"; readonly reference: ImageReference };

/** Which of several images is meant. */
export type ImageChoice =
  | { readonly kind: "only" }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "digest"; readonly digest: string };

/** What a target can be, for messages. */
export const TARGET_FORMS =
  "a folder or a .tar of an OCI layout, an archive of `docker save`, " +
  "docker://IMAGE or registry://IMAGE";

const SCHEMES = ["docker://", "registry://"] as const;

/** Reads what was typed. Of a path, as much as is there is the path, and the rest names an image. */
export async function findTarget(
  { files }: { readonly files: Pick<Files, "stat"> },
  text: string,
): Promise<Parsed<Target>> {
  if (text === "") return problem(`is empty; it is ${TARGET_FORMS}`);
  const [, scheme = "", rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]*:\/\/)?(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case "":
      return await findFiles(files, text);
    case "docker://":
      return engineTarget(rest);
    case "registry://":
      return registryTarget(rest);
    default: {
      const hint = suggestion(scheme, SCHEMES);
      return problem(`${quoted(text)} begins with ${scheme}; a target is ${TARGET_FORMS}${hint}`);
    }
  }
}

/** Names and identifiers alike: what they mean is the engine's to say. */
function engineTarget(reference: string): Parsed<Target> {
  if (/^[\w][\w./:@+-]*$/.test(reference)) return ok({ kind: "engine", reference });
  return problem(`${quoted(reference)} is no name of an image, such as docker://nginx:1.27`);
}

function registryTarget(text: string): Parsed<Target> {
  const reference = parseReference(text);
  if (reference !== undefined) return ok({ kind: "registry", reference });
  return problem(
    `${quoted(text)} is no name of an image, such as registry://ghcr.io/owner/app:1.0`,
  );
}

async function findFiles(files: Pick<Files, "stat">, text: string): Promise<Parsed<Target>> {
  for (const end of possibleEnds(text)) {
    const path = text.slice(0, end);
    const stat = await files.stat(path);
    if (stat === undefined || stat.kind === "other") continue;
    const image = imageChoice(text.slice(end));
    if (image.kind !== "ok") return image;
    const is = stat.kind === "folder" ? "folder" : "file";
    return ok({ kind: "files", path, is, image: image.value });
  }
  return problem(missing(text));
}

/** Where the path can end, the longest first. */
function possibleEnds(text: string): readonly number[] {
  const marks = [...text.matchAll(/[:@]/g)].map(({ index }) => index).filter((at) => at > 0);
  return [text.length, ...marks.reverse()];
}

function imageChoice(suffix: string): Parsed<ImageChoice> {
  if (suffix === "") return ok({ kind: "only" });
  const name = suffix.slice(1);
  if (suffix.startsWith(":") && name !== "") return ok({ kind: "name", name });
  if (/^@sha256:[0-9a-f]{64}$/.test(suffix)) return ok({ kind: "digest", digest: name });
  return problem(
    `${quoted(suffix)} names no image; allowed are :NAME and @sha256: with 64 digits after a path`,
  );
}

function missing(text: string): string {
  const what = `${quoted(text)} is no file or folder that is there; a target is ${TARGET_FORMS}`;
  if (parseReference(text) === undefined) return what;
  return `${what}; did you mean "docker://${text}" or "registry://${text}"?`;
}
