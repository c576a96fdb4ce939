import type { HttpResponse } from "../host/host.ts";

/** What is not the image itself is small. */
const LARGEST = 8 * 1024 * 1024;

/**
 * The whole body of an answer.
 * @throws Error when it is larger than any document, or the connection breaks
 */
export async function smallBytes({ body }: HttpResponse): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > LARGEST) throw new Error(`the answer is larger than ${LARGEST} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The same as text. */
export async function smallText(response: HttpResponse): Promise<string> {
  return (await smallBytes(response)).toString("utf8");
}

/** What a text says as JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
