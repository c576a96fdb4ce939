/**
 * What earlier runs on this machine found out, by kind and key. Only ever a shortcut: whoever asks
 * must be able to find it out again, and must check that what comes back has the right form.
 */
export interface Memory {
  /** Undefined when nothing is kept, or what is kept cannot be read. Never throws. */
  recall(kind: MemoryKind, key: string): Promise<Uint8Array | undefined>;
  /** Keeps it, or says in the log that it could not. Never throws. */
  remember(kind: MemoryKind, key: string, bytes: Uint8Array): Promise<void>;
}

/** What is remembered: one folder each. */
export type MemoryKind = "layers" | "scans" | "images";
