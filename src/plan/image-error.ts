// What BuildKit says of an image that it cannot have, said once: it wraps the same words again and again.

import { shortReference } from "./image-reference.ts";

/**
 * `nope:1: failed to resolve source metadata for docker.io/library/nope:1: docker.io/library/nope:1:
 * not found` -> `the image nope:1 cannot be pulled: not found`. What is about something else stays as it is.
 */
export function plainImageError(error: string, reference?: string): string {
  const said = /failed to resolve source metadata for (\S+): (.*)$/s.exec(error);
  const image = said?.[1] ?? reference;
  if (image === undefined) return error;
  const reason = withoutName(said?.[2] ?? error, image);
  return `the image ${shortReference(image) ?? image} cannot be pulled: ${reason}`;
}

/** The reason without the names that stand before it. */
function withoutName(reason: string, image: string): string {
  const names = [image, `docker.io/library/${image}`, `docker.io/${image}`];
  const name = names.find((each) => reason.startsWith(`${each}: `));
  return name === undefined ? reason : withoutName(reason.slice(name.length + 2), image);
}
