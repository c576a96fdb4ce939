import type { Owner } from "./layer-index.ts";

/** Gives every distinct owner a number, counting from 0. */
export class OwnerTable {
  readonly #owners: Owner[] = [];
  readonly #numbers = new Map<string, number>();
  /** Most often the next entry has the same. */
  #last = 0;

  get count(): number {
    return this.#owners.length;
  }

  /** The number of an owner. */
  intern(uid: number, gid: number): number {
    const last = this.#owners[this.#last];
    if (last?.uid !== uid || last.gid !== gid) this.#last = this.#find(uid, gid);
    return this.#last;
  }

  /** What was collected. */
  packed(): readonly Owner[] {
    return [...this.#owners];
  }

  #find(uid: number, gid: number): number {
    const key = `${uid}:${gid}`;
    const number = this.#numbers.get(key) ?? this.#owners.length;
    if (number === this.#owners.length) {
      this.#owners.push({ uid, gid });
      this.#numbers.set(key, number);
    }
    return number;
  }
}
