// A program that gives its output bit by bit, and may stop to without ending.

/** Fires when nothing has come for too long. */
export class SilenceWatch implements Disposable {
  readonly #milliseconds: number;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** @param seconds that it may take until the first bytes come, and any others after them */
  constructor(seconds: number) {
    this.#milliseconds = seconds * 1000;
    this.#heard();
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The same bytes, listened to. */
  async *listening(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      this.#heard();
      yield piece;
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stop.abort(), this.#milliseconds).unref();
  }
}
