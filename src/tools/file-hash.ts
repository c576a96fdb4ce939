import { createHash } from "node:crypto";
import type { Files } from "../host/host.ts";

/** SHA-256 of a file, as lower-case hexadecimal digits. */
export async function hashOfFile(
  host: { readonly files: Pick<Files, "readStream"> },
  path: string,
): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of host.files.readStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
