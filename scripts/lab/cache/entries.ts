// The entries of one repository's cache, and who sees which of them.
// https://docs.github.com/actions/reference/workflows-and-actions/dependency-caching

import { randomUUID } from "node:crypto";
import type { Scope } from "./token.ts";

/** An entry, written whole or still being written. */
export interface Entry {
  readonly id: number;
  readonly key: string;
  readonly version: string;
  /** The branch, or the merge of a pull request, that it belongs to. */
  readonly ref: string;
  /** Name of its blob. */
  readonly blob: string;
  /** Bytes; undefined until it is whole. */
  size: number | undefined;
}

/** All entries of a repository. */
export class Entries {
  readonly #entries: Entry[] = [];
  #made = 0;

  /** Those that are whole, oldest first. */
  get whole(): readonly Entry[] {
    return this.#entries.filter(({ size }) => size !== undefined);
  }

  /** Makes an entry; undefined where there is one of that key and version in that scope. */
  create(key: string, version: string, ref: string): Entry | undefined {
    if (this.find(key, version, ref) !== undefined) return undefined;
    this.#made += 1;
    const entry = { id: this.#made, key, version, ref, blob: randomUUID(), size: undefined };
    this.#entries.push(entry);
    return entry;
  }

  /** The entry of exactly that key, version and scope, whole or not. */
  find(key: string, version: string, ref: string): Entry | undefined {
    return this.#entries.find(
      (entry) => entry.key === key && entry.version === version && entry.ref === ref,
    );
  }

  /**
   * What a job gets: scope by scope, first the entry of that very key, then the newest one whose key
   * begins with one of the others, in their order.
   */
  look(
    scopes: readonly Scope[],
    key: string,
    restoreKeys: readonly string[],
    version: string,
  ): Entry | undefined {
    for (const { ref } of scopes) {
      const seen = this.whole.filter((entry) => entry.ref === ref && entry.version === version);
      const exact = seen.find((entry) => entry.key === key);
      if (exact !== undefined) return exact;
      for (const prefix of [key, ...restoreKeys]) {
        const newest = seen.findLast((entry) => entry.key.startsWith(prefix));
        if (newest !== undefined) return newest;
      }
    }
    return undefined;
  }

  /** Forgets entries, as GitHub does with what nobody has used for a week, or has no room for. */
  evict(which: (entry: Entry) => boolean): void {
    const kept = this.#entries.filter((entry) => !which(entry));
    this.#entries.splice(0, this.#entries.length, ...kept);
  }
}
