import { createHash } from "node:crypto";
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { Memory, MemoryKind } from "./memory.ts";

/** Length of the SHA-256 in front of what is stored, in bytes. */
const CHECKSUM_BYTES = 32;

/**
 * Memory in a folder: a file for each key, its content preceded by its own SHA-256, so that a
 * damaged or half-written file reads as nothing.
 */
export function createMemory(host: Pick<Host, "files" | "log">, folder: string): Memory {
  return {
    async recall(kind, key) {
      try {
        const path = pathOf(folder, kind, key);
        if ((await host.files.stat(path)) === undefined) return undefined;
        await host.files.touch(path);
        return withoutChecksum(await readAll(host.files.readStream(path)));
      } catch (error) {
        host.log.debug(`cannot recall ${kind} ${key}: ${messageOf(error)}`);
        return undefined;
      }
    },
    async remember(kind, key, bytes) {
      try {
        await host.files.writeStream(pathOf(folder, kind, key), withChecksum(bytes));
      } catch (error) {
        host.log.info(`Could not keep ${kind} for the next run: ${messageOf(error)}`);
      }
    },
  };
}

/** Keys may hold any character: the file is named by the key's hash. */
function pathOf(folder: string, kind: MemoryKind, key: string): string {
  return join(folder, kind, createHash("sha256").update(key).digest("hex"));
}

async function* withChecksum(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield createHash("sha256").update(bytes).digest();
  yield bytes;
}

function withoutChecksum(stored: Uint8Array): Uint8Array | undefined {
  const content = stored.subarray(CHECKSUM_BYTES);
  const checksum = createHash("sha256").update(content).digest();
  return checksum.equals(stored.subarray(0, CHECKSUM_BYTES)) ? content : undefined;
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
