import type { CraftedEntry } from "../tar/tar-writer.ts";

/** A regular file, which may have several names. */
interface File {
  readonly content: string;
  readonly layer: number;
  readonly firstName: string;
  readonly names: Set<string>;
  death?: Death;
}

interface Death {
  readonly kind: "metadata" | "overwritten" | "deleted";
  readonly killedBy: number;
  readonly replacedBy?: File;
}

/** What is left of crafted layers and what is not, a line a name and a line a file. */
export interface ReferenceTree {
  /** What is at each path: `folder /a`. */
  readonly things: readonly string[];
  /** What layers added and removed that is no file, and names of files that live on: `+/a @1`. */
  readonly changes: readonly string[];
  readonly files: readonly string[];
  readonly dead: readonly string[];
}

/**
 * Applies crafted layers as a person would: one map from path to file, from which what is hidden
 * is taken out name by name. Slow and plain, to hold the real thing against.
 */
export function referenceTree(layers: readonly (readonly CraftedEntry[])[]): ReferenceTree {
  const reference = new Reference();
  layers.forEach((entries, layer) => {
    reference.apply(entries, layer);
  });
  const alive = [...reference.filesAt].map(
    ([path, { content, layer }]) => `/${path} ${content.length} @${layer}`,
  );
  return {
    things: [...reference.things].map(([path, kind]) => `${kind} /${path}`).sort(),
    changes: reference.changes.sort(),
    files: alive.sort(),
    dead: reference.files.flatMap(deadLine).sort(),
  };
}

function deadLine({ content, layer, firstName, death }: File): readonly string[] {
  if (death === undefined) return [];
  const { kind, killedBy, replacedBy } = death;
  const [name = replacedBy?.firstName] = [...(replacedBy?.names ?? [])].sort();
  const by = replacedBy === undefined ? "" : ` for /${name} @${replacedBy.layer}`;
  return [`/${firstName} ${content.length} @${layer} ${kind} @${killedBy}${by}`];
}

class Reference {
  readonly filesAt = new Map<string, File>();
  readonly files: File[] = [];
  readonly things = new Map<string, string>();
  readonly changes: string[] = [];
  /** What the layer took away, by name. */
  #hidden = new Map<string, File>();
  #layer = 0;

  apply(entries: readonly CraftedEntry[], layer: number): void {
    this.#layer = layer;
    this.#hidden = new Map();
    const before = othersOf(this.things);
    for (const { path } of entries) {
      for (const folder of foldersOf(String(path))) {
        this.#replace(folder, undefined);
        this.things.set(folder, "folder");
      }
    }
    for (const { path } of entries) this.#hide(String(path));
    for (const entry of entries) this.#add(entry);
    const after = othersOf(this.things);
    for (const path of after.difference(before)) this.changes.push(`+/${path} @${layer}`);
    for (const path of before.difference(after)) this.changes.push(`-/${path} @${layer}`);
    for (const [path, file] of this.#hidden) {
      const livesOn = file.layer < layer && file.death === undefined;
      if (livesOn) this.changes.push(`-/${path} @${layer}`);
    }
  }

  #hide(path: string): void {
    const name = nameOf(path);
    if (name === ".wh..wh..opq") this.#removeWithin(folderOf(path));
    else if (name.startsWith(".wh.")) {
      const hidden = [...split(folderOf(path)), name.slice(".wh.".length)].join("/");
      this.#remove(hidden);
      this.#removeWithin(hidden);
    }
  }

  #add(entry: CraftedEntry): void {
    const path = String(entry.path);
    if (nameOf(path).startsWith(".wh.")) return;
    const file = this.#fileOf(entry, path);
    const kind = this.#kindOf(entry, file);
    file?.names.add(path);
    if (entry.type !== "5") this.#removeWithin(path);
    this.#replace(path, file);
    this.things.set(path, kind);
    for (const folder of foldersOf(path)) {
      if (!this.things.has(folder)) this.things.set(folder, "folder");
    }
  }

  #kindOf({ type, linkTarget }: CraftedEntry, file: File | undefined): string {
    if (file !== undefined) return "file";
    if (type === "5") return "folder";
    const isLink = type === "2" || this.things.get(String(linkTarget)) === "symlink";
    return isLink ? "symlink" : "other";
  }

  #fileOf(entry: CraftedEntry, path: string): File | undefined {
    if (entry.type === "1") return this.filesAt.get(String(entry.linkTarget));
    if (entry.type !== undefined) return undefined;
    const content = String(entry.content ?? "");
    const file = { content, layer: this.#layer, firstName: path, names: new Set<string>() };
    this.files.push(file);
    return file;
  }

  #replace(path: string, file: File | undefined): void {
    const old = this.filesAt.get(path);
    if (file === undefined) this.filesAt.delete(path);
    else this.filesAt.set(path, file);
    if (old !== undefined && old !== file) {
      old.names.delete(path);
      if (old.names.size === 0) old.death = this.#deathBy(file, old);
    }
    // What a layer takes away and writes again it has overwritten.
    const hidden = this.#hidden.get(path);
    const isDeletedHere =
      hidden?.death?.kind === "deleted" && hidden.death.killedBy === this.#layer;
    if (isDeletedHere) hidden.death = this.#deathBy(file, hidden);
    this.#hidden.delete(path);
  }

  #deathBy(file: File | undefined, old: File): Death {
    const killedBy = this.#layer;
    if (file === undefined) return { kind: "overwritten", killedBy };
    const kind = file.content === old.content ? "metadata" : "overwritten";
    return { kind, killedBy, replacedBy: file };
  }

  #remove(path: string): void {
    this.things.delete(path);
    const file = this.filesAt.get(path);
    if (file === undefined) return;
    this.filesAt.delete(path);
    this.#hidden.set(path, file);
    file.names.delete(path);
    if (file.names.size === 0) file.death = { kind: "deleted", killedBy: this.#layer };
  }

  #removeWithin(folder: string): void {
    for (const path of [...this.things.keys()]) {
      if (folder === "" || path.startsWith(`${folder}/`)) this.#remove(path);
    }
  }
}

function othersOf(things: ReadonlyMap<string, string>): Set<string> {
  return new Set([...things].filter(([, kind]) => kind !== "file").map(([path]) => path));
}

function foldersOf(path: string): readonly string[] {
  const names = split(path);
  return names.slice(1).map((_, depth) => names.slice(0, depth + 1).join("/"));
}

function folderOf(path: string): string {
  return split(path).slice(0, -1).join("/");
}

function nameOf(path: string): string {
  return split(path).at(-1) ?? "";
}

function split(path: string): readonly string[] {
  return path.split("/").filter((name) => name !== "");
}
