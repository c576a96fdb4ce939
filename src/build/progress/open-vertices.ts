// What solves are waiting for, for a log that would else say nothing: a registry that accepts and does
// not answer, say, of which BuildKit tells no more than that something has begun.

import { clipMiddle } from "../../clip.ts";
import type { Host } from "../../host/host.ts";
import { oneLine } from "../../one-line.ts";
import type { Progress } from "./progress.ts";

/** Something that has begun and not ended. */
export interface OpenVertex {
  /** Hostile text. */
  readonly name: string;
  /** Milliseconds since 1970, by our clock. */
  readonly since: number;
}

/** Follows solves: which of their vertices have begun and not ended. */
export class OpenVertices {
  readonly #open = new Map<object, Map<string, OpenVertex>>();

  /** Takes one line of a solve's progress in. */
  follow({ vertices }: Progress, solve: object): void {
    const open = this.#open.get(solve) ?? new Map<string, OpenVertex>();
    this.#open.set(solve, open);
    for (const { digest, name, started, completed } of vertices) {
      if (completed !== undefined) open.delete(digest);
      else if (started !== undefined && !open.has(digest)) {
        open.set(digest, { name, since: Date.now() });
      }
    }
  }

  /** Tells that a solve is over. */
  end(solve: object): void {
    this.#open.delete(solve);
  }

  /** Tells of something that is no solve, for as long as it takes. */
  async during<Result>(name: string, work: Promise<Result>): Promise<Result> {
    const waiting = {};
    this.#open.set(waiting, new Map([[name, { name, since: Date.now() }]]));
    try {
      return await work;
    } finally {
      this.end(waiting);
    }
  }

  /** The oldest first, each name once. */
  list(): readonly OpenVertex[] {
    const all = [...this.#open.values()].flatMap((open) => [...open.values()]);
    const sorted = all.toSorted((left, right) => left.since - right.since);
    return [...Map.groupBy(sorted, ({ name }) => plain(name)).values()].flatMap(
      ([first]) => first ?? [],
    );
  }
}

/** In milliseconds. */
const MINUTE = 60_000;

/** Of more no more is told than how many there are. */
const MOST_TOLD = 3;

const NAME_CHARACTERS = 120;

/** Says what is waited for when nothing else has been said for a minute, and each minute after that. */
export class WaitTeller implements Disposable {
  readonly #log: Pick<Host["log"], "info">;
  readonly #timer: NodeJS.Timeout;
  #saidAt = Date.now();
  #open: () => readonly OpenVertex[] = () => [];

  constructor(log: Pick<Host["log"], "info">) {
    this.#log = log;
    this.#timer = setInterval(() => this.#check(), MINUTE / 20).unref();
  }

  /** Whose solves it is about from now on. */
  watch(open: () => readonly OpenVertex[]): void {
    this.#open = open;
  }

  /** Something else was said. */
  said(): void {
    this.#saidAt = Date.now();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const open = this.#open().filter(({ since }) => Date.now() - since >= MINUTE);
    if (Date.now() - this.#saidAt < MINUTE || open.length === 0) return;
    const told = open.slice(0, MOST_TOLD).map(({ name, since }) => {
      const minutes = Math.floor((Date.now() - since) / MINUTE);
      return `${clipMiddle(plain(name), NAME_CHARACTERS)}, ${minutes} min`;
    });
    const more = open.length > told.length ? [`${open.length - told.length} more`] : [];
    this.#log.info(`waiting for ${[...told, ...more].join("; ")}`);
    this.said();
  }
}

/**
 * `[image0-stage0 app 2/2] COPY a b` -> `[app 2/2] COPY …`: buildx begins with the target, which is ours,
 * and has the values of build arguments in what it says of a step.
 */
function plain(name: string): string {
  return oneLine(name)
    .replace(/^\[image\d+-stage\d+(?: |(?=\]))/, "[")
    .replace(/^\[(?:internal)?\] /, "")
    .replace(/^(\[[^\]]*\d+\/\d+\] (?!FROM )\S+) .*/s, "$1 …");
}
