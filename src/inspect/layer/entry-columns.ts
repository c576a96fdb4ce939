import type { TarEntry } from "../../tar/tar-entry.ts";
import { Column, WideningColumn, wholeNumbers } from "../column.ts";
import { ENTRY_KINDS, type Entries, type EntryKind, type Owner } from "./layer-index.ts";
import { OwnerTable } from "./owner-table.ts";

/** Twelve bits: what may be done, and set-user-ID, set-group-ID and sticky. */
const PERMISSIONS = 0o7777;

/** Collects entries as columns. */
export class EntryColumns {
  readonly #owners = new OwnerTable();
  readonly #columns = {
    paths: wholeNumbers(),
    kinds: new Column((length) => new Uint8Array(length)),
    bytes: new WideningColumn(),
    contents: wholeNumbers(),
    modes: new Column((length) => new Uint16Array(length)),
    owners: new WideningColumn(),
  };

  get count(): number {
    return this.#columns.paths.length;
  }

  get ownerCount(): number {
    return this.#owners.count;
  }

  /** Adds an entry about `path`. What a marker has for a body counts for nothing. */
  add(path: number, kind: EntryKind, { bytes, mode, uid, gid }: TarEntry): void {
    const { paths, kinds, bytes: sizes, contents, modes, owners } = this.#columns;
    paths.push(path);
    kinds.push(ENTRY_KINDS.indexOf(kind));
    sizes.push(kind === "file" ? bytes : 0);
    contents.push(0);
    modes.push(mode & PERMISSIONS);
    owners.push(this.#owners.intern(uid, gid));
  }

  /** Sets what stands for the bytes of the last entry. */
  setContents(contents: number): void {
    this.#columns.contents.set(this.count - 1, contents);
  }

  /** What was collected. */
  packed(): { readonly entries: Entries; readonly owners: readonly Owner[] } {
    const { paths, kinds, bytes, contents, modes, owners } = this.#columns;
    const entries = {
      paths: paths.packed(),
      kinds: kinds.packed(),
      bytes: bytes.packed(),
      contents: contents.packed(),
      modes: modes.packed(),
      owners: owners.packed(),
    };
    return { entries, owners: this.#owners.packed() };
  }
}
