import type { BakeTarget } from "../bake-file.ts";
import type { Progress } from "./progress.ts";

/** What BuildKit calls the step that takes a build context in, and the transfer within it. */
const LOADING = /^\[(?:(\S+) )?internal\] load build context$/;
const TRANSFER = "transferring context:";

/**
 * Counts what is sent of build contexts. BuildKit asks only for what instructions copy, and for
 * nothing that it still has from an earlier build.
 */
export class ContextMeter {
  /** The image whose context each such step loads, by the step's digest. */
  readonly #images = new Map<string, string>();
  /** The most bytes that were told of each. */
  readonly #bytes = new Map<string, number>();

  /** Takes one line of a solve's progress in. */
  follow({ vertices, transfers }: Progress, targets: readonly BakeTarget[]): void {
    for (const { digest, name } of vertices) {
      const match = LOADING.exec(name);
      if (match === null) continue;
      const { image } = targets.find(({ id }) => id === match[1]) ?? targets[0] ?? {};
      if (image !== undefined) this.#images.set(digest, image.name);
    }
    for (const { vertex, id, current } of transfers) {
      const image = id === TRANSFER ? this.#images.get(vertex) : undefined;
      if (image === undefined) continue;
      this.#bytes.set(image, Math.max(current, this.#bytes.get(image) ?? 0));
    }
  }

  /** Bytes by the image's name; images whose context was not asked for are left out. */
  get bytes(): ReadonlyMap<string, number> {
    return this.#bytes;
  }
}
